import { amountError, manySmall } from './amount-error.ts'
import { joined } from './book-row.ts'
import { joinCompensating } from './compensating.ts'
import type { Comparison, Discrepancy } from './discrepancy.ts'
import { dividedRows } from './divided-rows.ts'
import type { DiscrepancyKind } from './kinds.ts'
import {
  NATIONAL_AMOUNTS,
  nationalAmounts,
  nationalKey,
  nationalWhole,
  type NationalIdentity,
  type NationalRow,
} from './national-row.ts'
import {
  assertExplained,
  naming,
  pairOff,
  totalsOf,
  unequalRows,
  type OpenRows,
  type Pair,
} from './open-rows.ts'

type Found = Discrepancy<NationalRow>

const WIDTH = NATIONAL_AMOUNTS.length
const named = naming(nationalAmounts, WIDTH)

/**
 * What differs between two 3202 files, ours and the platform's. Each row without an equal counterpart is part of exactly one
 * discrepancy; level files give none.
 *
 * A reversal has a setl_id of its own at the platform, which we may not know: one of the same visit, person and amounts is
 * the same reversal.
 */
export function compareNational(
  ours: readonly NationalRow[],
  theirs: readonly NationalRow[],
): Comparison<NationalRow> {
  const { open, copies } = unequalRows(ours, theirs, (row) => wholeKey(row))
  const disputed = pairOff(open, (row) => nationalWhole(row))
  pairOff(open, (row) => (row.reversal ? wholeKey(row, ['id']) : undefined))
  const keys = { ours: keysOf(ours), theirs: keysOf(theirs) }
  const discrepancies = [
    ...[...copies.theirs].map((row) => named('doubledTheirs', [], [row])),
    ...[...copies.ours].map((row) => named('doubledOurs', [row], [])),
    ...disputed.map((pair) => namedPair('disputed', pair)),
    ...otherIdentity(open),
    ...dividedRows(open),
    ...otherDirection(open),
    ...wrongAmounts(open),
    ...pairOff(open, idKey).map((pair) => namedPair('severalDiffer', pair)),
    ...oneSided(open, keys),
  ]
  const totals = {
    ours: totalsOf(ours, nationalAmounts, WIDTH),
    theirs: totalsOf(theirs, nationalAmounts, WIDTH),
  }
  assertExplained(totals.ours, totals.theirs, discrepancies)
  return { ...totals, discrepancies }
}

/** `nationalWhole`, by which a disputed row is equal to none of ours. */
function wholeKey(row: NationalRow, ignored: readonly NationalIdentity[] = []): string {
  return joined([nationalWhole(row, ignored), String(row.disputed === true)])
}

interface Keys {
  readonly ours: ReadonlySet<string>
  readonly theirs: ReadonlySet<string>
}

function keysOf(rows: readonly NationalRow[]): ReadonlySet<string> {
  return new Set(rows.map(idKey))
}

function idKey({ id, reversal }: NationalRow): string {
  return joined([id, String(reversal)])
}

function otherIdentity(open: OpenRows<NationalRow>): readonly Found[] {
  const passes = [
    ['personWrong', ['person']],
    ['stayWrong', ['visit']],
    ['personWrong', ['person', 'visit']],
    ['idDiffers', ['id']],
  ] as const
  return passes.flatMap(([kind, ignored]) =>
    pairOff(open, (row) => nationalWhole(row, ignored)).map((pair) => namedPair(kind, pair)),
  )
}

function namedPair(kind: DiscrepancyKind, { ours, theirs }: Pair<NationalRow>): Found {
  return named(kind, [ours], [theirs])
}

/** A settlement under the flag of a reversal, or booked the wrong way round as one. */
function otherDirection(open: OpenRows<NationalRow>): readonly Found[] {
  const magnitude = (row: NationalRow, reversal: boolean) =>
    joined([
      nationalKey({ ...row, reversal }),
      ...nationalAmounts(row).map((amount) => String(Math.abs(amount))),
    ])
  const pairs = pairOff(
    open,
    (row) => magnitude(row, row.reversal),
    (row) => magnitude(row, !row.reversal),
  )
  return pairs.map((pair) =>
    namedPair(pair.ours.total === pair.theirs.total ? 'flagWrong' : 'sign', pair),
  )
}

function wrongAmounts(open: OpenRows<NationalRow>): readonly Found[] {
  const pairs = [
    ...pairOff(open, (row) => nationalKey(row)),
    ...pairOff(open, (row) => (row.reversal ? nationalKey(row, ['id']) : undefined)),
  ]
  const found = pairs.map((pair) => namedPair(amountKind(pair), pair))
  const isSmall = manySmall(found.map(({ effect }) => effect))
  const settled = found.map((item, index) =>
    isSmall[index] === true && isPlain(item) ? { ...item, kind: 'rounding' as const } : item,
  )
  return [...settled.filter((item) => !isPlain(item)), ...joinCompensating(settled.filter(isPlain))]
}

const PLAIN: readonly DiscrepancyKind[] = [
  'totalWrong',
  'fundWrong',
  'accountWrong',
  'amountsWrong',
]

/** A wrong amount of which nothing more is known. */
function isPlain({ kind }: Found): boolean {
  return PLAIN.includes(kind)
}

function amountKind({ ours, theirs }: Pair<NationalRow>): DiscrepancyKind {
  const total = theirs.total - ours.total
  const fund = theirs.fund - ours.fund
  const account = theirs.account - ours.account
  if (total === 0 && account === 0 && Math.abs(fund) === Math.abs(ours.account)) {
    return 'accountInFund'
  }
  const error = amountError(nationalAmounts(ours), nationalAmounts(theirs))
  if (error !== undefined) return error
  if (total === 0 && fund === -account) return 'fundAccountShift'
  const differing = [total, fund, account].filter((part) => part !== 0)
  if (differing.length > 1) return 'amountsWrong'
  if (total !== 0) return 'totalWrong'
  return fund === 0 ? 'accountWrong' : 'fundWrong'
}

/** Whoever has a settlement on one side only lacks its reversal too; a reversal alone is another matter. */
function oneSided(open: OpenRows<NationalRow>, keys: Keys): readonly Found[] {
  const isLone = (row: NationalRow, own: Keys['ours'], other: Keys['ours']) => {
    const settled = joined([row.id, 'false'])
    return row.reversal && (!own.has(settled) || other.has(settled))
  }
  return [
    ...[...open.ours].map((row) =>
      named(isLone(row, keys.ours, keys.theirs) ? 'reversalOursOnly' : 'missingTheirs', [row], []),
    ),
    ...[...open.theirs].map((row) =>
      named(isLone(row, keys.theirs, keys.ours) ? 'reversalTheirsOnly' : 'missingOurs', [], [row]),
    ),
  ]
}
