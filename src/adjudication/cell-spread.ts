import { allocateInto } from '../money/allocate.ts'
import type { CellAmounts } from './explanation.ts'
import { credit, type SplitState } from './split-state.ts'

/** Fen over some cells, in parallel. */
export interface CellSpread {
  readonly cells: readonly number[]
  readonly amounts: Float64Array
}

/** Takes `total` from the cells by largest remainder in proportion to what they hold. */
export function takeFrom(
  remaining: Float64Array,
  cells: readonly number[],
  total: number,
): CellSpread {
  const weights = Float64Array.from(cells, (cell) => remaining[cell] ?? 0)
  return takeWeighted(remaining, cells, weights, total)
}

/** Takes `total` from the cells by largest remainder in proportion to `weights`. */
export function takeWeighted(
  remaining: Float64Array,
  cells: readonly number[],
  weights: Float64Array,
  total: number,
): CellSpread {
  const amounts = new Float64Array(cells.length)
  if (total > 0) allocateInto(total, weights, cells.length, amounts)
  cells.forEach((cell, index) => {
    remaining[cell] = (remaining[cell] ?? 0) - (amounts[index] ?? 0)
  })
  return { cells, amounts }
}

/** Books what already left the cells to a payer, line by line. */
export function creditSpread(state: SplitState, payer: number, spread: CellSpread): void {
  const { cells, amounts } = spread
  if (cells.length > 0) credit(state, payer, cells, amounts, cells.length)
}

/** Amounts over the cells, or nothing where there are none or every one is zero. */
export function cellAmounts(
  cells: readonly number[],
  amounts: ArrayLike<number> = [],
): CellAmounts {
  const numbers = Array.from(amounts)
  return numbers.every((amount) => amount === 0)
    ? { cells: [], amounts: [] }
    : { cells, amounts: numbers }
}
