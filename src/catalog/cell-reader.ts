import { assert } from '../assert.ts'
import { problem, type Problem } from '../errors/problem.ts'
import type { Cell } from './cells.ts'
import type { CatalogColumn, RecordTable } from './record-table.ts'

/** The record being read and where its problems go. */
export interface RowPlace {
  readonly index: number
  readonly problems: Problem[]
}

/** Reads one column of one record. */
export type CellReader<T> = (place: RowPlace) => T

const QUOTED_CHARACTERS_MAX = 80

/**
 * A reader of `column`. A refused cell is reported and read as `placeholder`, so that the rest of the row is still
 * checked; a row with problems is never used. An absent column reads as the empty text.
 */
export function cellReader<T>(
  table: RecordTable,
  column: CatalogColumn,
  parse: (text: string) => Cell<T>,
  placeholder: T,
): CellReader<T> {
  const position = table.columns.indexOf(column)
  return ({ index, problems }) => {
    const text = position < 0 ? '' : cellText(table, index, position)
    const cell = parse(text)
    if (cell.ok) return cell.value
    const details = { row: table.firstRow + index, field: column, value: quoted(text) }
    const where = `rows[${index}].${column}`
    problems.push(
      'form' in cell
        ? problem('CATALOG_ROW_MALFORMED', where, { ...details, form: cell.form })
        : problem('CATALOG_CONDITIONS_OVERLAP', where, details),
    )
    return placeholder
  }
}

function cellText(table: RecordTable, index: number, position: number): string {
  const text = table.records[index]?.[position]
  assert(text !== undefined, 'every record has a cell for every column')
  return text
}

function quoted(text: string): string {
  return text.slice(0, QUOTED_CHARACTERS_MAX)
}

/** `parse` that works once per distinct text: most columns repeat a few values over the whole file. */
export function remembering<T>(parse: (text: string) => Cell<T>): (text: string) => Cell<T> {
  const known = new Map<string, Cell<T>>()
  return (text) => {
    const earlier = known.get(text)
    if (earlier !== undefined) return earlier
    const cell = parse(text)
    known.set(text, cell)
    return cell
  }
}

/** `parse` that reads the empty text as `fallback`, where there is one. */
export function orDefault<T>(
  parse: (text: string) => Cell<T>,
  fallback: T | undefined,
): (text: string) => Cell<T> {
  if (fallback === undefined) return parse
  const cell: Cell<T> = { ok: true, value: fallback }
  return (text) => (text === '' ? cell : parse(text))
}
