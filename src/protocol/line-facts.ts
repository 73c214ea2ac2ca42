import { FACTS } from '../rules/facts.ts'
import { nationalNames } from './fact-sections.ts'
import { isObject } from './section.ts'

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
    // A line that states no id has its place in the bill for one, as its reader gives it.
    const id = statedId(line) ?? String(index + 1)
    facts.set(id, Object.fromEntries(Object.entries(line).filter(([key]) => NAMES.has(key))))
  }
  return facts
}

/** null and "" are not stated. */
function statedId(line: Readonly<Record<string, unknown>>): string | undefined {
  for (const key of ['id', 'feedetl_sn']) {
    const id = line[key]
    if (typeof id === 'string' && id !== '') return id
  }
  return undefined
}
