import { joinCompensating } from './compensating.ts'
import { amountError, manySmall } from './amount-error.ts'
import { bookKey, eventOf, joined, lineOf, type BookField, type BookRow } from './book-row.ts'
import type { Comparison, Discrepancy } from './discrepancy.ts'
import type { DiscrepancyKind } from './kinds.ts'
import {
  assertExplained,
  close,
  facing,
  grouped,
  naming,
  pairOff,
  totalsOf,
  unequalRows,
  type OpenRows,
  type Pair,
} from './open-rows.ts'

type Found = Discrepancy<BookRow>

const amountsOf = ({ amount }: BookRow) => [amount]
const named = naming(amountsOf, 1)

/**
 * What differs between two books, row by row: per line, payer, payee, hospital, stay and day. Each row that has no equal
 * counterpart is part of exactly one discrepancy; level books give none. The order of rows does not matter to what is found.
 */
export function compareBooks(
  ours: readonly BookRow[],
  theirs: readonly BookRow[],
): Comparison<BookRow> {
  const { open, copies } = unequalRows(ours, theirs, (row) => wholeKey(row))
  const events = { ours: new Set(ours.map(eventOf)), theirs: new Set(theirs.map(eventOf)) }
  const discrepancies = [
    ...doubled(copies),
    ...otherFields(open),
    ...movedLines(open, events),
    ...dividedRows(open),
    ...sharesOfLines(open),
    ...wrongAmounts(open),
    ...severalFields(open),
    ...oneSided(open, events),
  ]
  const totals = { ours: totalsOf(ours, amountsOf, 1), theirs: totalsOf(theirs, amountsOf, 1) }
  assertExplained(totals.ours, totals.theirs, discrepancies)
  return { ...totals, discrepancies }
}

/** `bookKey` with the amount. */
function wholeKey(row: BookRow, ignored: readonly BookField[] = []): string {
  return joined([bookKey(row, ignored), String(row.amount)])
}

function doubled({ ours, theirs }: OpenRows<BookRow>): readonly Found[] {
  return [
    ...[...grouped(theirs, eventOf).values()].map((rows) => named('doubledTheirs', [], rows)),
    ...[...grouped(ours, eventOf).values()].map((rows) => named('doubledOurs', rows, [])),
  ]
}

/** Rows equal but for these fields; the fewer, the earlier. */
const FIELD_PASSES: readonly (readonly [DiscrepancyKind, readonly BookField[]])[] = [
  ['dayWrong', ['day']],
  ['personWrong', ['person']],
  ['stayWrong', ['stay']],
  ['personWrong', ['person', 'stay']],
  ['hospitalWrong', ['hospital']],
  ['payerWrong', ['payer']],
  ['payeeWrong', ['payee']],
  ['hospitalWrong', ['hospital', 'payee']],
]

function otherFields(open: OpenRows<BookRow>): readonly Found[] {
  return FIELD_PASSES.flatMap(([kind, fields]) => {
    const pairs = pairOff(open, (row) => wholeKey(row, fields))
    return namedPairs(kind, pairs, ({ ours, theirs }) =>
      joined([eventOf(ours), ...fields.flatMap((field) => [ours[field], theirs[field]])]),
    )
  })
}

/** One discrepancy for each group of pairs. */
function namedPairs(
  kind: DiscrepancyKind,
  pairs: readonly Pair<BookRow>[],
  groupOf: (pair: Pair<BookRow>) => string,
): readonly Found[] {
  return [...grouped(pairs, groupOf).values()].map((group) =>
    named(
      kind,
      group.map(({ ours }) => ours),
      group.map(({ theirs }) => theirs),
    ),
  )
}

interface Events {
  readonly ours: ReadonlySet<string>
  readonly theirs: ReadonlySet<string>
}

/**
 * Rows that stand under another settlement: all of it, when neither book knows the other's number; else lines that were put
 * to another settlement. One patient's settlement is not taken for another's because a registration fee is the same: a line
 * open in both books under its own settlement is that settlement's, whatever other line has its amount.
 */
function movedLines(open: OpenRows<BookRow>, events: Events): readonly Found[] {
  const isOurs = (row: BookRow) => events.ours.has(eventOf(row))
  const isInBoth = (row: BookRow) => isOurs(row) && events.theirs.has(eventOf(row))
  const renamed = pairOff(open, (row) =>
    isInBoth(row) ? undefined : wholeKey(row, ['settlement']),
  )
  const openLines = { ours: linesOf(open.ours), theirs: linesOf(open.theirs) }
  const isAtHome = (row: BookRow) =>
    openLines.ours.has(lineOf(row)) && openLines.theirs.has(lineOf(row))
  const keyOf = (row: BookRow) =>
    isAtHome(row) ? undefined : wholeKey(row, ['settlement', 'stay', 'person', 'day'])
  const moved = pairOff(open, keyOf, (row) => (isOurs(row) ? keyOf(row) : undefined))
  const groupOf = ({ ours, theirs }: Pair<BookRow>) => joined([eventOf(ours), eventOf(theirs)])
  return [...namedPairs('idDiffers', renamed, groupOf), ...namedPairs('movedLine', moved, groupOf)]
}

function linesOf(rows: Iterable<BookRow>): ReadonlySet<string> {
  return new Set([...rows].map(lineOf))
}

/** One row of one book that is several in the other, under the same line or under several. */
function dividedRows(open: OpenRows<BookRow>): readonly Found[] {
  return [[], ['line'] as const].flatMap((ignored) =>
    facing(open, (row) => bookKey(row, ignored)).flatMap(({ ours, theirs }) => {
      const isDivided = ours.length !== theirs.length && Math.min(ours.length, theirs.length) === 1
      const found = named(ours.length === 1 ? 'split' : 'merged', ours, theirs)
      if (!isDivided || found.effect[0] !== 0) return []
      close(open, ours, theirs)
      return [found]
    }),
  )
}

/** Lines whose sum is level while the payers' parts of it are not. */
function sharesOfLines(open: OpenRows<BookRow>): readonly Found[] {
  const keyOf = (row: BookRow) => bookKey(row, ['payer'])
  return facing(open, keyOf).flatMap(({ ours, theirs }) => {
    const shares = payerDifferences(ours, theirs)
    const sum = shares.reduce((left, right) => left + right, 0)
    if (sum !== 0 || shares.length < 2) return []
    close(open, ours, theirs)
    const isRounding = shares.every((share) => Math.abs(share) <= 1)
    return [named(isRounding ? 'rounding' : 'sharesDiffer', ours, theirs)]
  })
}

/** Theirs less ours, for each payer. */
function payerDifferences(ours: readonly BookRow[], theirs: readonly BookRow[]): readonly number[] {
  const sums = new Map<string, number>()
  for (const { payer, amount } of theirs) sums.set(payer, (sums.get(payer) ?? 0) + amount)
  for (const { payer, amount } of ours) sums.set(payer, (sums.get(payer) ?? 0) - amount)
  return [...sums.values()]
}

function wrongAmounts(open: OpenRows<BookRow>): readonly Found[] {
  const pairs = pairOff(open, (row) => bookKey(row))
  const errorOf = ({ ours, theirs }: Pair<BookRow>) => amountError([ours.amount], [theirs.amount])
  const kinds = grouped(pairs, (pair) => errorOf(pair) ?? 'amountWrong')
  const ofEvent = ({ ours }: Pair<BookRow>) => eventOf(ours)
  const ofLine = ({ ours }: Pair<BookRow>) => lineOf(ours)
  const wrong = (kinds.get('amountWrong') ?? []).map((pair) =>
    named('amountWrong', [pair.ours], [pair.theirs]),
  )
  const isSmall = manySmall([
    ...wrong.map(({ effect }) => effect),
    ...(kinds.get('rounding') ?? []).map(({ ours, theirs }) => [theirs.amount - ours.amount]),
  ])
  return [
    ...namedPairs('sign', kinds.get('sign') ?? [], ofEvent),
    ...namedPairs('unit', kinds.get('unit') ?? [], ofEvent),
    ...namedPairs('rounding', kinds.get('rounding') ?? [], ofLine),
    ...wrong.flatMap((item, index) =>
      isSmall[index] === true ? [{ ...item, kind: 'rounding' as const }] : [],
    ),
    ...joinCompensating(wrong.filter((_, index) => isSmall[index] !== true)),
  ]
}

/** Lines that both books have under one settlement and of which nothing simpler can be said. */
function severalFields(open: OpenRows<BookRow>): readonly Found[] {
  return facing(open, lineOf).map(({ ours, theirs }) => {
    close(open, ours, theirs)
    return named('severalDiffer', ours, theirs)
  })
}

/** What is left has no counterpart: whole events, or lines of events that both books have. */
function oneSided(open: OpenRows<BookRow>, events: Events): readonly Found[] {
  const ofPart = (other: ReadonlySet<string>) => (row: BookRow) =>
    other.has(eventOf(row)) ? lineOf(row) : eventOf(row)
  const isLoneReversal = (
    rows: readonly BookRow[],
    own: ReadonlySet<string>,
    other: Events['ours'],
  ) => {
    const [row] = rows
    if (row?.kind !== 'reversal' || other.has(eventOf(row))) return false
    const settled = eventOf({ ...row, kind: 'settlement' })
    return !own.has(settled) || other.has(settled)
  }
  return [
    ...[...grouped(open.ours, ofPart(events.theirs)).values()].map((rows) =>
      named(
        isLoneReversal(rows, events.ours, events.theirs) ? 'reversalOursOnly' : 'missingTheirs',
        rows,
        [],
      ),
    ),
    ...[...grouped(open.theirs, ofPart(events.ours)).values()].map((rows) =>
      named(
        isLoneReversal(rows, events.theirs, events.ours) ? 'reversalTheirsOnly' : 'missingOurs',
        [],
        rows,
      ),
    ),
  ]
}
