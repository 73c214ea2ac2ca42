import type { CompiledBenefit } from '../rules/compiled.ts'
import type { Limit, LimitOn } from '../rules/pack.ts'
import type { SelectionRooms } from './benefit-base.ts'
import type { LimitUse } from './explanation.ts'
import { keyOf, type LayerContext } from './layer-context.ts'

/** A limit whose condition holds, with what is left of it. */
export interface OpenLimit {
  readonly limit: Limit
  readonly key: string
  readonly amount: number
  readonly used: number
  readonly room: number
  bound: boolean
}

type CompiledLimit = CompiledBenefit['limits'][number]

/** Every limit of the benefit that applies now, but the per-line ones on quantity. */
export function openLimits(layer: LayerContext, compiled: CompiledBenefit): OpenLimit[] {
  return applying(layer, compiled)
    .filter(({ limit }) => limit.on !== 'quantity')
    .map(({ limit, amount: amountOf, counter }) => {
      const amount = amountOf(layer.frame)
      const key = keyOf(layer, counter)
      const used = layer.state.book.read(key)
      return { limit, key, amount, used, room: Math.max(0, amount - used), bound: false }
    })
}

function applying(layer: LayerContext, compiled: CompiledBenefit): readonly CompiledLimit[] {
  return compiled.limits.filter(({ when }) => when === undefined || when(layer.frame))
}

/** Smallest room of the limits on `on`; Infinity without any. */
export function roomOn(limits: readonly OpenLimit[], on: LimitOn): number {
  let room = Infinity
  for (const item of limits) if (item.limit.on === on) room = Math.min(room, item.room)
  return room
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

/** Rooms of the limits that act while cells are selected. */
export function selectionRooms(
  layer: LayerContext,
  compiled: CompiledBenefit,
  limits: readonly OpenLimit[],
): SelectionRooms {
  const quantities = applying(layer, compiled)
    .filter(({ limit }) => limit.on === 'quantity')
    .map(({ amount, counter }) => ({
      roomOf: (line: { readonly facts: LayerContext['frame']['person'] }) => {
        layer.frame.line = line.facts
        const key = keyOf(layer, counter)
        const room = amount(layer.frame) * QUANTITY_UNITS - layer.state.book.read(key)
        layer.frame.line = undefined
        return { key, room }
      },
    }))
  return { days: roomOn(limits, 'days'), quantities }
}

/** Quantities are held in ten-thousandths. */
const QUANTITY_UNITS = 10_000

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
