import type { Benefit, CounterDefinition, RulePack } from '../pack.ts'

/** Every counter that a benefit adds to, once for each place that does. */
function filledCounters(benefit: Benefit): readonly CounterDefinition[] {
  const { bands, counts, deductible, itemLimits, limits } = benefit
  return [
    deductible?.counter,
    bands?.counter,
    ...itemLimits.map((limit) => limit.counter),
    ...limits.map((limit) => limit.counter),
    ...counts.map((count) => count.counter),
  ].filter((counter) => counter !== undefined)
}

export function contributions(pack: RulePack): readonly CounterDefinition[] {
  return pack.benefits.flatMap(filledCounters)
}

/** A place that reads what a declared counter holds. */
export interface CounterRead {
  readonly name: string
  readonly where: string
}

/** Every `{ counter: name }` in the pack with the path of the value. */
export function counterReads(part: unknown, where = ''): readonly CounterRead[] {
  if (typeof part !== 'object' || part === null) return []
  if ('type' in part && part.type === 'counter' && 'counter' in part) {
    return typeof part.counter === 'string' ? [{ name: part.counter, where }] : []
  }
  return Object.entries(part).flatMap(([key, inner]: [string, unknown]) =>
    counterReads(inner, placeOf(part, key, where)),
  )
}

function placeOf(part: object, key: string, where: string): string {
  if (Array.isArray(part)) return `${where}[${key}]`
  // A formula is written under the name of its operation; a table has no name of its own in the file.
  if (key === 'table') return where
  if (key === 'args' && 'op' in part) return `${where}.${String(part.op)}`
  return where === '' ? key : `${where}.${key}`
}
