import { assert } from '../../src/assert.ts'

/**
 * `count` seats among `items` as Zipf has it: the k-th item gets as many as its weight 1 / k says, so a few large hospitals have most of
 * the terminals. Seats left by rounding go to the largest remainders.
 */
export function zipfSeats<T>(items: readonly T[], count: number): readonly T[] {
  assert(items.length > 0, 'somebody to seat')
  const sum = items.reduce((total, _, index) => total + 1 / (index + 1), 0)
  const shares = items.map((item, index) => ({ item, exact: count / (index + 1) / sum }))
  const seats = shares.map(({ item, exact }) => ({ item, seats: Math.floor(exact), exact }))
  const left = count - seats.reduce((total, one) => total + one.seats, 0)
  const byRemainder = seats.toSorted((a, b) => b.exact - b.seats - (a.exact - a.seats))
  for (const one of byRemainder.slice(0, left)) one.seats += 1
  return seats.flatMap((one) => Array.from({ length: one.seats }, () => one.item))
}
