import { assert } from '../assert.ts'
import { fen } from '../money/fen.ts'
import { FactMissing, ValueUndefined, type CompiledBenefit } from '../rules/compiled.ts'
import { isOpen } from './benefit.ts'
import { contribute, type Contribution } from './counter-uses.ts'
import { slotOf, type LayerContext } from './layer-context.ts'
import { cutBy, hasTimesLeft, limitUses, openLimits, type OpenLimit } from './limit-room.ts'

/**
 * Pays a fixed benefit (daily allowance, lump sum) to the patient beside the split; it reduces no other payer. Once a bill,
 * with the first segment that has the pack.
 */
export function payFixed(layer: LayerContext, compiled: CompiledBenefit): void {
  const { benefit } = compiled
  const { state, frame } = layer
  const rule = benefit.fixed
  assert(rule !== undefined && compiled.fixed !== undefined, 'a fixed benefit says what it pays')
  if (!layer.isFirst || !isOpen(layer, compiled) || !hasTimesLeft(layer, compiled)) return
  const limits = openLimits(layer, compiled)
  const amountEach = compiled.fixed.amount(frame)
  const days = rule.per === 'day' ? daysOf(layer, compiled) : 1
  const waitingDays = rule.per === 'day' ? (compiled.fixed.waitingDays?.(frame) ?? 0) : 0
  const counted = Math.max(0, days - waitingDays)
  const paidDays = rule.per === 'day' ? cutBy(limits, 'days', counted) : 1
  if (!Number.isSafeInteger(amountEach * paidDays)) {
    const where = `benefits[${layer.compiled.benefits.indexOf(compiled)}].fixed.amount`
    throw new ValueUndefined(where, 'outOfRange')
  }
  const payment = cutBy(limits, 'payment', amountEach * paidDays)
  const contributions = fixedContributions(layer, compiled, limits, payment, paidDays)
  const counters = contribute(state.book, contributions)
  const policyId = layer.policy?.['id']
  const { pack } = layer.compiled
  if (payment > 0) {
    state.fixed.push({
      pack: pack.id,
      benefit: benefit.id,
      ...(typeof policyId === 'string' && { policyId }),
      payerId: pack.payer.id,
      amount: fen(payment),
      ...(rule.per === 'day' && { days: paidDays }),
    })
  }
  if (!state.recording) return
  state.steps.push({
    step: 'fixed',
    pack: pack.id,
    benefit: benefit.id,
    titleZh: benefit.title.zh,
    titleEn: benefit.title.en,
    clause: benefit.clause,
    payerId: pack.payer.id,
    per: rule.per,
    amountEach,
    days,
    waitingDays,
    paidDays,
    limits: limitUses(limits),
    payment,
    counters,
  })
}

function daysOf(layer: LayerContext, compiled: CompiledBenefit): number {
  const stated = compiled.fixed?.days
  if (stated !== undefined) return Math.max(0, stated(layer.frame))
  const days = layer.frame.visit['days']
  if (typeof days !== 'number') throw new FactMissing('visit.days', 'fixed')
  return days
}

function fixedContributions(
  layer: LayerContext,
  compiled: CompiledBenefit,
  limits: readonly OpenLimit[],
  payment: number,
  days: number,
): Contribution[] {
  const perDay = compiled.benefit.fixed?.per === 'day'
  const measure = (what: string): number => {
    if (what === 'payment') return payment
    if (what === 'days') return perDay ? days : 0
    return what === 'times' && payment > 0 ? 1 : 0
  }
  const own = limits.map(({ limit, slot }) => ({
    slot,
    unit: limit.counter.unit,
    amount: measure(limit.on),
    what: limit.on,
  }))
  const counted = compiled.counts.map(({ counter, what }) => ({
    slot: slotOf(layer, counter),
    unit: counter.definition.unit,
    amount: measure(what),
    what,
  }))
  const all = [...own, ...counted]
  return all.filter(
    ({ slot, what, amount }, index) =>
      amount !== 0 &&
      all.findIndex((other) => other.slot === slot && other.what === what) === index,
  )
}
