import { closeSync, fstatSync, openSync } from 'node:fs'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import type { BookRow } from '../reconciliation/book-row.ts'
import { readingExport } from '../reconciliation/export-rows.ts'
import { readingDetail } from '../reconciliation/national-detail.ts'
import type { NationalRow } from '../reconciliation/national-row.ts'
import {
  readingResult,
  RESULT_COLUMNS,
  type PlatformResultRow,
} from '../reconciliation/platform-result.ts'
import { READING_LIMITS } from '../reconciliation/reading-limits.ts'
import type { RowReading } from '../reconciliation/row-reading.ts'
import { rereadable } from './reread.ts'

export const BOOK_FORMATS = ['3202', 'export'] as const

export type BookFormat = (typeof BOOK_FORMATS)[number]

/** A book as it was read; `empty`: no row that would say what it is. */
export type BookFile =
  | { readonly format: 'empty' }
  | { readonly format: '3202'; readonly rows: readonly NationalRow[] }
  | { readonly format: 'result'; readonly rows: readonly PlatformResultRow[] }
  | { readonly format: 'export'; readonly rows: readonly BookRow[] }

/**
 * Reads a 3202 file, a result file of the platform or an export, told apart by the first row unless `format` is stated.
 * UTF-8, else GB18030; also from a pipe. Problems name the file and the row.
 */
export function readBookFile(path: string, format?: BookFormat): Result<BookFile> {
  try {
    const file = openSync(path, 'r')
    try {
      if (fstatSync(file).size > READING_LIMITS.bytes) return failure(tooLarge(path))
      return readOpen(rereadable(file), path, format)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const isSystem = error instanceof Error && 'code' in error
    if (!isSystem) throw error
    return failure(fileProblem('RECONCILE_FILE_UNREADABLE', path, { why: String(error.code) }))
  }
}

type Bytes = () => Iterable<Uint8Array>

function readOpen(bytes: Bytes, path: string, format: BookFormat | undefined): Result<BookFile> {
  const read = readAs(bytes, path, 'utf-8', format) ?? readAs(bytes, path, 'gb18030', format)
  if (read === undefined) return failure(fileProblem('RECONCILE_FILE_ENCODING', path))
  return read.ok ? read : failureOf(read.problems.map((item) => ({ ...item, file: path })))
}

type Reading =
  | { readonly format: '3202'; readonly rows: RowReading<NationalRow> }
  | { readonly format: 'result'; readonly rows: RowReading<PlatformResultRow> }
  | { readonly format: 'export'; readonly rows: RowReading<BookRow> }

/** Undefined: the bytes are not text of this encoding. */
function readAs(
  bytes: Bytes,
  path: string,
  encoding: 'utf-8' | 'gb18030',
  format: BookFormat | undefined,
): Result<BookFile> | undefined {
  let reading: Reading | undefined
  let blank = 0
  const take = (text: string): boolean => {
    if (reading === undefined) {
      if (text.trim() === '') return (blank += 1) > 0
      reading = readingOf(text, format)
      // Counted, so that a problem names the row as an editor numbers it.
      for (let row = 0; row < blank; row += 1) reading.rows.take('')
    }
    return reading.rows.take(text)
  }
  const refused = feedRows(bytes(), path, encoding, take)
  if (refused === 'encoding') return undefined
  if (refused !== undefined) return failure(refused)
  return reading === undefined ? success({ format: 'empty' }) : finished(reading)
}

function readingOf(first: string, format: BookFormat | undefined): Reading {
  if (format === 'export' || (format === undefined && first.trimStart().startsWith('{'))) {
    return { format: 'export', rows: readingExport() }
  }
  const columns = first.split('\t')
  return columns.length === RESULT_COLUMNS.length || columns.includes('stmt_rslt')
    ? { format: 'result', rows: readingResult() }
    : { format: '3202', rows: readingDetail() }
}

function finished(reading: Reading): Result<BookFile> {
  if (reading.format === 'export') return withFormat(reading.format, reading.rows.end())
  if (reading.format === 'result') return withFormat(reading.format, reading.rows.end())
  return withFormat(reading.format, reading.rows.end())
}

function withFormat<Format extends string, Row>(
  format: Format,
  read: Result<readonly Row[]>,
): Result<{ readonly format: Format; readonly rows: readonly Row[] }> {
  return read.ok ? success({ format, rows: read.value }) : read
}

/** Hands the rows of a file to `take` until it has enough; says what is wrong with the file itself. */
function feedRows(
  parts: Iterable<Uint8Array>,
  path: string,
  encoding: 'utf-8' | 'gb18030',
  take: (text: string) => boolean,
): Problem | 'encoding' | undefined {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let [rest, total] = ['', 0]
  for (const part of parts) {
    const foreign = total === 0 ? foreignFormat(part, path) : undefined
    if (foreign !== undefined) return foreign
    total += part.length
    if (total > READING_LIMITS.bytes) return tooLarge(path)
    const text = decoded(decoder, part)
    if (text === undefined) return 'encoding'
    const rows = (rest + text).split('\n')
    rest = rows.pop() ?? ''
    for (const row of rows) if (!take(withoutReturn(row))) return undefined
    // A row that long is refused as soon as it is seen, so that a file without line ends is not gathered up.
    if (rest.length > READING_LIMITS.rowCharacters && !take(rest)) return undefined
  }
  const text = decoded(decoder)
  if (text === undefined) return 'encoding'
  take(withoutReturn(rest + text))
  return undefined
}

/** The text of the next bytes, or of what they left open at the end; undefined when they are something else. */
function decoded(decoder: InstanceType<typeof TextDecoder>, part?: Uint8Array): string | undefined {
  try {
    return part === undefined ? decoder.decode() : decoder.decode(part, { stream: true })
  } catch {
    return undefined
  }
}

function withoutReturn(row: string): string {
  return row.endsWith('\r') ? row.slice(0, -1) : row
}

/** First bytes of what is no plain text. */
const FOREIGN: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'zip'],
  [[0x1f, 0x8b], 'gzip'],
  [[0x52, 0x61, 0x72, 0x21], 'rar'],
  [[0xff, 0xfe], 'UTF-16'],
  [[0xfe, 0xff], 'UTF-16'],
]

function foreignFormat(head: Uint8Array, path: string): Problem | undefined {
  const found = FOREIGN.find(([bytes]) => bytes.every((byte, index) => head[index] === byte))
  if (found === undefined) return undefined
  const [, format] = found
  return format === 'UTF-16'
    ? fileProblem('RECONCILE_FILE_ENCODING', path)
    : fileProblem('RECONCILE_FILE_PACKED', path, { format })
}

function tooLarge(path: string): Problem {
  const details = { what: 'bytes', max: READING_LIMITS.bytes }
  return fileProblem('RECONCILE_FILE_TOO_LARGE', path, details)
}

function fileProblem(
  code:
    | 'RECONCILE_FILE_UNREADABLE'
    | 'RECONCILE_FILE_PACKED'
    | 'RECONCILE_FILE_ENCODING'
    | 'RECONCILE_FILE_TOO_LARGE',
  file: string,
  details: Readonly<Record<string, string | number>> = {},
): Problem {
  return { ...problem(code, '', { file, ...details }), file }
}
