import type { CounterUnit } from '../rules/pack.ts'
import type { BenefitAmounts, BenefitOutcome } from './benefit.ts'
import type { Slot } from './counter-book.ts'
import type { CounterMeasure } from './explanation.ts'
import { slotOf, type LayerContext } from './layer-context.ts'
import type { OpenLimit } from './limit-room.ts'

/** Takes one signed amount, not zero, into a counter. */
export type PutCounter = (
  layer: LayerContext,
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
  for (let index = 0; index < limits.length; index += 1) {
    const item = limits[index]
    if (item === undefined || isDeductible(amounts, item.slot, item.limit.on)) continue
    if (isLimited(limits, index, item.slot, item.limit.on)) continue
    const { on, counter } = item.limit
    put(layer, putAny, item.slot, counter.unit, on, measure(layer, amounts, on))
  }
  for (const { slot, unit, what, amount } of base.uses) {
    put(layer, putAny, slot, unit, what, amount)
  }
  for (let index = 0; index < compiled.counts.length; index += 1) {
    const count = compiled.counts[index]
    if (count === undefined) continue
    const { counter, what } = count
    const slot = slotOf(layer, counter)
    if (isDeductible(amounts, slot, what) || isLimited(limits, limits.length, slot, what)) continue
    const isSame = (other: (typeof compiled.counts)[number]): boolean =>
      other.what === what && slotOf(layer, other.counter) === slot
    if (compiled.counts.slice(0, index).some(isSame)) continue
    put(layer, putAny, slot, counter.definition.unit, what, measure(layer, amounts, what))
  }
}

/** The deductible has put its own measure in already. */
function isDeductible({ deductible }: BenefitAmounts, slot: Slot, what: CounterMeasure): boolean {
  return what === 'deductible' && slot === deductible?.slot
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
