import type { Benefit } from '../../src/rules/pack.ts'
import { applies, type Layer } from './benefit.ts'
import { smallestRoom } from './benefit-base.ts'
import { sum } from './exact.ts'
import { keyOf, limitsOn, valueContext } from './layer-context.ts'
import { money, whole } from './values.ts'

/** Money to the patient beside the split, fen. */
export interface OracleFixed {
  readonly payer: string
  readonly benefit: string
  readonly amount: number
}

/** Once for a bill, whatever its segments: only the first one pays. */
export function payFixed(benefit: Benefit, layer: Layer, fixed: OracleFixed[]): void {
  if (layer.segment.index > 0 || !applies(benefit, layer)) return
  const context = valueContext(layer)
  const rule = benefit.fixed
  if (rule === undefined) return
  const each = money(rule.amount, context)
  const dayRooms = limitsOn(benefit, layer, 'days')
  const days = rule.per === 'day' ? Math.min(paidDays(benefit, layer), smallestRoom(dayRooms)) : 0
  const full = rule.per === 'day' ? each * days : each
  const moneyRooms = limitsOn(benefit, layer, 'payment')
  const amount = Math.min(full, smallestRoom(moneyRooms))
  const once = amount > 0 ? 1 : 0
  for (const limit of dayRooms) layer.ledger.add(limit.key, days)
  for (const limit of moneyRooms) layer.ledger.add(limit.key, amount)
  for (const limit of limitsOn(benefit, layer, 'times')) layer.ledger.add(limit.key, once)
  for (const one of benefit.counts) {
    const does: Readonly<Record<string, number>> = { payment: amount, days, times: once }
    layer.ledger.add(keyOf(layer, one.counter), does[one.what] ?? 0)
  }
  if (amount > 0) fixed.push({ payer: layer.payer.key, benefit: benefit.id, amount: sum([amount]) })
}

function paidDays(benefit: Benefit, layer: Layer): number {
  const context = valueContext(layer)
  const rule = benefit.fixed
  const days = rule?.days === undefined ? Number(layer.visit['days']) : whole(rule.days, context)
  const waiting = rule?.waitingDays === undefined ? 0 : whole(rule.waitingDays, context)
  return Math.max(0, days - waiting)
}
