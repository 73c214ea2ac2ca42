import { fen } from '../../src/money/fen.ts'
import type { BookRow } from '../../src/reconciliation/book-row.ts'
import type { DiscrepancyKind } from '../../src/reconciliation/kinds.ts'
import type { Chance } from '../hostile/chance.ts'
import { reversed } from './random-books.ts'

export interface TwoBooks<Row> {
  readonly ours: readonly Row[]
  readonly theirs: readonly Row[]
}

/** Settlements of one hospital, not reversed, that the fault may touch; faults in one book get different ones. */
export type Targets = readonly [string, string]

/** One difference put into level books. */
export interface Fault<Row> {
  readonly name: string
  readonly kind: DiscrepancyKind
  readonly inject: (books: TwoBooks<Row>, targets: Targets, chance: Chance) => TwoBooks<Row>
}

type Change = (row: BookRow) => readonly BookRow[]

function ofSettlement(rows: readonly BookRow[], settlement: string): readonly BookRow[] {
  return rows.filter((row) => row.settlement === settlement)
}

function anyRow(rows: readonly BookRow[], settlement: string, chance: Chance): BookRow {
  const row = chance.anyOf(ofSettlement(rows, settlement))
  if (row === undefined) throw new Error(`no rows of ${settlement}`)
  return row
}

/** The rows of `settlement` changed, at theirs. */
function changedAll(change: Change) {
  return ({ ours, theirs }: TwoBooks<BookRow>, [target]: Targets): TwoBooks<BookRow> => ({
    ours,
    theirs: theirs.flatMap((row) => (row.settlement === target ? change(row) : [row])),
  })
}

/** One row of `settlement` changed, at theirs. */
function changedOne(change: (row: BookRow, chance: Chance) => readonly BookRow[]) {
  return (
    { ours, theirs }: TwoBooks<BookRow>,
    [target]: Targets,
    chance: Chance,
  ): TwoBooks<BookRow> => {
    const chosen = anyRow(theirs, target, chance)
    return { ours, theirs: theirs.flatMap((row) => (row === chosen ? change(row, chance) : [row])) }
  }
}

function changedLine(change: Change) {
  return (
    { ours, theirs }: TwoBooks<BookRow>,
    [target]: Targets,
    chance: Chance,
  ): TwoBooks<BookRow> => {
    const { line } = anyRow(theirs, target, chance)
    const isChosen = (row: BookRow) => row.settlement === target && row.line === line
    return { ours, theirs: theirs.flatMap((row) => (isChosen(row) ? change(row) : [row])) }
  }
}

function swapped(inject: Fault<BookRow>['inject']): Fault<BookRow>['inject'] {
  return (books, targets, chance) => {
    const { ours, theirs } = inject({ ours: books.theirs, theirs: books.ours }, targets, chance)
    return { ours: theirs, theirs: ours }
  }
}

function plus(row: BookRow, more: number): BookRow {
  return { ...row, amount: fen(row.amount + more) }
}

function other(chance: Chance): number {
  return (6 + chance.below(90_000)) * (chance.below(2) === 0 ? 1 : -1)
}

function grown(row: BookRow, more: number): BookRow {
  const amount = row.amount + more
  return {
    ...row,
    amount: fen(amount > 0 && amount !== row.amount * 100 ? amount : row.amount + 7),
  }
}

const remove: Change = () => []
const twice: Change = (row) => [row, { ...row }]
const parted = (row: BookRow, chance: Chance): readonly [BookRow, BookRow] => {
  const part = 1 + chance.below(row.amount - 1)
  return [
    { ...row, amount: fen(part) },
    { ...row, amount: fen(row.amount - part) },
  ]
}
const addReversal: Fault<BookRow>['inject'] = ({ ours, theirs }, [target]) => ({
  ours,
  theirs: [...theirs, ...reversed(ofSettlement(theirs, target))],
})

/** Moves fen between the patient and another payer of one line; both keep something. */
function shifted(most: number): Fault<BookRow>['inject'] {
  return ({ ours, theirs }, [target], chance) => {
    const { line } = anyRow(theirs, target, chance)
    const rows = ofSettlement(theirs, target).filter((row) => row.line === line)
    const patient = rows.find(({ payer }) => payer === 'patient')
    const payer = rows.find((row) => row.payer !== 'patient')
    const part = most === 1 ? 1 : 2 + chance.below(90)
    return {
      ours,
      theirs: theirs.map((row) => {
        if (row === patient) return plus(row, -part)
        return row === payer ? plus(row, part) : row
      }),
    }
  }
}

const moved: Fault<BookRow>['inject'] = (books, [from, to], chance) => {
  const [home] = ofSettlement(books.theirs, to)
  if (home === undefined) throw new Error(`no rows of ${to}`)
  const { settlement, stay, person, day } = home
  const move: Change = (row) => [{ ...row, settlement, stay, person, day }]
  return changedLine(move)(books, [from, to], chance)
}

const compensating: Fault<BookRow>['inject'] = ({ ours, theirs }, [first, second], chance) => {
  const [left, right] = [anyRow(theirs, first, chance), anyRow(theirs, second, chance)]
  const part = 6 + chance.below(90)
  return {
    ours,
    theirs: theirs.map((row) => {
      if (row === left) return plus(row, part)
      return row === right ? plus(row, -part) : row
    }),
  }
}

/** What the patient pays of the first line, of one settlement in the other; amounts that are near each other only cancel. */
const exchanged: Fault<BookRow>['inject'] = (books, targets, chance) => {
  const [left, right] = targets.map((target) =>
    ofSettlement(books.theirs, target).find(
      ({ line, payer }) => line === '1' && payer === 'patient',
    ),
  )
  if (left === undefined || right === undefined) throw new Error('every settlement has a line 1')
  if (Math.abs(left.amount - right.amount) < 6) return compensating(books, targets, chance)
  const exchange = (row: BookRow) => {
    if (row === left) return { ...row, amount: right.amount }
    return row === right ? { ...row, amount: left.amount } : row
  }
  return { ours: books.ours, theirs: books.theirs.map(exchange) }
}

const someFen: Fault<BookRow>['inject'] = ({ ours, theirs }) => ({
  ours,
  theirs: theirs.map((row, index) => (index % 4 === 0 ? plus(row, index % 8 === 0 ? 3 : -2) : row)),
})

function fault(name: string, kind: DiscrepancyKind, inject: Fault<BookRow>['inject']) {
  return { name, kind, inject }
}

/** Each of these makes exactly one discrepancy of its kind. */
export const BOOK_FAULTS: readonly Fault<BookRow>[] = [
  fault('settlement missing at theirs', 'missingTheirs', changedAll(remove)),
  fault('line missing at theirs', 'missingTheirs', changedLine(remove)),
  fault('row missing at theirs', 'missingTheirs', changedOne(remove)),
  fault('settlement missing at ours', 'missingOurs', swapped(changedAll(remove))),
  fault('line missing at ours', 'missingOurs', swapped(changedLine(remove))),
  fault('reversed at theirs only', 'reversalTheirsOnly', addReversal),
  fault('reversed at ours only', 'reversalOursOnly', swapped(addReversal)),
  fault('settlement doubled at theirs', 'doubledTheirs', changedAll(twice)),
  fault('row doubled at theirs', 'doubledTheirs', changedOne(twice)),
  fault('settlement doubled at ours', 'doubledOurs', swapped(changedAll(twice))),
  fault(
    'another id',
    'idDiffers',
    changedAll((row) => [{ ...row, settlement: `X${row.settlement}` }]),
  ),
  fault('line in another settlement', 'movedLine', moved),
  fault(
    'another person',
    'personWrong',
    changedAll((row) => [{ ...row, person: 'P-other' }]),
  ),
  fault(
    'another person and visit',
    'personWrong',
    changedAll((row) => [{ ...row, person: 'P-other', stay: 'V-other' }]),
  ),
  fault(
    'another visit',
    'stayWrong',
    changedAll((row) => [{ ...row, stay: 'V-other' }]),
  ),
  fault(
    'another hospital',
    'hospitalWrong',
    changedAll((row) => [{ ...row, hospital: 'H9', payee: 'provider:H9' }]),
  ),
  fault(
    'another day',
    'dayWrong',
    changedAll((row) => [{ ...row, day: '2025-03-09' }]),
  ),
  fault(
    'another day on one row',
    'dayWrong',
    changedOne((row) => [{ ...row, day: '2025-03-09' }]),
  ),
  fault(
    'another payer',
    'payerWrong',
    changedOne((row) => [{ ...row, payer: 'payer:aid' }]),
  ),
  fault(
    'another payee',
    'payeeWrong',
    changedOne((row) => [{ ...row, payee: 'supplier:M' }]),
  ),
  fault('shares of a line', 'sharesDiffer', shifted(90)),
  fault('row split', 'split', changedOne(parted)),
  fault(
    'line split under two ids',
    'split',
    changedOne((row, chance) => {
      const [first, second] = parted(row, chance)
      return [
        { ...first, line: `${row.line}-a` },
        { ...second, line: `${row.line}-b` },
      ]
    }),
  ),
  fault('rows merged', 'merged', swapped(changedOne(parted))),
  fault(
    'sign of a row',
    'sign',
    changedOne((row) => [plus(row, -2 * row.amount)]),
  ),
  fault(
    'sign of a settlement',
    'sign',
    changedAll((row) => [plus(row, -2 * row.amount)]),
  ),
  fault(
    'fen for yuan',
    'unit',
    changedAll((row) => [plus(row, 99 * row.amount)]),
  ),
  fault('yuan for fen', 'unit', swapped(changedOne((row) => [plus(row, 99 * row.amount)]))),
  fault(
    'one fen on a row',
    'rounding',
    changedOne((row) => [plus(row, 1)]),
  ),
  fault('one fen between payers', 'rounding', shifted(1)),
  fault(
    'amount',
    'amountWrong',
    changedOne((row, chance) => [grown(row, other(chance))]),
  ),
  fault('two amounts that cancel', 'compensating', compensating),
  fault('amounts of two settlements exchanged', 'compensating', exchanged),
  fault(
    'payer and amount',
    'severalDiffer',
    changedOne((row) => [{ ...plus(row, 13), payer: 'payer:aid' }]),
  ),
]

/** A few fen on every fourth row: as many discrepancies, all of them rounding. */
export const SOME_FEN: Fault<BookRow> = fault('some fen on many rows', 'rounding', someFen)
