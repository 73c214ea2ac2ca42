import { compileBenefit } from '../../rules/compile/benefits.ts'
import { compileCondition } from '../../rules/compile/conditions.ts'
import { packScope, type PackScope } from '../../rules/compile/pack-scope.ts'
import type { RulePack } from '../../rules/pack.ts'

const KNOWN = new WeakMap<RulePack, Map<string, ReadonlySet<string>>>()

/** The facts, such as `person.age`, that one benefit of a pack reads: in its conditions, tables, keys and values. */
export function benefitFacts(pack: RulePack, benefit: string): ReadonlySet<string> {
  return known(pack, `benefit ${benefit}`, (scope) => {
    const found = pack.benefits.find(({ id }) => id === benefit)
    if (found !== undefined) compileBenefit(found, scope, '')
  })
}

/** The facts by which a pack is chosen at all. */
export function coverFacts(pack: RulePack): ReadonlySet<string> {
  return known(pack, 'covers', (scope) => {
    if (pack.covers !== undefined) compileCondition(pack.covers, scope, 'bill')
  })
}

function known(
  pack: RulePack,
  name: string,
  compile: (scope: PackScope) => void,
): ReadonlySet<string> {
  const parts = KNOWN.get(pack) ?? new Map<string, ReadonlySet<string>>()
  KNOWN.set(pack, parts)
  const earlier = parts.get(name)
  if (earlier !== undefined) return earlier
  const scope = packScope(pack)
  compile(scope)
  const facts = new Set<string>()
  for (const { expression } of scope.expressions) noteFacts(expression.term, facts)
  parts.set(name, facts)
  return facts
}

/** References to facts are the only parts of a term that have a group. */
function noteFacts(part: unknown, facts: Set<string>): void {
  if (typeof part !== 'object' || part === null) return
  if ('group' in part && 'name' in part) facts.add(`${String(part.group)}.${String(part.name)}`)
  for (const inner of Object.values(part)) noteFacts(inner, facts)
}
