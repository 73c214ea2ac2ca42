import { EXPRESSION_LIMITS } from '../cel/limits.ts'
import type { Match } from '../pack.ts'
import type { Dimension } from './table-dimension.ts'

/** A cell of the grid, one that can occur, that two rows take. */
export interface GridOverlap {
  readonly cell: number
  readonly row: number
  readonly otherRow: number
}

/** Which row of a decision table each combination of classes belongs to. */
export interface TableGrid {
  readonly dimensions: readonly Dimension[]
  /** What one step in each dimension adds to a cell's number. */
  readonly strides: readonly number[]
  readonly cellCount: number
  /** Row of a cell; one past the last row for a cell that no row takes. */
  readonly rowOf: (cell: number) => number
  readonly overlaps: readonly GridOverlap[]
}

/** Up to this many cells the grid is an array; above it is sparse. */
const DENSE_CELLS_MAX = 1 << 20
const OVERLAPS_KEPT = 20

/** Undefined when the rows take more cells than a table may have. The first of two overlapping rows keeps the cell. */
export function tableGrid(
  dimensions: readonly Dimension[],
  rows: readonly (readonly Match[])[],
): TableGrid | undefined {
  const strides: number[] = []
  let cellCount = 1
  for (const dimension of dimensions) {
    strides.push(cellCount)
    cellCount *= dimension.classCount
  }
  if (!Number.isSafeInteger(cellCount)) return undefined
  const none = rows.length
  const cells = cellCount <= DENSE_CELLS_MAX ? denseCells(cellCount, none) : sparseCells(none)
  const overlaps: GridOverlap[] = []
  let taken = 0
  for (const [row, matches] of rows.entries()) {
    const own = cellsOf(dimensions, strides, matches, EXPRESSION_LIMITS.tableNodes - taken)
    if (own === undefined) return undefined
    taken += own.length
    for (const cell of own) {
      const otherRow = cells.get(cell)
      if (otherRow === none) cells.set(cell, row)
      else if (
        otherRow !== row &&
        overlaps.length < OVERLAPS_KEPT &&
        cellValues(dimensions, strides, cell) !== undefined
      ) {
        overlaps.push({ cell, row: otherRow, otherRow: row })
      }
    }
  }
  return { dimensions, strides, cellCount, rowOf: cells.get, overlaps }
}

/** A combination of values in a cell, one a dimension; undefined when no bill can have one. */
export function cellValues(
  dimensions: readonly Dimension[],
  strides: readonly number[],
  cell: number,
): readonly (string | number | boolean)[] | undefined {
  const values = dimensions.flatMap(({ classCount, samples }, index) => {
    const value = samples[Math.floor(cell / (strides[index] ?? 1)) % classCount]
    return value === undefined ? [] : [value]
  })
  return values.length === dimensions.length ? values : undefined
}

interface CellRows {
  readonly get: (cell: number) => number
  readonly set: (cell: number, row: number) => void
}

function denseCells(cellCount: number, none: number): CellRows {
  const rows = new Int32Array(cellCount).fill(none)
  return {
    get: (cell) => rows[cell] ?? none,
    set: (cell, row) => {
      rows[cell] = row
    },
  }
}

function sparseCells(none: number): CellRows {
  const rows = new Map<number, number>()
  return { get: (cell) => rows.get(cell) ?? none, set: (cell, row) => rows.set(cell, row) }
}

/** Every cell that a row takes; undefined when they are more than `max`. */
function cellsOf(
  dimensions: readonly Dimension[],
  strides: readonly number[],
  matches: readonly Match[],
  max: number,
): readonly number[] | undefined {
  let cells = [0]
  for (const [index, dimension] of dimensions.entries()) {
    const classes = dimension.classesOf(matches[index] ?? { type: 'any' })
    const stride = strides[index] ?? 0
    if (cells.length * classes.length > max) return undefined
    cells = cells.flatMap((cell) => classes.map((one) => cell + one * stride))
  }
  return cells
}
