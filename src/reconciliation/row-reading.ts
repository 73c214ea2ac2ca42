import { failureOf, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { addFen, fen, parseYuan, ZERO_FEN, type Fen } from '../money/fen.ts'
import { READING_LIMITS } from './reading-limits.ts'

/** Takes a file row by row, so that its text is never in memory as a whole. */
export interface RowReading<Row> {
  /** A row without its line end; false: enough is wrong, the rest need not be read. */
  readonly take: (text: string) => boolean
  /** The rows, or everything that is wrong, up to a bound. */
  readonly end: () => Result<readonly Row[]>
}

/** Reads one row: the row, nothing for a row to skip, or what is wrong with it. The first that is not blank may be a heading. */
export type RowReader<Row> = (text: string, isFirst: boolean) => Result<Row | undefined>

/**
 * Reads rows with `readRow`. Refuses rows that are too long (`RECONCILE_ROW_TOO_LONG`), too many rows
 * (`RECONCILE_FILE_TOO_LARGE`), and amounts whose sum leaves what is exact (`RECONCILE_SUM_TOO_LARGE`).
 */
export function readingRows<Row>(
  readRow: RowReader<Row>,
  amountsOf: (row: Row) => readonly Fen[],
): RowReading<Row> {
  const rows: Row[] = []
  const problems: Problem[] = []
  let [line, magnitude, isFirst] = [0, ZERO_FEN, true]
  const refuse = (item: Problem, isLast: boolean): boolean => {
    problems.push({ ...item, line })
    return !isLast && problems.length < READING_LIMITS.problems
  }
  const take = (text: string): boolean => {
    line += 1
    if (text.length > READING_LIMITS.rowCharacters) {
      const details = { max: READING_LIMITS.rowCharacters }
      return refuse(problem('RECONCILE_ROW_TOO_LONG', '', details), true)
    }
    if (text.trim() === '') return true
    if (rows.length >= READING_LIMITS.rows) {
      const details = { what: 'rows', max: READING_LIMITS.rows }
      return refuse(problem('RECONCILE_FILE_TOO_LARGE', '', details), true)
    }
    const read = readRow(text, isFirst)
    isFirst = false
    if (!read.ok) return read.problems.every((item) => refuse(item, false))
    if (read.value === undefined) return true
    const size = amountsOf(read.value).reduce((sum, amount) => sum + Math.abs(amount), 0)
    // Half of what is exact, so that the two books can be taken off against each other.
    if (size + magnitude > Number.MAX_SAFE_INTEGER / 2) {
      return refuse(problem('RECONCILE_SUM_TOO_LARGE', ''), true)
    }
    magnitude = addFen(magnitude, fen(size))
    rows.push(read.value)
    return true
  }
  const end = () => (problems.length > 0 ? failureOf<readonly Row[]>(problems) : success(rows))
  return { take, end }
}

export function quoted(text: string): string {
  const { quotedCharacters } = READING_LIMITS
  return text.length <= quotedCharacters ? text : `${text.slice(0, quotedCharacters)}…`
}

/** Values of one row, with what was wrong with them. */
export interface Cells {
  readonly problems: Problem[]
  /** Text of a cell, '' for one that is empty or "null". */
  readonly textAt: (field: string) => string
}

/** `RECONCILE_VALUE_MALFORMED`, saying how the value is written. */
export function refuseCell(cells: Cells, field: string, value: string, form: string): void {
  const details = { field, value: quoted(value), form }
  cells.problems.push(problem('RECONCILE_VALUE_MALFORMED', field, details))
}

/** An id that must be there. */
export function idAt(cells: Cells, field: string): string {
  const text = optionalAt(cells, field)
  if (text === '') refuseCell(cells, field, text, 'id')
  return text
}

/** Controls have no place in an id and would break what is shown of it. */
const CONTROL = /\p{Cc}/u

export function optionalAt(cells: Cells, field: string): string {
  const text = cells.textAt(field)
  if (text.length > READING_LIMITS.cellCharacters || CONTROL.test(text)) {
    refuseCell(cells, field, text, `text <= ${READING_LIMITS.cellCharacters}`)
  }
  return text
}

/** Yuan, exact to the fen; an empty cell is zero, as the platform has it. */
export function yuanAt(cells: Cells, field: string): Fen {
  const text = cells.textAt(field)
  if (text === '') return ZERO_FEN
  const read = parseYuan(text)
  if (read.ok) return read.value
  refuseCell(cells, field, text, '-1234.50')
  return ZERO_FEN
}

/** '0' or '1'. */
export function flagAt(cells: Cells, field: string): boolean {
  const text = cells.textAt(field)
  if (text !== '0' && text !== '1') refuseCell(cells, field, text, '0 | 1')
  return text === '1'
}
