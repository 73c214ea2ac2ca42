import { readCsv } from '../csv.ts'
import { failure, problem, success, type Problem, type Result } from '../errors/problem.ts'
import type { RecordTable } from './record-table.ts'

/**
 * A CSV text (RFC 4180, header row, optional byte-order mark) as records; the header is row 1.
 *
 * `CATALOG_FILE_MALFORMED` for broken quotes with the line, for a row of another length than the header with the row,
 * and for a missing header.
 */
export function parseCatalogCsv(text: string): Result<RecordTable> {
  const reading = readCsv(text)
  if (!reading.ok) return failure(malformed('引号不成对 unpaired quote', reading.line))
  const [columns, ...records] = reading.rows
  if (columns === undefined) return failure(malformed('没有表头 no header', 1))
  const odd = records.findIndex(({ length }) => length !== columns.length)
  if (odd < 0) return success({ columns, records, firstRow: 2 })
  const cells = `${records[odd]?.length ?? 0} ≠ ${columns.length}`
  return failure(malformed(`列数与表头不同 not as many cells as the header: ${cells}`, odd + 2))
}

function malformed(why: string, line: number): Problem {
  return { ...problem('CATALOG_FILE_MALFORMED', '', { format: 'CSV', why }), line }
}
