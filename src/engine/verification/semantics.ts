import { SEMANTICS } from '../../adjudication/settlement.ts'
import { evaluateBill } from '../evaluate-bill.ts'

/**
 * How a bill is adjudicated, by number of the semantics. A change that alters an amount gets a new number; what was in force before it
 * stays here under its own, frozen.
 */
export const ADJUDICATIONS: ReadonlyMap<number, typeof evaluateBill> = new Map([
  [SEMANTICS, evaluateBill],
])

/** The numbers, for messages. */
export function knownSemantics(): string {
  return [...ADJUDICATIONS.keys()].join(', ')
}
