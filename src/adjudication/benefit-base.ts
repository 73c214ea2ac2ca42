import { assert } from '../assert.ts'
import { problem } from '../errors/problem.ts'
import { allocateInto } from '../money/allocate.ts'
import { applyRate } from '../money/rate.ts'
import { CATEGORIES, CATEGORY_COUNT, COLUMN, takesColumn } from '../rules/category.ts'
import type { CompiledBaseItem, CompiledBenefit } from '../rules/compiled.ts'
import {
  capCells,
  cutItems,
  cutQuantities,
  ItemUses,
  keepDays,
  type ItemUse,
} from './benefit-cuts.ts'
import type { BenefitStep } from './explanation.ts'
import type { OpenLimit } from './limit-room.ts'
import { enterLine, type LayerContext } from './layer-context.ts'
import { SettleRefused } from './refusal.ts'
import { sumOf } from './split-state.ts'
import type { Selection } from './workspace.ts'

/** What was decided while the base was chosen; cell by cell it lies in the selection. */
export interface BenefitBase {
  readonly weights: BenefitStep['weights']
  readonly firstShares: BenefitStep['firstShares']
  /** What limits on quantities and items put into their counters. */
  readonly uses: readonly ItemUse[]
}

const NO_WEIGHTS: BenefitStep['weights'] = []
const NO_SHARES: BenefitStep['firstShares'] = []
const NO_USES: readonly ItemUse[] = []
const PLAIN_BASE: BenefitBase = { weights: NO_WEIGHTS, firstShares: NO_SHARES, uses: NO_USES }

/** Selects cells, then cuts them by days, quantities and item limits, weights them and takes first shares off. */
export function benefitBase(
  layer: LayerContext,
  compiled: CompiledBenefit,
  remaining: Float64Array,
  limits: readonly OpenLimit[],
): BenefitBase {
  const { selection } = layer.state.work
  selectCells(layer, compiled, remaining, selection)
  const uses = cutSelection(layer, compiled, selection, limits)
  if (!compiled.isWeighted) {
    selection.weighted = selection.kept
    return uses === NO_USES ? PLAIN_BASE : { weights: NO_WEIGHTS, firstShares: NO_SHARES, uses }
  }
  selection.weighted = selection.weightedRoom
  copy(selection.kept, selection.weighted, selection.count)
  const weights = applyWeights(layer, compiled, selection)
  const firstShares = takeFirstShares(layer, compiled, selection)
  return { weights, firstShares, uses }
}

/** Limits on days, quantities and items; without any what is kept is what is selected. */
function cutSelection(
  layer: LayerContext,
  compiled: CompiledBenefit,
  selection: Selection,
  limits: readonly OpenLimit[],
): readonly ItemUse[] {
  selection.kept = selection.selected
  selection.days = 0
  if (!compiled.perDay && !compiled.perQuantity && compiled.itemLimits.length === 0) return NO_USES
  selection.kept = selection.keptRoom
  copy(selection.selected, selection.kept, selection.count)
  if (compiled.perDay) keepDays(layer, selection, limits)
  const uses = new ItemUses()
  if (compiled.perQuantity) cutQuantities(layer, compiled, selection, uses)
  for (const limit of compiled.itemLimits) cutItems(layer, selection, limit, uses)
  return uses.list
}

function copy(from: Float64Array, to: Float64Array, count: number): void {
  for (let index = 0; index < count; index += 1) to[index] = from[index] ?? 0
}

function selectCells(
  layer: LayerContext,
  compiled: CompiledBenefit,
  remaining: Float64Array,
  selection: Selection,
): void {
  const { frame, state } = layer
  const source = compiled.ofCost ? state.cost : remaining
  const { cells, items, selected } = selection
  const { columns, itemOfColumn: plain } = compiled
  const readsLine = compiled.lines !== undefined || plain === undefined
  let count = 0
  for (const line of layer.lines) {
    if (readsLine) enterLine(frame, line)
    if (compiled.lines !== undefined && !compiled.lines(frame)) continue
    const first = line.index * CATEGORY_COUNT
    for (let place = 0; place < columns.length; place += 1) {
      const column = columns[place] ?? 0
      const amount = source[first + column] ?? 0
      if (amount === 0) continue
      const item =
        plain === undefined ? itemOf(layer, compiled.base, column) : (plain[column] ?? -1)
      if (item < 0) continue
      cells[count] = first + column
      selected[count] = amount
      items[count] = item
      count += 1
    }
  }
  if (readsLine) enterLine(frame, undefined)
  selection.count = count
  selection.isCut = false
  selection.isWeighted = false
  selection.hasFirstShare = false
}

/** The first base item that takes the column of the current line; −1: none. */
export function itemOf(
  layer: LayerContext,
  base: readonly CompiledBaseItem[],
  column: number,
): number {
  for (let index = 0; index < base.length; index += 1) {
    const item = base[index]
    assert(item !== undefined, 'a base item has an index')
    if (!takesColumn(item.column, column)) continue
    if (item.lines === undefined || item.lines(layer.frame)) return index
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

function applyWeights(
  layer: LayerContext,
  compiled: CompiledBenefit,
  selection: Selection,
): BenefitStep['weights'] {
  let weights = NO_WEIGHTS
  for (let item = 0; item < compiled.base.length; item += 1) {
    const weight = compiled.base[item]?.weight
    if (weight === undefined) continue
    const rate = weight(layer.frame)
    if (rate.num === rate.den) continue
    const places: number[] = []
    let before = 0
    for (let index = 0; index < selection.count; index += 1) {
      if (selection.items[index] !== item) continue
      places.push(index)
      before += selection.weighted[index] ?? 0
    }
    const after = applyRate(before, rate)
    capCells(selection.weighted, places, after)
    selection.isWeighted = true
    const cells = places.map((place) => selection.cells[place] ?? 0)
    weights = [...weights, { num: rate.num, den: rate.den, cells, before, after }]
  }
  return weights
}

function takeFirstShares(
  layer: LayerContext,
  compiled: CompiledBenefit,
  selection: Selection,
): BenefitStep['firstShares'] {
  let firstShares = NO_SHARES
  if (compiled.firstShares.length === 0) return firstShares
  const { count, weighted, firstShare, scratch } = selection
  firstShare.fill(0, 0, count)
  for (const share of compiled.firstShares) {
    if (share.when !== undefined && !share.when(layer.frame)) continue
    const rate = share.rate(layer.frame)
    const before = sumOf(weighted, count)
    const amount = applyRate(before, rate)
    firstShares = [...firstShares, { num: rate.num, den: rate.den, before, amount }]
    if (amount === 0) continue
    selection.isWeighted = true
    selection.hasFirstShare = true
    allocateInto(amount, weighted, count, scratch)
    for (let index = 0; index < count; index += 1) {
      const taken = scratch[index] ?? 0
      weighted[index] = (weighted[index] ?? 0) - taken
      firstShare[index] = (firstShare[index] ?? 0) + taken
    }
  }
  return firstShares
}
