import { counterText } from '../../src/adjudication/counter-key.ts'
import type { Contribution } from '../../src/ledger/record.ts'

export function opposite(contributions: readonly Contribution[]): readonly Contribution[] {
  return contributions.map(([key, amount]) => [key, 0 - amount])
}

/** By canonical key of the counter; no zeros. */
export function sums(contributions: readonly Contribution[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>()
  for (const [key, amount] of contributions) {
    const text = counterText(key)
    all.set(text, (all.get(text) ?? 0) + amount)
  }
  return new Map([...all].filter(([, amount]) => amount !== 0))
}
