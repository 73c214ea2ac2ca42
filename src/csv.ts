import { Parser, type Options } from 'csv-parse'
import { CsvError, parse } from 'csv-parse/sync'

const DIALECT = {
  bom: true,
  relax_column_count: true,
  record_delimiter: ['\r\n', '\n', '\r'],
} as const satisfies Options

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
    const rows: string[][] = parse(text, { ...DIALECT })
    return { ok: true, rows }
  } catch (error) {
    if (error instanceof CsvError) return { ok: false, line: lineOf(error) }
    throw error
  }
}

/** The next rows, or the first place where the bytes are no CSV; nothing comes after that. */
export type CsvPart =
  | { readonly ok: true; readonly rows: readonly (readonly string[])[] }
  | { readonly ok: false; readonly line: number; readonly why: 'malformed' | 'tooLong' }

/**
 * As `readCsv` for a file of any size: the rows of UTF-8 `chunks` as they come, at most one row and one chunk held.
 * `rowCharactersMax` bounds a row, so that a quote that is never closed does not gather the rest of the file.
 */
export async function* readCsvParts(
  chunks: AsyncIterable<Uint8Array>,
  rowCharactersMax: number,
): AsyncGenerator<CsvPart> {
  // One write hands over all rows of its chunk at once: the stream must not stop for a reader in between.
  const highWaterMark = { readableHighWaterMark: Number.MAX_SAFE_INTEGER }
  const parser = new Parser({ ...DIALECT, max_record_size: rowCharactersMax, ...highWaterMark })
  // Told by `errored` at once; the event comes later.
  parser.on('error', () => undefined)
  try {
    for await (const chunk of chunks) {
      parser.write(chunk)
      const rows = rowsIn(parser)
      if (rows.length > 0) yield { ok: true, rows }
      if (parser.errored === null) continue
      yield refused(parser.errored)
      return
    }
    parser.end()
    const rows: string[][] = []
    for await (const row of parser) rows.push(asRow(row))
    if (rows.length > 0) yield { ok: true, rows }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    yield refused(error)
  } finally {
    parser.destroy()
  }
}

function rowsIn(parser: Parser): string[][] {
  const rows: string[][] = []
  for (;;) {
    const row: unknown = parser.read()
    if (row === null) return rows
    rows.push(asRow(row))
  }
}

/** Without columns and casts the parser gives a list of texts for every row. */
function asRow(row: unknown): string[] {
  return row as string[]
}

function refused(error: Error): CsvPart {
  if (!(error instanceof CsvError)) throw error
  const why = error.code === 'CSV_MAX_RECORD_SIZE' ? 'tooLong' : 'malformed'
  return { ok: false, line: lineOf(error), why }
}

function lineOf(error: CsvError): number {
  const line: unknown = error['lines']
  return typeof line === 'number' ? line : 1
}
