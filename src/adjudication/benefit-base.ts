import { assert } from '../assert.ts'
import { problem } from '../errors/problem.ts'
import { allocateInto } from '../money/allocate.ts'
import { applyRate, applyRatio } from '../money/rate.ts'
import { CATEGORIES, CATEGORY_COUNT, COLUMN, IN_SCOPE_COLUMNS } from '../rules/category.ts'
import {
  FactMissing,
  type CompiledBaseItem,
  type CompiledBenefit,
  type CompiledItemLimit,
} from '../rules/compiled.ts'
import type { Contribution } from './counter-book.ts'
import type { BenefitStep } from './explanation.ts'
import { keyOf, type LayerContext } from './layer-context.ts'
import { SettleRefused } from './refusal.ts'
import { sumOf, type WorkLine } from './split-state.ts'

/** The cells a benefit works on, ascending, and how much of each it counts. */
export interface BenefitBase {
  readonly cells: Int32Array
  /** Fen of each cell before anything was cut. */
  readonly selected: Float64Array
  /** Fen after days, quantity and item limits. */
  readonly kept: Float64Array
  /** Fen after weights and first shares: the base, cell by cell. */
  readonly weighted: Float64Array
  readonly firstShare: Float64Array
  readonly weights: BenefitStep['weights']
  readonly firstShares: BenefitStep['firstShares']
  readonly contributions: Contribution[]
  /** Lines with selected cells. */
  readonly lines: readonly WorkLine[]
  readonly days: number
}

/** Room left in the limits that count days and quantities; see `limit-room.ts`. */
export interface SelectionRooms {
  /** Infinity when no limit on days applies. */
  readonly days: number
  readonly quantities: readonly {
    /** Room and counter key for one line, ten-thousandths. */
    readonly roomOf: (line: WorkLine) => { readonly key: string; readonly room: number }
  }[]
}

/** Selects cells, then cuts them by days, quantities and item limits, weights them and takes first shares off. */
export function benefitBase(
  layer: LayerContext,
  compiled: CompiledBenefit,
  remaining: Float64Array,
  rooms: SelectionRooms,
): BenefitBase {
  const source = compiled.benefit.of === 'cost' ? layer.state.cost : remaining
  const chosen = selectCells(layer, compiled, source)
  const contributions: Contribution[] = []
  const kept = chosen.amounts.slice()
  const days = keepDays(layer, chosen, kept, rooms.days)
  for (const { roomOf } of rooms.quantities)
    keepQuantity(layer, chosen, kept, roomOf, contributions)
  for (const limit of compiled.itemLimits) keepItems(layer, chosen, kept, limit, contributions)
  const weighted = kept.slice()
  const weights = applyWeights(layer, compiled, chosen, weighted)
  const { firstShare, firstShares } = takeFirstShares(layer, compiled, weighted)
  return {
    cells: chosen.cells,
    selected: chosen.amounts,
    kept,
    weighted,
    firstShare,
    weights,
    firstShares,
    contributions,
    lines: chosen.lines,
    days,
  }
}

interface Chosen {
  readonly cells: Int32Array
  readonly amounts: Float64Array
  /** Base item each cell belongs to. */
  readonly items: Int32Array
  readonly lines: readonly WorkLine[]
}

function selectCells(layer: LayerContext, compiled: CompiledBenefit, source: Float64Array): Chosen {
  const { frame } = layer
  const room = layer.lines.length * CATEGORY_COUNT
  const cells = new Int32Array(room)
  const amounts = new Float64Array(room)
  const items = new Int32Array(room)
  const lines: WorkLine[] = []
  let count = 0
  for (const line of layer.lines) {
    frame.line = line.facts
    if (compiled.lines !== undefined && !compiled.lines(frame)) continue
    const before = count
    const first = line.index * CATEGORY_COUNT
    for (let column = 0; column < CATEGORY_COUNT; column += 1) {
      const amount = source[first + column] ?? 0
      if (amount === 0) continue
      const item = baseItemOf(layer, compiled.base, column)
      if (item < 0) continue
      cells[count] = first + column
      amounts[count] = amount
      items[count] = item
      count += 1
    }
    if (count > before) lines.push(line)
  }
  frame.line = undefined
  return {
    cells: cells.subarray(0, count),
    amounts: amounts.subarray(0, count),
    items: items.subarray(0, count),
    lines,
  }
}

/** The first base item that takes the column of the current line; −1: none. */
export function baseItemOf(
  layer: LayerContext,
  base: readonly CompiledBaseItem[],
  column: number,
): number {
  for (let index = 0; index < base.length; index += 1) {
    const item = base[index]
    assert(item !== undefined, 'a base item has an index')
    const takes =
      item.column === COLUMN.inScope ? column < IN_SCOPE_COLUMNS : item.column === column
    if (takes && (item.lines === undefined || item.lines(layer.frame))) return index
  }
  return -1
}

/** Refuses a benefit that names what a settlement made elsewhere did not state. */
export function refuseUnknownGiven(layer: LayerContext, compiled: CompiledBenefit): void {
  const { given } = layer.state.bill
  if (given === undefined || !given.kinds.includes('basic')) return
  for (const { column } of compiled.base) {
    const unknown =
      (column === COLUMN.deductible && given.deductible === undefined) ||
      (column === COLUMN.overCap && given.overCap === undefined)
    if (!unknown) continue
    const details = {
      pack: layer.compiled.pack.id,
      benefit: compiled.benefit.id,
      category: CATEGORIES[column] ?? '',
    }
    throw new SettleRefused(problem('GIVEN_LAYER_INCOMPLETE', 'given', details))
  }
}

/** Keeps lines of the first `room` distinct dates; returns how many dates stay. */
function keepDays(layer: LayerContext, chosen: Chosen, kept: Float64Array, room: number): number {
  const dates = [...new Set(chosen.lines.map((line) => line.day))].sort((a, b) => a - b)
  if (dates.length <= room) return dates.length
  const allowed = new Set(dates.slice(0, room))
  for (let index = 0; index < kept.length; index += 1) {
    if (!allowed.has(lineOf(layer, chosen, index).day)) kept[index] = 0
  }
  return allowed.size
}

function lineOf(layer: LayerContext, chosen: Chosen, index: number): WorkLine {
  const line = layer.state.lines[Math.floor((chosen.cells[index] ?? 0) / CATEGORY_COUNT)]
  assert(line !== undefined, 'a cell belongs to a line')
  return line
}

function keepQuantity(
  layer: LayerContext,
  chosen: Chosen,
  kept: Float64Array,
  roomOf: SelectionRooms['quantities'][number]['roomOf'],
  contributions: Contribution[],
): void {
  for (const line of chosen.lines) {
    const places = placesWhere(layer, chosen, (other) => other === line)
    const total = totalAt(kept, places)
    // What a limit before this one took away altogether uses up no quantity.
    if (total === 0) continue
    if (line.quantity === undefined) throw new FactMissing('line.quantity', `lines.${line.id}`)
    const { key, room } = roomOf(line)
    const covered = Math.min(line.quantity, Math.max(0, room - pendingOn(contributions, key)))
    contributions.push({ key, unit: 'quantity', amount: covered, what: 'quantity' })
    if (covered === line.quantity) continue
    capGroup(kept, places, applyRatio(total, covered, line.quantity))
  }
}

function keepItems(
  layer: LayerContext,
  chosen: Chosen,
  kept: Float64Array,
  compiled: CompiledItemLimit,
  contributions: Contribution[],
): void {
  const { frame } = layer
  const groups = new Map<string, { line: WorkLine; places: number[] }>()
  for (let index = 0; index < kept.length; index += 1) {
    const line = lineOf(layer, chosen, index)
    frame.line = line.facts
    if (compiled.lines !== undefined && !compiled.lines(frame)) continue
    const name = groupName(compiled, line)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { line, places: [index] })
    else group.places.push(index)
  }
  for (const { line, places } of groups.values()) {
    frame.line = line.facts
    const total = totalAt(kept, places)
    let cap = compiled.amount(frame)
    if (compiled.limit.per === 'unit') cap = unitCap(cap, line)
    if (compiled.counter !== undefined) {
      const key = keyOf(layer, compiled.counter)
      cap = Math.max(0, cap - layer.state.book.read(key) - pendingOn(contributions, key))
      const amount = Math.min(total, cap)
      contributions.push({ key, unit: 'fen', amount, what: 'item' })
    }
    if (total > cap) capGroup(kept, places, cap)
  }
  frame.line = undefined
}

/** What limits of this benefit have already put into the counter. */
function pendingOn(contributions: readonly Contribution[], key: string): number {
  let sum = 0
  for (const item of contributions) if (item.key === key) sum += item.amount
  return sum
}

function unitCap(amount: number, line: WorkLine): number {
  if (line.quantity === undefined) throw new FactMissing('line.quantity', `lines.${line.id}`)
  return applyRatio(amount, line.quantity, 10_000)
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

function placesWhere(
  layer: LayerContext,
  chosen: Chosen,
  belongs: (line: WorkLine) => boolean,
): number[] {
  const places: number[] = []
  for (let index = 0; index < chosen.cells.length; index += 1) {
    if (belongs(lineOf(layer, chosen, index))) places.push(index)
  }
  return places
}

function totalAt(amounts: Float64Array, places: readonly number[]): number {
  let total = 0
  for (const place of places) total += amounts[place] ?? 0
  return total
}

/** Leaves `cap` in the cells at `places`, by largest remainder in proportion to what they hold. */
function capGroup(amounts: Float64Array, places: readonly number[], cap: number): void {
  const group = Float64Array.from(places, (place) => amounts[place] ?? 0)
  if (sumOf(group) === 0) return
  allocateInto(cap, group, group.length, group)
  places.forEach((place, index) => {
    amounts[place] = group[index] ?? 0
  })
}

function applyWeights(
  layer: LayerContext,
  compiled: CompiledBenefit,
  chosen: Chosen,
  weighted: Float64Array,
): BenefitStep['weights'] {
  const weights: BenefitStep['weights'][number][] = []
  compiled.base.forEach((item, itemIndex) => {
    if (item.weight === undefined) return
    const rate = item.weight(layer.frame)
    if (rate.num === rate.den) return
    const places: number[] = []
    for (let index = 0; index < weighted.length; index += 1) {
      if (chosen.items[index] === itemIndex) places.push(index)
    }
    const before = totalAt(weighted, places)
    const after = applyRate(before, rate)
    capGroup(weighted, places, after)
    weights.push({
      num: rate.num,
      den: rate.den,
      cells: places.map((place) => chosen.cells[place] ?? 0),
      before,
      after,
    })
  })
  return weights
}

function takeFirstShares(
  layer: LayerContext,
  compiled: CompiledBenefit,
  weighted: Float64Array,
): { firstShare: Float64Array; firstShares: BenefitStep['firstShares'] } {
  const firstShare = new Float64Array(weighted.length)
  const firstShares: BenefitStep['firstShares'][number][] = []
  for (const share of compiled.firstShares) {
    if (share.when !== undefined && !share.when(layer.frame)) continue
    const rate = share.rate(layer.frame)
    const before = sumOf(weighted)
    const amount = applyRate(before, rate)
    firstShares.push({ num: rate.num, den: rate.den, before, amount })
    if (amount === 0) continue
    const taken = new Float64Array(weighted.length)
    allocateInto(amount, weighted, weighted.length, taken)
    for (let index = 0; index < weighted.length; index += 1) {
      weighted[index] = (weighted[index] ?? 0) - (taken[index] ?? 0)
      firstShare[index] = (firstShare[index] ?? 0) + (taken[index] ?? 0)
    }
  }
  return { firstShare, firstShares }
}
