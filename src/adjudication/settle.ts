import { openAdjudicator, type SettleOptions } from './adjudicator.ts'
import type { Bill } from './bill.ts'
import type { CounterBalances, Counters } from './counters.ts'
import type { Coverage } from './coverage.ts'
import type { InForce } from './in-force.ts'
import type { Refusal, Settlement } from './settlement.ts'

/**
 * Splits a bill over every payer's rules (design section 7): each fen of each line has exactly one payer.
 *
 * Pure: the same bill, coverage, counters and rules give the same bytes. What a bill or a pack makes impossible is a
 * `Refusal` with codes; a broken invariant throws `InvariantError`. Amounts are fen, rounded half away from zero
 * where a rate is applied; spreads go by largest remainder, ties to the earlier line.
 *
 * For one bill. Who settles many under the same rules opens an adjudicator and keeps it.
 */
export function settle(
  bill: Bill,
  coverage: Coverage,
  counters: CounterBalances | Counters,
  inForce: InForce,
  options: SettleOptions = {},
): Settlement | Refusal {
  const result = openAdjudicator(inForce).adjudicate(bill, coverage, counters, options)
  return result.kind === 'refusal' ? result : result.settlement()
}
