import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import type { RecordTable } from './record-table.ts'

/**
 * A JSON text holding a list of objects keyed by the same columns as CSV, values as strings, absent or null = empty;
 * the first object is row 1. Numbers are refused: a decimal must not pass through a float.
 *
 * `CATALOG_FILE_MALFORMED` for a syntax error or another shape, `CATALOG_ROW_MALFORMED` for a value of another type.
 */
export function parseCatalogJson(text: string): Result<RecordTable> {
  const list = readJson(text)
  if (!list.ok) return list
  if (!Array.isArray(list.value)) return failure(malformed('[ { … }, … ]'))
  const rows: readonly unknown[] = list.value
  const columns = new Map<string, number>()
  const problems: Problem[] = []
  for (const [index, row] of rows.entries()) {
    if (!isPlainObject(row)) {
      problems.push(malformed(`[${index}]: { … }`))
      continue
    }
    for (const [column, value] of Object.entries(row)) {
      if (!columns.has(column)) columns.set(column, columns.size)
      if (typeof value !== 'string' && value !== null) {
        problems.push(notText(index, column, value))
      }
    }
  }
  if (problems.length > 0) return failureOf(problems)
  const names = [...columns.keys()]
  const records = rows.map((row) => names.map((name) => cellOf(row, name)))
  return success({ columns: names, records, firstRow: 1 })
}

function readJson(text: string): Result<unknown> {
  try {
    return success<unknown>(JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text))
  } catch (error) {
    if (error instanceof SyntaxError) return failure(malformed(error.message))
    throw error
  }
}

function cellOf(row: unknown, column: string): string {
  const value = isPlainObject(row) ? row[column] : undefined
  return typeof value === 'string' ? value : ''
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function notText(index: number, column: string, value: unknown): Problem {
  return problem('CATALOG_ROW_MALFORMED', `rows[${index}].${column}`, {
    row: index + 1,
    field: column,
    value: JSON.stringify(value).slice(0, 80),
    form: '"text"',
  })
}

function malformed(why: string): Problem {
  return problem('CATALOG_FILE_MALFORMED', '', { format: 'JSON', why })
}
