import { allocateInto } from '../money/allocate.ts'
import { CATEGORY_COUNT, COLUMN, IN_SCOPE_COLUMNS } from '../rules/category.ts'
import type { CompiledBenefit } from '../rules/compiled.ts'
import type { BenefitAmounts, BenefitOutcome } from './benefit.ts'
import { takeFrom, takeWeighted, type CellSpread } from './cell-spread.ts'
import { enterLine, type LayerContext } from './layer-context.ts'
import { sumOf } from './split-state.ts'
import type { Selection } from './workspace.ts'

/** What of a spread does not lie in the selection. */
export interface BenefitSpread {
  /** Beyond what the weighted cells can bear: floor, stop-loss. */
  readonly extra: CellSpread
  /** Groups of cells the deductible was taken from first. */
  readonly from: readonly (readonly number[])[]
}

const NO_EXTRA: CellSpread = { cells: [], amounts: new Float64Array(0) }
const NO_GROUPS: BenefitSpread['from'] = []
const PLAIN: BenefitSpread = { extra: NO_EXTRA, from: NO_GROUPS }

/**
 * Spreads deductible, over-cap and payment of the outcome just computed one after the other by largest remainder, takes
 * the payment out of `remaining` and gives a basic layer's cells their new names.
 */
export function spreadBenefit(
  layer: LayerContext,
  { compiled, amounts }: BenefitOutcome,
  remaining: Float64Array,
): BenefitSpread {
  const { selection } = layer.state.work
  if (compiled.ofCost) return spreadCost(selection, amounts, remaining)
  const { count } = selection
  const places = sourcePlaces(layer, compiled, selection)
  const left = spreadBorne(selection, places, amounts)
  const open = amounts.gross - amounts.takenBefore - amounts.overCap
  const bearable = Math.min(amounts.payment, open)
  allocateInto(bearable, left, count, selection.payment)
  const basic = layer.compiled.pack.kind === 'basic'
  if (basic) nameParts(selection, amounts, remaining)
  else {
    for (let index = 0; index < count; index += 1) {
      move(remaining, selection.cells[index] ?? 0, -(selection.payment[index] ?? 0))
    }
  }
  const beyond = amounts.payment - bearable
  if (beyond === 0 && places === NO_GROUPS) return PLAIN
  return {
    extra: beyond > 0 ? takeExtra(remaining, selection, amounts, basic, beyond) : NO_EXTRA,
    from: places.map((group) => group.map((place) => selection.cells[place] ?? 0)),
  }
}

/** Spreads what the payer does not bear, deductible and over-cap; gives what is left of the weighted cells. */
function spreadBorne(
  selection: Selection,
  places: readonly (readonly number[])[],
  { takenBefore, overCap }: BenefitAmounts,
): Float64Array {
  const { count, weighted, left } = selection
  if (takenBefore === 0 && overCap === 0) return weighted
  for (let index = 0; index < count; index += 1) left[index] = weighted[index] ?? 0
  if (takenBefore > 0) spreadDeductible(selection, places, takenBefore)
  if (overCap > 0) {
    allocateInto(overCap, left, count, selection.overCap)
    subtract(left, selection.overCap, count)
  }
  return left
}

/** With `of: cost` a payment comes from what is unpaid of the lines; what a floor adds beyond, from the floor's cells. */
function spreadCost(
  selection: Selection,
  { payment, floor }: BenefitAmounts,
  remaining: Float64Array,
): BenefitSpread {
  const { payable, payableCount } = selection
  let left = 0
  for (let index = 0; index < payableCount; index += 1) left += remaining[payable[index] ?? 0] ?? 0
  const bearable = Math.min(payment, left)
  takePayable(selection, remaining, bearable)
  if (bearable === payment) return PLAIN
  return { extra: takeFrom(remaining, floor?.cells ?? [], payment - bearable), from: NO_GROUPS }
}

/** Takes `payment` from the payable cells, whatever they are called. */
function takePayable(selection: Selection, remaining: Float64Array, payment: number): void {
  const { payable, payableCount, scratch } = selection
  for (let index = 0; index < payableCount; index += 1) {
    scratch[index] = remaining[payable[index] ?? 0] ?? 0
  }
  allocateInto(payment, scratch, payableCount, selection.payment)
  for (let index = 0; index < payableCount; index += 1) {
    move(remaining, payable[index] ?? 0, -(selection.payment[index] ?? 0))
  }
}

function subtract(from: Float64Array, amounts: Float64Array, count: number): void {
  for (let index = 0; index < count; index += 1) {
    from[index] = (from[index] ?? 0) - (amounts[index] ?? 0)
  }
}

/** Pays each cell; what a basic layer worked on of the in-scope part takes its new names. */
function nameParts(selection: Selection, amounts: BenefitAmounts, remaining: Float64Array): void {
  const { count, cells, weighted, payment } = selection
  const deductible = amounts.takenBefore > 0 ? selection.deductible : undefined
  const overCap = amounts.overCap > 0 ? selection.overCap : undefined
  for (let index = 0; index < count; index += 1) {
    const cell = cells[index] ?? 0
    const column = cell % CATEGORY_COUNT
    const paid = payment[index] ?? 0
    if (column >= IN_SCOPE_COLUMNS) {
      move(remaining, cell, -paid)
      continue
    }
    const first = cell - column
    const worked = weighted[index] ?? 0
    const borne = deductible?.[index] ?? 0
    const above = overCap?.[index] ?? 0
    const share = selection.hasFirstShare ? (selection.firstShare[index] ?? 0) : 0
    move(remaining, cell, -worked - share)
    move(remaining, first + COLUMN.deductible, borne)
    move(remaining, first + COLUMN.overCap, above)
    move(remaining, first + COLUMN.coinsurance, worked - borne - above - paid)
    move(remaining, first + COLUMN.preSelfPay, share)
  }
}

function move(cells: Float64Array, cell: number, amount: number): void {
  cells[cell] = (cells[cell] ?? 0) + amount
}

/** Places of the cells the deductible is taken from first, group by group. */
function sourcePlaces(
  layer: LayerContext,
  compiled: CompiledBenefit,
  selection: Selection,
): readonly (readonly number[])[] {
  const sources = compiled.deductible?.from ?? []
  if (sources.length === 0) return NO_GROUPS
  const groups = sources.map((source) => {
    const places: number[] = []
    for (let place = 0; place < selection.count; place += 1) {
      const cell = selection.cells[place] ?? 0
      if (source.type === 'category') {
        if (isOfCategory(cell % CATEGORY_COUNT, source.column)) places.push(place)
        continue
      }
      enterLine(layer.frame, layer.state.lines[Math.floor(cell / CATEGORY_COUNT)])
      if (source.lines(layer.frame)) places.push(place)
    }
    return places
  })
  enterLine(layer.frame, undefined)
  return groups
}

function isOfCategory(column: number, category: number): boolean {
  return category === COLUMN.inScope ? column < IN_SCOPE_COLUMNS : column === category
}

/** Takes `total` out of `left`, the groups first and then the rest. */
function spreadDeductible(
  selection: Selection,
  groups: readonly (readonly number[])[],
  total: number,
): void {
  const { count, left, deductible, scratch } = selection
  if (groups.length === 0) {
    allocateInto(total, left, count, deductible)
    subtract(left, deductible, count)
    return
  }
  deductible.fill(0, 0, count)
  let open = total
  for (const places of groups) {
    const group = Float64Array.from(places, (place) => left[place] ?? 0)
    const amount = Math.min(open, sumOf(group))
    allocateInto(amount, group, group.length, group)
    places.forEach((place, index) => {
      move(deductible, place, group[index] ?? 0)
      move(left, place, -(group[index] ?? 0))
    })
    open -= amount
  }
  allocateInto(open, left, count, scratch)
  for (let index = 0; index < count; index += 1) move(deductible, index, scratch[index] ?? 0)
  subtract(left, scratch, count)
}

/** The part of a payment beyond the weighted cells: from what is left of the selected cells, then of the floor's. */
function takeExtra(
  remaining: Float64Array,
  selection: Selection,
  amounts: BenefitAmounts,
  basic: boolean,
  total: number,
): CellSpread {
  const own = leftOfSelected(remaining, selection, basic)
  const ownCells = [...own.keys()].sort((a, b) => a - b)
  const weights = Float64Array.from(ownCells, (cell) => own.get(cell) ?? 0)
  const ownLeft = sumOf(weights)
  const first = takeWeighted(remaining, ownCells, weights, Math.min(total, ownLeft))
  if (total <= ownLeft) return first
  const second = takeFrom(remaining, amounts.floor?.cells ?? [], total - ownLeft)
  const merged = new Map<number, number>()
  for (const part of [first, second]) {
    part.cells.forEach((cell, index) =>
      merged.set(cell, (merged.get(cell) ?? 0) + (part.amounts[index] ?? 0)),
    )
  }
  const cells = [...merged.keys()].sort((a, b) => a - b)
  return { cells, amounts: Float64Array.from(cells, (cell) => merged.get(cell) ?? 0) }
}

/**
 * Where what is left of the selected cells lies now. After a basic layer an in-scope cell may lie under any of its four
 * names, and its first share under preSelfPay: there only as much as the share.
 */
function leftOfSelected(
  remaining: Float64Array,
  selection: Selection,
  basic: boolean,
): Map<number, number> {
  const left = new Map<number, number>()
  const shares = new Map<number, number>()
  for (let index = 0; index < selection.count; index += 1) {
    const cell = selection.cells[index] ?? 0
    const column = cell % CATEGORY_COUNT
    const first = cell - column
    if (!basic || column >= IN_SCOPE_COLUMNS) {
      left.set(cell, remaining[cell] ?? 0)
      continue
    }
    for (let other = first; other < first + IN_SCOPE_COLUMNS; other += 1) {
      left.set(other, remaining[other] ?? 0)
    }
    const landing = first + COLUMN.preSelfPay
    const share = selection.hasFirstShare ? (selection.firstShare[index] ?? 0) : 0
    if (share > 0) shares.set(landing, (shares.get(landing) ?? 0) + share)
  }
  for (const [cell, share] of shares) if (!left.has(cell)) left.set(cell, share)
  return left
}
