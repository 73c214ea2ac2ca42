import { assert } from '../assert.ts'
import { allocateInto } from '../money/allocate.ts'
import { applyRatio } from '../money/rate.ts'
import { CATEGORY_COUNT } from '../rules/category.ts'
import { FactMissing, type CompiledBenefit, type CompiledItemLimit } from '../rules/compiled.ts'
import type { CounterUnit } from '../rules/pack.ts'
import type { Slot } from './counter-book.ts'
import { cutBy, type OpenLimit } from './limit-room.ts'
import { enterLine, slotOf, type LayerContext } from './layer-context.ts'
import { sumAt, sumOf, type WorkLine } from './split-state.ts'
import type { Selection } from './workspace.ts'

/** What a limit on quantities or items accepted and puts into its counter. */
export interface ItemUse {
  readonly slot: Slot
  readonly unit: CounterUnit
  readonly what: 'quantity' | 'item'
  readonly amount: number
}

/** What limits of one benefit have put into counters so far, in order and by counter. */
export class ItemUses {
  readonly list: ItemUse[] = []
  #pending: Map<Slot, number> | undefined

  put(use: ItemUse): void {
    this.list.push(use)
    this.#pending ??= new Map()
    this.#pending.set(use.slot, this.pendingOn(use.slot) + use.amount)
  }

  pendingOn(slot: Slot): number {
    return this.#pending?.get(slot) ?? 0
  }
}

/** Quantities are held in ten-thousandths. */
const QUANTITY_UNITS = 10_000

/** Keeps lines of the first dates that the limits on days have room for, and notes how many dates stay. */
export function keepDays(
  layer: LayerContext,
  selection: Selection,
  limits: readonly OpenLimit[],
): void {
  const { kept, count } = selection
  const lines = chosenLines(layer, selection)
  const dates = [...new Set(lines.map((line) => line.day))].sort((a, b) => a - b)
  const room = cutBy(limits, 'days', dates.length)
  selection.days = room
  if (dates.length <= room) return
  const allowed = new Set(dates.slice(0, room))
  selection.isCut = true
  for (let index = 0; index < count; index += 1) {
    if (!allowed.has(lineOf(layer, selection, index).day)) kept[index] = 0
  }
}

/** Lines with chosen cells, in order. */
export function chosenLines(
  { state }: LayerContext,
  { cells, count }: Selection,
): readonly WorkLine[] {
  const lines: WorkLine[] = []
  let last = -1
  for (let index = 0; index < count; index += 1) {
    const at = Math.floor((cells[index] ?? 0) / CATEGORY_COUNT)
    const line = state.lines[at]
    if (at !== last && line !== undefined) lines.push(line)
    last = at
  }
  return lines
}

function lineOf(layer: LayerContext, selection: Selection, index: number): WorkLine {
  const line = layer.state.lines[Math.floor((selection.cells[index] ?? 0) / CATEGORY_COUNT)]
  assert(line !== undefined, 'a cell belongs to a line')
  return line
}

/**
 * Cuts lines to what is left of the limits on quantities, in the order of the lines: of each as much as the tightest limit
 * leaves, and that much uses up all of them.
 */
export function cutQuantities(
  layer: LayerContext,
  compiled: CompiledBenefit,
  selection: Selection,
  uses: ItemUses,
): void {
  const { frame } = layer
  const { kept, cells, count } = selection
  const applying = compiled.limits.filter(
    ({ limit, when }) => limit.on === 'quantity' && (when === undefined || when(frame)),
  )
  if (applying.length === 0) return
  let next = 0
  for (const line of chosenLines(layer, selection)) {
    const places: number[] = []
    const end = (line.index + 1) * CATEGORY_COUNT
    for (; next < count && (cells[next] ?? end) < end; next += 1) places.push(next)
    const total = sumAt(kept, places)
    // What limits on days took away altogether uses up no quantity.
    if (total === 0) continue
    if (line.quantity === undefined) throw new FactMissing('line.quantity', `lines.${line.id}`)
    enterLine(frame, line)
    const slots = new Set<Slot>()
    let covered = line.quantity
    for (const { amount, counter } of applying) {
      const slot = slotOf(layer, counter)
      slots.add(slot)
      const room = amount(frame) * QUANTITY_UNITS - slot.now - uses.pendingOn(slot)
      covered = Math.min(covered, Math.max(0, room))
    }
    enterLine(frame, undefined)
    for (const slot of slots) {
      uses.put({ slot, unit: 'quantity', what: 'quantity', amount: covered })
    }
    if (covered === line.quantity) continue
    capCells(kept, places, applyRatio(total, covered, line.quantity))
    selection.isCut = true
  }
}

/** Cuts groups of cells, a line, an item or a day, to an item limit. */
export function cutItems(
  layer: LayerContext,
  selection: Selection,
  compiled: CompiledItemLimit,
  uses: ItemUses,
): void {
  const { frame } = layer
  const { kept } = selection
  for (const { line, places } of groupsOf(layer, selection, compiled).values()) {
    enterLine(frame, line)
    const total = sumAt(kept, places)
    let cap = compiled.amount(frame)
    if (compiled.limit.per === 'unit') cap = unitCap(cap, line)
    if (compiled.counter !== undefined) {
      const slot = slotOf(layer, compiled.counter)
      cap = Math.max(0, cap - slot.now - uses.pendingOn(slot))
      uses.put({ slot, unit: 'fen', what: 'item', amount: Math.min(total, cap) })
    }
    if (total <= cap) continue
    capCells(kept, places, cap)
    selection.isCut = true
  }
  enterLine(frame, undefined)
}

interface ItemGroup {
  readonly line: WorkLine
  readonly places: number[]
}

function groupsOf(
  layer: LayerContext,
  selection: Selection,
  compiled: CompiledItemLimit,
): ReadonlyMap<string, ItemGroup> {
  const groups = new Map<string, ItemGroup>()
  for (let index = 0; index < selection.count; index += 1) {
    // What limits before this one took away altogether neither uses it up nor decides which group comes first.
    if ((selection.kept[index] ?? 0) === 0) continue
    const line = lineOf(layer, selection, index)
    enterLine(layer.frame, line)
    if (compiled.lines !== undefined && !compiled.lines(layer.frame)) continue
    const name = groupName(compiled, line)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { line, places: [index] })
    else group.places.push(index)
  }
  return groups
}

function unitCap(amount: number, line: WorkLine): number {
  if (line.quantity === undefined) throw new FactMissing('line.quantity', `lines.${line.id}`)
  // More than there is money: such a cap never binds. The estimate is at most a few fen off.
  if ((amount / QUANTITY_UNITS) * line.quantity > Number.MAX_SAFE_INTEGER - 64) return Infinity
  return applyRatio(amount, line.quantity, QUANTITY_UNITS)
}

function groupName(compiled: CompiledItemLimit, line: WorkLine): string {
  switch (compiled.limit.per) {
    case 'line':
    case 'unit':
      return String(line.index)
    case 'day':
      return String(line.day)
    case 'item': {
      const code = line.facts['code']
      if (typeof code !== 'string') throw new FactMissing('line.code', compiled.limit.per)
      return code
    }
  }
}

/** Leaves `cap` in the cells at `places`, by largest remainder in proportion to what they hold. */
export function capCells(amounts: Float64Array, places: readonly number[], cap: number): void {
  const group = Float64Array.from(places, (place) => amounts[place] ?? 0)
  if (sumOf(group) === 0) return
  allocateInto(cap, group, group.length, group)
  places.forEach((place, index) => {
    amounts[place] = group[index] ?? 0
  })
}
