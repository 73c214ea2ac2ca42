import type { CompiledBenefit } from '../rules/compiled.ts'
import type { Limit, LimitOn } from '../rules/pack.ts'
import type { Slot } from './counter-book.ts'
import type { LimitUse } from './explanation.ts'
import { slotOf, type LayerContext } from './layer-context.ts'

/** A limit whose condition holds, with what is left of it. */
export interface OpenLimit {
  readonly limit: Limit
  readonly slot: Slot
  readonly amount: number
  readonly used: number
  readonly room: number
  bound: boolean
}

const NONE: readonly OpenLimit[] = []

/** Every limit of the benefit that applies now, but the per-line ones on quantity. */
export function openLimits(layer: LayerContext, compiled: CompiledBenefit): readonly OpenLimit[] {
  if (compiled.limits.length === 0) return NONE
  const found = layer.state.work.limits
  let count = 0
  for (const { limit, when, amount: amountOf, counter } of compiled.limits) {
    if (limit.on === 'quantity') continue
    if (when !== undefined && !when(layer.frame)) continue
    const amount = amountOf(layer.frame)
    const slot = slotOf(layer, counter)
    const used = slot.now
    found[count] = { limit, slot, amount, used, room: Math.max(0, amount - used), bound: false }
    count += 1
  }
  return count === 0 ? NONE : found.slice(0, count)
}

/**
 * Whether the limits on times leave one. Asked before anything else of a benefit, so that one that is used up needs no facts
 * for its other limits.
 */
export function hasTimesLeft(layer: LayerContext, compiled: CompiledBenefit): boolean {
  for (const { limit, when, amount, counter } of compiled.limits) {
    if (limit.on !== 'times') continue
    if (when !== undefined && !when(layer.frame)) continue
    if (amount(layer.frame) <= slotOf(layer, counter).now) return false
  }
  return true
}

/** Cuts `value` to the limits on `on` and marks those that cut it. */
export function cutBy(limits: readonly OpenLimit[], on: LimitOn, value: number): number {
  let result = value
  for (const item of limits) {
    if (item.limit.on !== on || item.room >= value) continue
    item.bound = true
    result = Math.min(result, item.room)
  }
  return result
}

export function limitUses(limits: readonly OpenLimit[]): LimitUse[] {
  return limits.map(({ limit, amount, used, room, bound }) => ({
    id: limit.id,
    on: limit.on,
    ...(limit.clause !== undefined && { clause: limit.clause }),
    amount,
    used,
    room,
    bound,
  }))
}
