import { assert } from '../../assert.ts'
import { problem } from '../../errors/problem.ts'
import { compileFlag, compileText } from '../cel/closures.ts'
import { EXPRESSION_LIMITS } from '../cel/limits.ts'
import { isConstantReader, type Reader } from '../cel/reader.ts'
import type { TypedExpression } from '../cel/check.ts'
import { ValueUndefined } from '../compiled.ts'
import type { DecisionTable, Match, Value } from '../pack.ts'
import { closureContext, notCompiled, numberReader } from './conditions.ts'
import { typedExpression, type PackScope } from './pack-scope.ts'
import { tableDimension, type Dimension } from './table-dimension.ts'
import { tableGrid, type TableGrid } from './table-grid.ts'
import { matchText, typedMatch } from './table-keys.ts'

/** Compiles one cell or `otherwise`; `where` is its path. */
export type CellCompiler<T> = (value: Value, where: string) => Reader<T>

/**
 * A decision table as one lookup: every dimension is read, in order, and classed; the classes number the cell.
 * A combination that no row matches takes `otherwise`, or throws `ValueUndefined` (`noRow`).
 */
export function compileTable<T>(
  table: DecisionTable,
  scope: PackScope,
  compileCell: CellCompiler<T>,
): Reader<T> {
  const cells = table.rows.map(({ value }, index) =>
    compileCell(value, `${table.where}.rows[${index}]`),
  )
  const miss =
    table.otherwise === undefined
      ? () => noRow(table.where)
      : compileCell(table.otherwise, `${table.where}.otherwise`)
  const grid = compileGrid(table, scope)
  return grid === undefined ? notCompiled : gridReader(grid, scope, cells, miss)
}

function noRow(where: string): never {
  throw new ValueUndefined(where, 'noRow')
}

/** The grid of a table; undefined after its problems were noted. */
export function compileGrid(table: DecisionTable, scope: PackScope): TableGrid | undefined {
  const checked = table.by.map((expression) => typedExpression(expression, scope, false, 'key'))
  const by = checked.filter((expression) => expression !== undefined)
  if (by.length < checked.length) return undefined
  const rows = typedRows(table, by, scope)
  if (rows === undefined) return undefined
  const dimensions = by.map((expression, index) =>
    tableDimension(
      expression,
      rows.map((matches) => matches[index] ?? { type: 'any' }),
    ),
  )
  const grid = tableGrid(dimensions, rows)
  if (grid === undefined) {
    const details = { nodesMax: EXPRESSION_LIMITS.tableNodes }
    scope.problems.push(problem('TABLE_TOO_LARGE', table.where, details))
  }
  return grid
}

function typedRows(
  table: DecisionTable,
  by: readonly TypedExpression[],
  scope: PackScope,
): readonly (readonly Match[])[] | undefined {
  const found = scope.problems.length
  const rows = table.rows.map(({ matches }, index) => {
    const [row, where] = [index + 1, `${table.where}.rows[${index}]`]
    if (matches.length !== by.length) {
      const details = { row, found: matches.length, expected: by.length }
      scope.problems.push(problem('TABLE_DIMENSIONS_DIFFER', where, details))
      return []
    }
    return by.map(({ type }, dimension): Match => {
      const match = matches[dimension] ?? { type: 'any' }
      const typed = typedMatch(match, type)
      if (typed !== undefined) return typed
      const details = { row, dimension: dimension + 1, key: matchText(match), type }
      scope.problems.push(problem('TABLE_KEY_TYPE', where, details))
      return { type: 'any' }
    })
  })
  return scope.problems.length > found ? undefined : rows
}

function gridReader<T>(
  grid: TableGrid,
  scope: PackScope,
  cells: readonly Reader<T>[],
  miss: Reader<T>,
): Reader<T> {
  const rowReader = compileRowReader(grid, scope)
  const constants = cells.filter(isConstantReader).map(({ constant }) => constant)
  if (constants.length < cells.length) {
    return (frame) => (cells[rowReader(frame)] ?? miss)(frame)
  }
  // Large tables hold constants: read from one array they cost the same however many rows there are.
  return (frame) => constants[rowReader(frame)] ?? miss(frame)
}

/** Row that matches; one past the last when none does. */
function compileRowReader(grid: TableGrid, scope: PackScope): Reader<number> {
  const { rowOf } = grid
  const offsets = grid.dimensions.map((dimension, index) =>
    offsetReader(dimension, grid.strides[index] ?? 0, scope),
  )
  const [first, second] = offsets
  if (first !== undefined && offsets.length === 1) return (frame) => rowOf(first(frame))
  if (first !== undefined && second !== undefined && offsets.length === 2) {
    return (frame) => rowOf(first(frame) + second(frame))
  }
  return (frame) => {
    let cell = 0
    for (const offset of offsets) cell += offset(frame)
    return rowOf(cell)
  }
}

/** What a dimension adds to the number of the cell. */
function offsetReader(
  { expression, classOfText, classOfNumber }: Dimension,
  stride: number,
  scope: PackScope,
): Reader<number> {
  const { term } = expression
  switch (term.type) {
    case 'bool': {
      const flag = compileFlag(term, closureContext(expression, scope))
      return (frame) => (flag(frame) ? stride : 0)
    }
    case 'string': {
      const text = compileText(term, closureContext(expression, scope))
      return (frame) => classOfText(text(frame)) * stride
    }
    case 'int':
    case 'money': {
      const value = numberReader(expression, scope)
      return (frame) => classOfNumber(value(frame)) * stride
    }
    case 'date':
    case 'strings':
      assert(false, 'a table asks for bool, int, string or money')
  }
}
