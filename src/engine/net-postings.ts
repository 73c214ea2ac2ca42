import { NO_COUNTERS } from '../adjudication/counter-sums.ts'
import type { Contribution, Posting } from '../ledger/record.ts'

/** Postings added up pair by pair, an entry the other way round taken off; nothing where they level out. */
export function netPostings(...lists: readonly (readonly Posting[])[]): readonly Posting[] {
  const sums = new Map<string, [from: string, to: string, amount: number]>()
  for (const list of lists) {
    for (const [from, to, amount] of list) {
      const back = sums.get(`${to}>${from}`)
      if (back !== undefined) {
        back[2] -= amount
        continue
      }
      const known = sums.get(`${from}>${to}`)
      if (known === undefined) sums.set(`${from}>${to}`, [from, to, amount])
      else known[2] += amount
    }
  }
  return [...sums.values()].flatMap(([from, to, amount]): Posting[] => {
    if (amount === 0) return []
    return [amount > 0 ? [from, to, amount] : [to, from, 0 - amount]]
  })
}

export function opposite(postings: readonly Posting[]): readonly Posting[] {
  return postings.map(([from, to, amount]) => [to, from, amount])
}

/** Contributions added up by key; nothing where they come to zero. */
export function netContributions(
  ...lists: readonly (readonly Contribution[])[]
): readonly Contribution[] {
  return [...NO_COUNTERS.plus(lists.flat())]
}

export function negated(contributions: readonly Contribution[]): readonly Contribution[] {
  return contributions.map(([key, amount]) => [key, 0 - amount])
}
