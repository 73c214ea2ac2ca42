import type { CounterUnit } from '../rules/pack.ts'
import type { BenefitOutcome } from './benefit.ts'
import type { Slot } from './counter-book.ts'
import type { CounterMeasure } from './explanation.ts'
import { slotOf, type LayerContext } from './layer-context.ts'

/** Takes one signed amount into a counter. */
export type PutCounter = (
  slot: Slot,
  unit: CounterUnit,
  what: CounterMeasure,
  amount: number,
) => void

/** What a computed benefit puts into its counters: deductible, axis, limits, item limits and declared counts. */
export function countBenefit(
  layer: LayerContext,
  { compiled, base, limits, amounts }: BenefitOutcome,
  put: PutCounter,
): void {
  const { deductible, axis } = amounts
  if (deductible !== undefined) {
    put(deductible.slot, 'fen', 'deductible', deductible.filled + amounts.taken)
  }
  if (axis !== undefined) {
    const before = compiled.bands?.axis === 'aboveDeductible' ? 0 : amounts.takenBefore
    put(axis, 'fen', 'bands', before + amounts.ratedBase)
  }
  const measure = (what: CounterMeasure): number => {
    switch (what) {
      case 'payment':
        return amounts.payment
      case 'base':
        return amounts.base
      case 'baseAfterDeductible':
        return amounts.ratedBase
      case 'deductible':
        return (deductible?.filled ?? 0) + amounts.taken
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
  for (const { limit, slot } of limits) put(slot, limit.counter.unit, limit.on, measure(limit.on))
  for (const { slot, unit, what, amount } of base.uses) put(slot, unit, what, amount)
  for (const { counter, what } of compiled.counts) {
    put(slotOf(layer, counter), counter.definition.unit, what, measure(what))
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
