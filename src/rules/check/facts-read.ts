import { compileInto } from '../compile/compile-pack.ts'
import { packScope } from '../compile/pack-scope.ts'
import type { RulePack } from '../pack.ts'

/** Every fact that a condition, table, key or value of the pack names, such as `person.age`, in alphabetical order. */
export function factsRead(pack: RulePack): readonly string[] {
  const scope = packScope(pack)
  compileInto(scope)
  const facts = new Set<string>()
  for (const { expression } of scope.expressions) noteFacts(expression.term, facts)
  return [...facts].toSorted()
}

/** References to facts are the only parts of a term that have a group. */
function noteFacts(part: unknown, facts: Set<string>): void {
  if (typeof part !== 'object' || part === null) return
  if ('group' in part && 'name' in part) facts.add(`${String(part.group)}.${String(part.name)}`)
  for (const inner of Object.values(part)) noteFacts(inner, facts)
}
