import { CsvError, parse } from 'csv-parse/sync'

/** Rows of cells, or the first place where the text is no CSV. */
export type CsvReading =
  { readonly ok: true; readonly rows: string[][] } | { readonly ok: false; readonly line: number }

/**
 * Every row of an RFC 4180 text, for catalogues of hundreds of thousands of rows and lists beside packs alike: quoted
 * cells, doubled quotes, lines ended by CRLF, LF or CR, an optional byte-order mark. Rows may differ in length; an empty
 * line is a row of one empty cell.
 *
 * Refused with its line, counted from 1: a quote that is never closed, text behind a closing quote, a quote inside a
 * cell that does not begin with one.
 */
export function readCsv(text: string): CsvReading {
  try {
    const rows: string[][] = parse(text, {
      bom: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    })
    return { ok: true, rows }
  } catch (error) {
    if (error instanceof CsvError) return { ok: false, line: lineOf(error) }
    throw error
  }
}

function lineOf(error: CsvError): number {
  const line: unknown = error['lines']
  return typeof line === 'number' ? line : 1
}
