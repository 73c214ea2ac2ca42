import { FACTS } from '../rules/facts.ts'
import { nationalNames } from './fact-sections.ts'
import { isObject } from './section.ts'
import { lineIdAt } from './stated-lines.ts'

const NOT_FACTS: ReadonlySet<string> = new Set(['id', 'amount', 'unitPrice'])
const NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(FACTS.line).filter((name) => !NOT_FACTS.has(name)),
  ...[...nationalNames('line')].filter(([, name]) => !NOT_FACTS.has(name)).map(([key]) => key),
])

/** What line documents say of their lines besides amounts, by line id: what a supplement's line may repeat. */
export function lineFacts(lines: unknown): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  const facts = new Map<string, Readonly<Record<string, unknown>>>()
  if (!Array.isArray(lines)) return facts
  for (const [index, line] of (lines as readonly unknown[]).entries()) {
    if (!isObject(line)) continue
    const id = lineIdAt(line, index)
    facts.set(id, Object.fromEntries(Object.entries(line).filter(([key]) => NAMES.has(key))))
  }
  return facts
}
