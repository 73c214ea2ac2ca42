/** Balances of counters as documents state them, by canonical key; see `CounterBalances`. */
export type Counters = ReadonlyMap<string, number>

/**
 * Balances of the counters a bill may read, each a signed sum of contributions in the counter's unit (fen, days, times,
 * ten-thousandths), asked for by the parts of a `CounterKey`. A counter that nothing was put into is 0.
 */
export interface CounterBalances {
  readonly amountOf: (owner: string, id: string, rest: string) => number
}

/** One counter touched by a settlement. */
export interface CounterChange {
  readonly key: string
  readonly unit: 'fen' | 'days' | 'times' | 'quantity'
  readonly before: number
  readonly after: number
}
