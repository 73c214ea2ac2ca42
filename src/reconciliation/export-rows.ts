import { parseEpochDay } from '../catalog/epoch-day.ts'
import { failure, failureOf, problem, success, type Result } from '../errors/problem.ts'
import { fen, ZERO_FEN, type Fen } from '../money/fen.ts'
import { parseJsonExact } from '../protocol/json-exact.ts'
import { BOOK_FIELDS, ROW_KINDS, type BookRow } from './book-row.ts'
import {
  idAt,
  optionalAt,
  readingRows,
  refuseCell,
  quoted,
  type Cells,
  type RowReading,
} from './row-reading.ts'

const NAMES: readonly string[] = [...BOOK_FIELDS, 'amount']

/** One row of an export, without a line end: an object with the members of `BookRow`, the amount in whole fen. */
export function exportLine(row: BookRow): string {
  const ordered = BOOK_FIELDS.map((field) => [field, row[field]] as const)
  return JSON.stringify(Object.fromEntries([...ordered, ['amount', row.amount] as const]))
}

/** A whole export (NDJSON). */
export function exportText(rows: Iterable<BookRow>): string {
  return Array.from(rows, (row) => `${exportLine(row)}\n`).join('')
}

/**
 * Reads an export: one JSON object a row with exactly the members of `BookRow`. The amount is a whole number of fen, not
 * zero. Text that occurs again is kept once.
 */
export function readingExport(): RowReading<BookRow> {
  const known = new Map<string, string>()
  const once = (text: string): string => {
    const before = known.get(text)
    if (before !== undefined) return before
    const own = detached(text)
    known.set(own, own)
    return own
  }
  return readingRows(
    (text) => readRow(text, once),
    ({ amount }) => [amount],
  )
}

/** A copy: a part of a row would keep the whole piece of the file in memory. */
function detached(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}

/** A row as `exportLine` writes it where no text needs an escape: the same text is its own value, and most rows are so. */
const AS_WRITTEN = new RegExp(
  `^\\{${BOOK_FIELDS.map((field) => `"${field}":"([^"\\\\\\p{Cc}]*)"`).join(',')},"amount":(-?[0-9]+)\\}$`,
  'u',
)

function readRow(text: string, once: (text: string) => string): Result<BookRow> {
  const written = AS_WRITTEN.exec(text)
  const members = written === null ? membersOf(text) : success(new Map(namesWith(written)))
  if (!members.ok) return members
  const cells: Cells = {
    problems: [],
    textAt: (field) => members.value.get(field) ?? '',
  }
  const row = rowOf(cells, once)
  return cells.problems.length === 0 ? success(row) : failureOf(cells.problems)
}

function namesWith(written: readonly string[]): readonly (readonly [string, string])[] {
  return NAMES.map((name, index) => [name, written[index + 1] ?? ''])
}

/** The members of any other JSON object, numbers as their text. */
function membersOf(text: string): Result<ReadonlyMap<string, string>> {
  const parsed = parseJsonExact(text)
  if (!parsed.ok) return parsed
  const { value } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failure(problem('RECONCILE_ROW_NOT_OBJECT', '', { text: quoted(text) }))
  }
  const members = new Map<string, unknown>(Object.entries(value))
  const unknown = [...members.keys()].filter((name) => !NAMES.includes(name))
  const missing = NAMES.filter((name) => !members.has(name))
  if (unknown.length + missing.length > 0) {
    const details = { missing: missing.join(' '), unknown: quoted(unknown.join(' ')) }
    return failure(problem('RECONCILE_MEMBERS_DIFFER', '', details))
  }
  const cells: Cells = { problems: [], textAt: () => '' }
  const texts = new Map<string, string>()
  for (const [name, content] of members) {
    if (typeof content === 'string') texts.set(name, content)
    else refuseCell(cells, name, JSON.stringify(content), '"…"')
  }
  return cells.problems.length === 0 ? success(texts) : failureOf(cells.problems)
}

function rowOf(cells: Cells, once: (text: string) => string): BookRow {
  const day = cells.textAt('day')
  if (parseEpochDay(day) === undefined) refuseCell(cells, 'day', day, 'YYYY-MM-DD')
  const stated = cells.textAt('kind')
  const kind = ROW_KINDS.find((name) => name === stated)
  if (kind === undefined) refuseCell(cells, 'kind', stated, ROW_KINDS.join(' | '))
  return {
    settlement: once(idAt(cells, 'settlement')),
    kind: kind ?? 'settlement',
    day: once(day),
    hospital: once(optionalAt(cells, 'hospital')),
    stay: once(optionalAt(cells, 'stay')),
    person: once(optionalAt(cells, 'person')),
    line: once(optionalAt(cells, 'line')),
    payer: once(idAt(cells, 'payer')),
    payee: once(idAt(cells, 'payee')),
    amount: fenAt(cells),
  }
}

function fenAt(cells: Cells): Fen {
  const text = cells.textAt('amount')
  const amount = /^-?[1-9][0-9]{0,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(amount)) return fen(amount)
  refuseCell(cells, 'amount', text, '123450 (fen)')
  return ZERO_FEN
}
