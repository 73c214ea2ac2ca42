import type { CounterUnit } from '../rules/pack.ts'
import type { BenefitAmounts, BenefitOutcome } from './benefit.ts'
import type { Slot } from './counter-book.ts'
import type { CounterMeasure } from './explanation.ts'
import { slotOf, type LayerContext } from './layer-context.ts'

/** Takes one signed amount, not zero, into a counter. */
export type PutCounter = (
  layer: LayerContext,
  slot: Slot,
  unit: CounterUnit,
  what: CounterMeasure,
  amount: number,
) => void

/** What a computed benefit puts into its counters: deductible, axis, limits, item limits and declared counts. */
export function countBenefit(
  layer: LayerContext,
  { compiled, base, limits, amounts }: BenefitOutcome,
  putAny: PutCounter,
): void {
  const { deductible, axis } = amounts
  if (deductible !== undefined) {
    put(layer, putAny, deductible.slot, 'fen', 'deductible', deductible.filled + amounts.taken)
  }
  if (axis !== undefined) {
    const before = compiled.bands?.axis === 'aboveDeductible' ? 0 : amounts.takenBefore
    put(layer, putAny, axis, 'fen', 'bands', before + amounts.ratedBase)
  }
  for (const { limit, slot } of limits) {
    put(layer, putAny, slot, limit.counter.unit, limit.on, measure(layer, amounts, limit.on))
  }
  for (const { slot, unit, what, amount } of base.uses) {
    put(layer, putAny, slot, unit, what, amount)
  }
  for (const { counter, what } of compiled.counts) {
    const { unit } = counter.definition
    put(layer, putAny, slotOf(layer, counter), unit, what, measure(layer, amounts, what))
  }
}

function put(
  layer: LayerContext,
  putAny: PutCounter,
  slot: Slot,
  unit: CounterUnit,
  what: CounterMeasure,
  amount: number,
): void {
  if (amount !== 0) putAny(layer, slot, unit, what, amount)
}

/** What a benefit did, by the measure a counter takes; item limits state their own. */
function measure(layer: LayerContext, amounts: BenefitAmounts, what: CounterMeasure): number {
  switch (what) {
    case 'payment':
      return amounts.payment
    case 'base':
      return amounts.base
    case 'baseAfterDeductible':
      return amounts.ratedBase
    case 'deductible':
      return (amounts.deductible?.filled ?? 0) + amounts.taken
    case 'patientShare':
      return amounts.share
    case 'days':
      return layer.state.work.selection.days
    case 'times':
      return amounts.payment > 0 ? 1 : 0
    case 'quantity':
    case 'bands':
    case 'item':
      return 0
  }
}

/** Slots that take the payment of a benefit, whatever it is in the end. */
export function paymentSlots(
  layer: LayerContext,
  { compiled, limits }: BenefitOutcome,
): readonly { readonly slot: Slot; readonly unit: CounterUnit }[] {
  return [
    ...limits
      .filter(({ limit }) => limit.on === 'payment')
      .map(({ slot, limit }) => ({ slot, unit: limit.counter.unit })),
    ...compiled.counts
      .filter(({ what }) => what === 'payment')
      .map(({ counter }) => ({ slot: slotOf(layer, counter), unit: counter.definition.unit })),
  ]
}
