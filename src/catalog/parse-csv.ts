import { CsvError, parse } from 'csv-parse/sync'
import { failure, problem, success, type Problem, type Result } from '../errors/problem.ts'
import type { RecordTable } from './record-table.ts'

/**
 * A CSV text (RFC 4180, header row, optional byte-order mark) as records; the header is row 1.
 *
 * `CATALOG_FILE_MALFORMED` with the line for broken quotes, rows of another length or a missing header.
 */
export function parseCatalogCsv(text: string): Result<RecordTable> {
  try {
    const [columns, ...records] = readRecords(text)
    if (columns !== undefined) return success({ columns, records, firstRow: 2 })
    return failure(malformed('no header', 1))
  } catch (error) {
    if (error instanceof CsvError) return failure(malformed(error.message, lineOf(error)))
    throw error
  }
}

function readRecords(text: string): string[][] {
  return parse(text, { bom: true, relax_column_count: false })
}

function lineOf(error: CsvError): number {
  const line: unknown = error['lines']
  return typeof line === 'number' ? line : 1
}

function malformed(why: string, line: number): Problem {
  return { ...problem('CATALOG_FILE_MALFORMED', '', { format: 'CSV', why }), line }
}
