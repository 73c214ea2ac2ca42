import type { Benefit } from '../../src/rules/pack.ts'
import { applies, type Layer } from './benefit.ts'
import { smallestRoom } from './benefit-base.ts'
import { Refused } from './conditions.ts'
import { sum } from './exact.ts'
import { keyOf, limitsOn, valueContext } from './layer-context.ts'
import { money, whole } from './values.ts'

/** Money to the patient beside the split, fen. */
export interface OracleFixed {
  readonly payer: string
  readonly benefit: string
  readonly amount: number
}

/** Once for a bill, whatever its segments: only the first one that has the pack pays. */
export function payFixed(benefit: Benefit, layer: Layer, fixed: OracleFixed[]): void {
  if (!layer.first || !applies(benefit, layer)) return
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
  const does: Readonly<Record<string, number>> = { payment: amount, days, times: once }
  const timeRooms = limitsOn(benefit, layer, 'times')
  const counted = new Map<string, { key: string; what: string }>()
  for (const { key, limit } of [...dayRooms, ...moneyRooms, ...timeRooms]) {
    counted.set(`${limit.on} ${key}`, { key, what: limit.on })
  }
  for (const { counter, what } of benefit.counts) {
    const key = keyOf(layer, counter)
    counted.set(`${what} ${key}`, { key, what })
  }
  for (const { key, what } of counted.values()) layer.ledger.add(key, does[what] ?? 0)
  if (amount > 0) fixed.push({ payer: layer.payer.key, benefit: benefit.id, amount: sum([amount]) })
}

function paidDays(benefit: Benefit, layer: Layer): number {
  const context = valueContext(layer)
  const rule = benefit.fixed
  const { days: stayed } = layer.visit
  if (rule?.days === undefined && typeof stayed !== 'number') {
    throw new Refused('FACT_MISSING', 'visit.days')
  }
  const days = rule?.days === undefined ? Number(stayed) : whole(rule.days, context)
  const waiting = rule?.waitingDays === undefined ? 0 : whole(rule.waitingDays, context)
  return Math.max(0, days - waiting)
}
