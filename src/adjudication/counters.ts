/**
 * Balances of the counters a bill may read, by canonical key `owner:ownerId|counter id|period|key`,
 * each a signed sum of contributions in the counter's unit (fen, days, times, ten-thousandths). A key that is absent is 0.
 */
export type Counters = ReadonlyMap<string, number>

/** One counter touched by a settlement. */
export interface CounterChange {
  readonly key: string
  readonly unit: 'fen' | 'days' | 'times' | 'quantity'
  readonly before: number
  readonly after: number
}
