import { allocateInto } from '../money/allocate.ts'
import { CATEGORY_COUNT, COLUMN, IN_SCOPE_COLUMNS } from '../rules/category.ts'
import type { CompiledBenefit } from '../rules/compiled.ts'
import type { BenefitAmounts } from './benefit.ts'
import type { BenefitBase } from './benefit-base.ts'
import type { LayerContext } from './layer-context.ts'
import { sumOf } from './split-state.ts'

/** Where each amount of a benefit lands; the first three aligned with `BenefitBase.cells`. */
export interface BenefitSpread {
  readonly deductible: Float64Array
  readonly overCap: Float64Array
  readonly payment: CellSpread
  /** Beyond what the weighted cells can bear: floor, stop-loss. */
  readonly extra: CellSpread
  readonly from: readonly (readonly number[])[]
  /** The cells as they stand after the benefit. */
  readonly after: Float64Array
}

export interface CellSpread {
  readonly cells: readonly number[]
  readonly amounts: Float64Array
}

const NOTHING: CellSpread = { cells: [], amounts: new Float64Array(0) }

/** Spreads deductible, over-cap and payment one after the other by largest remainder, and relabels a basic layer's cells. */
export function spreadBenefit(
  layer: LayerContext,
  compiled: CompiledBenefit,
  base: BenefitBase,
  amounts: BenefitAmounts,
  payable: readonly number[],
  remaining: Float64Array,
): BenefitSpread {
  const count = base.cells.length
  const after = remaining.slice()
  if (compiled.benefit.of === 'cost') {
    const payment = takeFrom(after, payable, amounts.payment)
    return {
      deductible: new Float64Array(0),
      overCap: new Float64Array(0),
      payment,
      extra: NOTHING,
      from: [],
      after,
    }
  }
  const from = sourceGroups(layer, compiled, base)
  const left = base.weighted.slice()
  const deductible = spreadDeductible(left, from, amounts.takenBefore)
  const overCap = new Float64Array(count)
  allocateInto(amounts.overCap, left, count, overCap)
  subtract(left, overCap)
  const bearable = Math.min(amounts.payment, sumOf(left))
  const paid = new Float64Array(count)
  allocateInto(bearable, left, count, paid)
  const basic = layer.compiled.pack.kind === 'basic'
  for (let index = 0; index < count; index += 1) {
    settleCell(after, base, index, basic, deductible, overCap, paid)
  }
  const extra = takeExtra(after, base, amounts, basic, amounts.payment - bearable)
  return {
    deductible,
    overCap,
    payment: { cells: Array.from(base.cells), amounts: paid },
    extra,
    from: from.map((places) => places.map((place) => base.cells[place] ?? 0)),
    after,
  }
}

function subtract(from: Float64Array, amounts: Float64Array): void {
  for (let index = 0; index < from.length; index += 1) {
    from[index] = (from[index] ?? 0) - (amounts[index] ?? 0)
  }
}

/** Pays one cell; in a basic layer what it worked on of the in-scope part takes its new names. */
function settleCell(
  after: Float64Array,
  base: BenefitBase,
  index: number,
  basic: boolean,
  deductible: Float64Array,
  overCap: Float64Array,
  paid: Float64Array,
): void {
  const cell = base.cells[index] ?? 0
  const column = cell % CATEGORY_COUNT
  const payment = paid[index] ?? 0
  if (!basic || column >= IN_SCOPE_COLUMNS) {
    move(after, cell, -payment)
    return
  }
  const first = cell - column
  const worked = base.weighted[index] ?? 0
  const borne = deductible[index] ?? 0
  const above = overCap[index] ?? 0
  const share = base.firstShare[index] ?? 0
  move(after, cell, -worked - share)
  move(after, first + COLUMN.deductible, borne)
  move(after, first + COLUMN.overCap, above)
  move(after, first + COLUMN.coinsurance, worked - borne - above - payment)
  move(after, first + COLUMN.preSelfPay, share)
}

function move(cells: Float64Array, cell: number, amount: number): void {
  cells[cell] = (cells[cell] ?? 0) + amount
}

/** Positions of the cells the deductible is taken from first, group by group. */
function sourceGroups(
  layer: LayerContext,
  compiled: CompiledBenefit,
  base: BenefitBase,
): readonly (readonly number[])[] {
  return (compiled.deductible?.from ?? []).map((source) => {
    const places: number[] = []
    base.cells.forEach((cell, place) => {
      if (source.type === 'category') {
        if (isOfCategory(cell % CATEGORY_COUNT, source.column)) places.push(place)
        return
      }
      const line = layer.state.lines[Math.floor(cell / CATEGORY_COUNT)]
      layer.frame.line = line?.facts
      if (source.lines(layer.frame)) places.push(place)
    })
    layer.frame.line = undefined
    return places
  })
}

function isOfCategory(column: number, category: number): boolean {
  return category === COLUMN.inScope ? column < IN_SCOPE_COLUMNS : column === category
}

/** Takes `total` out of `left`, the groups first and then the rest; returns what came from each cell. */
function spreadDeductible(
  left: Float64Array,
  from: readonly (readonly number[])[],
  total: number,
): Float64Array {
  const count = left.length
  const taken = new Float64Array(count)
  let open = total
  for (const places of from) {
    const group = Float64Array.from(places, (place) => left[place] ?? 0)
    const amount = Math.min(open, sumOf(group))
    allocateInto(amount, group, group.length, group)
    places.forEach((place, index) => {
      move(taken, place, group[index] ?? 0)
      move(left, place, -(group[index] ?? 0))
    })
    open -= amount
  }
  const rest = new Float64Array(count)
  allocateInto(open, left, count, rest)
  for (let index = 0; index < count; index += 1) move(taken, index, rest[index] ?? 0)
  subtract(left, rest)
  return taken
}

/** The part of a payment beyond the weighted cells: from what is left of the selected cells, then of the floor's. */
function takeExtra(
  after: Float64Array,
  base: BenefitBase,
  amounts: BenefitAmounts,
  basic: boolean,
  total: number,
): CellSpread {
  if (total <= 0) return NOTHING
  const own = leftOfSelected(after, base, basic)
  const ownCells = [...own.keys()].sort((a, b) => a - b)
  const weights = Float64Array.from(ownCells, (cell) => own.get(cell) ?? 0)
  const ownLeft = sumOf(weights)
  const first = takeWeighted(after, ownCells, weights, Math.min(total, ownLeft))
  if (total <= ownLeft) return first
  const second = takeFrom(after, amounts.floor?.cells ?? [], total - ownLeft)
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
  after: Float64Array,
  base: BenefitBase,
  basic: boolean,
): Map<number, number> {
  const left = new Map<number, number>()
  const shares = new Map<number, number>()
  base.cells.forEach((cell, index) => {
    const column = cell % CATEGORY_COUNT
    const first = cell - column
    if (!basic || column >= IN_SCOPE_COLUMNS) {
      left.set(cell, after[cell] ?? 0)
      return
    }
    for (let other = first; other < first + IN_SCOPE_COLUMNS; other += 1) {
      left.set(other, after[other] ?? 0)
    }
    const landing = first + COLUMN.preSelfPay
    const share = base.firstShare[index] ?? 0
    if (share > 0) shares.set(landing, (shares.get(landing) ?? 0) + share)
  })
  for (const [cell, share] of shares) if (!left.has(cell)) left.set(cell, share)
  return left
}

/** Takes `total` from the cells by largest remainder in proportion to what they hold. */
export function takeFrom(
  remaining: Float64Array,
  cells: readonly number[],
  total: number,
): CellSpread {
  return takeWeighted(
    remaining,
    cells,
    Float64Array.from(cells, (cell) => remaining[cell] ?? 0),
    total,
  )
}

function takeWeighted(
  remaining: Float64Array,
  cells: readonly number[],
  weights: Float64Array,
  total: number,
): CellSpread {
  const amounts = new Float64Array(cells.length)
  if (total > 0) allocateInto(total, weights, cells.length, amounts)
  cells.forEach((cell, index) => move(remaining, cell, -(amounts[index] ?? 0)))
  return { cells, amounts }
}
