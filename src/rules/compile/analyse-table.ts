import { failureOf, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import type { DecisionTable, RulePack } from '../pack.ts'
import { packScope } from './pack-scope.ts'
import { cellValues, type TableGrid } from './table-grid.ts'
import { compileGrid } from './tables.ts'

/** A combination of values, one for each dimension: whole numbers (fen for money), texts and bools. */
export type TableSample = readonly { readonly source: string; readonly value: SampleValue }[]

export type SampleValue = string | number | boolean

export interface TableAnalysis {
  /** Combinations that can occur and that no row matches; none when the table has `otherwise`. */
  readonly gaps: readonly TableSample[]
  /** Combinations that two rows match; rows count from 1. */
  readonly overlaps: readonly {
    readonly sample: TableSample
    readonly row: number
    readonly otherRow: number
  }[]
}

/** At most this many gaps and overlaps are shown of one table. */
const SAMPLES_MAX = 5

/**
 * Whether exactly one row matches every combination: closed sets wholly, facts in numbers from 0, computed numbers
 * from minus to plus infinity. `pack` is what the table's expressions refer to.
 */
export function analyseTable(table: DecisionTable, pack: RulePack): Result<TableAnalysis> {
  const scope = packScope(pack)
  const grid = compileGrid(table, scope)
  if (grid === undefined) return failureOf(scope.problems)
  const overlaps = grid.overlaps
    .flatMap(({ cell, row, otherRow }) => {
      const sample = sampleOf(grid, cell)
      return sample === undefined ? [] : [{ sample, row: row + 1, otherRow: otherRow + 1 }]
    })
    .slice(0, SAMPLES_MAX)
  return success({
    gaps: table.otherwise === undefined ? findGaps(grid, table.rows.length) : [],
    overlaps,
  })
}

/** Walks the cells that can occur; cells no row takes come soon, for the rows take few of a large grid. */
function findGaps(grid: TableGrid, none: number): readonly TableSample[] {
  const choices = grid.dimensions.map(({ samples }, index) =>
    samples.flatMap((value, at) => (value === undefined ? [] : [at * (grid.strides[index] ?? 0)])),
  )
  const gaps: TableSample[] = []
  const positions = choices.map(() => 0)
  for (let more = choices.every((choice) => choice.length > 0); more;) {
    const cell = positions.reduce((sum, at, index) => sum + (choices[index]?.[at] ?? 0), 0)
    const sample = grid.rowOf(cell) === none ? sampleOf(grid, cell) : undefined
    if (sample !== undefined) gaps.push(sample)
    more = gaps.length < SAMPLES_MAX && advance(positions, choices)
  }
  return gaps
}

/** Moves to the next combination, the last dimension fastest; false after the last one. */
function advance(positions: number[], choices: readonly (readonly number[])[]): boolean {
  for (let index = positions.length - 1; index >= 0; index -= 1) {
    const next = (positions[index] ?? 0) + 1
    if (next < (choices[index]?.length ?? 0)) {
      positions[index] = next
      return true
    }
    positions[index] = 0
  }
  return false
}

/** Undefined when no bill can be in the cell. */
function sampleOf(grid: TableGrid, cell: number): TableSample | undefined {
  const values = cellValues(grid.dimensions, grid.strides, cell)
  return values?.map((value, index) => ({
    source: grid.dimensions[index]?.expression.source ?? '',
    value,
  }))
}

/** Every table of a pack that is not complete and free of overlaps, as problems with a sample. */
export function tableProblems(pack: RulePack): readonly Problem[] {
  return tablesOf(pack).flatMap((table) => {
    const analysis = analyseTable(table, pack)
    if (!analysis.ok) return analysis.problems
    const { gaps, overlaps } = analysis.value
    return [
      ...gaps.map((sample) => problem('TABLE_GAP', table.where, { sample: sampleText(sample) })),
      ...overlaps.map(({ sample, row, otherRow }) =>
        problem('TABLE_OVERLAP', table.where, { sample: sampleText(sample), row, otherRow }),
      ),
    ]
  })
}

/** `hospital.level = 2, person.retired = true`. */
function sampleText(sample: TableSample): string {
  return sample.map(({ source, value }) => `${source} = ${String(value)}`).join(', ')
}

/** Every table in the pack, wherever it stands, nested ones and those in parameters too. */
export function tablesOf(part: unknown): readonly DecisionTable[] {
  if (typeof part !== 'object' || part === null) return []
  const inner = Object.values(part).flatMap(tablesOf)
  return isTableValue(part) ? [part.table, ...inner] : inner
}

function isTableValue(
  part: object,
): part is { readonly type: 'table'; readonly table: DecisionTable } {
  return 'type' in part && part.type === 'table' && 'table' in part
}
