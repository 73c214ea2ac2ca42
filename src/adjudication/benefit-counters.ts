import type { CounterUnit } from '../rules/pack.ts'
import type { BenefitOutcome } from './benefit.ts'
import type { Slot } from './counter-book.ts'
import type { CounterMeasure } from './explanation.ts'
import { slotOf, type LayerContext } from './layer-context.ts'
import type { OpenLimit } from './limit-room.ts'

/** Takes one signed amount into a counter. */
export type PutCounter = (
  slot: Slot,
  unit: CounterUnit,
  what: CounterMeasure,
  amount: number,
) => void

/**
 * What a computed benefit puts into its counters: deductible, axis, limits, item limits and declared counts. Whoever names
 * a counter, the same measure of a benefit goes into it once: two caps on one running total count one payment.
 */
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
    const before = compiled.benefit.bands?.axis === 'aboveDeductible' ? 0 : amounts.takenBefore
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
  const isDeductible = (slot: Slot, what: CounterMeasure): boolean =>
    what === 'deductible' && slot === deductible?.slot
  for (let index = 0; index < limits.length; index += 1) {
    const item = limits[index]
    if (item === undefined || isDeductible(item.slot, item.limit.on)) continue
    if (isLimited(limits, index, item.slot, item.limit.on)) continue
    put(item.slot, item.limit.counter.unit, item.limit.on, measure(item.limit.on))
  }
  for (const { slot, unit, what, amount } of base.uses) put(slot, unit, what, amount)
  for (const [index, { counter, what }] of compiled.counts.entries()) {
    const slot = slotOf(layer, counter)
    if (isDeductible(slot, what) || isLimited(limits, limits.length, slot, what)) continue
    const isSame = (other: (typeof compiled.counts)[number]): boolean =>
      other.what === what && slotOf(layer, other.counter) === slot
    if (compiled.counts.slice(0, index).some(isSame)) continue
    put(slot, counter.definition.unit, what, measure(what))
  }
}

/** Whether one of the first `end` limits puts the same measure into the same counter. */
function isLimited(
  limits: readonly OpenLimit[],
  end: number,
  slot: Slot,
  what: CounterMeasure,
): boolean {
  for (let index = 0; index < end; index += 1) {
    const other = limits[index]
    if (other !== undefined && other.slot === slot && other.limit.on === what) return true
  }
  return false
}

/** Slots that take the payment of a benefit, whatever it is in the end. */
export function paymentSlots(
  layer: LayerContext,
  { compiled, limits }: BenefitOutcome,
): readonly { readonly slot: Slot; readonly unit: CounterUnit }[] {
  const units = new Map<Slot, CounterUnit>()
  for (const { limit, slot } of limits) {
    if (limit.on === 'payment') units.set(slot, limit.counter.unit)
  }
  for (const { counter, what } of compiled.counts) {
    if (what === 'payment') units.set(slotOf(layer, counter), counter.definition.unit)
  }
  return [...units].map(([slot, unit]) => ({ slot, unit }))
}
