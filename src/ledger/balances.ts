import { assert } from '../assert.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { parseYuan } from '../money/fen.ts'
import type { SplitAnswer } from './answer.ts'
import { NumberText } from './bytes/number-text.ts'
import { TAG } from './bytes/tags.ts'
import { lengthOf } from '../text-units.ts'
import type { Posting } from './record.ts'
import { rowKey, type Rows } from './rows.ts'

/** What a bill, its reversal or a difference to it adds to the totals of a day (national 3201); fen, signed. */
export interface RowSums {
  readonly rows: number
  readonly cost: number
  /** What package prices gave the hospital above the cost. */
  readonly packages: number
  readonly fund: number
  readonly account: number
  readonly cash: number
}

const NO_SUMS: RowSums = { rows: 0, cost: 0, packages: 0, fund: 0, account: 0, cash: 0 }

export function rowSumsOf(
  { total, packageAdjustment, setlinfo }: SplitAnswer,
  sign: 1 | -1,
): RowSums {
  const fen = (field: string) => sign * yuanOf(setlinfo[field])
  return {
    rows: 1,
    cost: sign * total,
    // Below zero the hospital bears the difference, and payees receive the cost.
    packages: sign * Math.max(0, packageAdjustment),
    fund: fen('fund_pay_sumamt'),
    account: fen('acct_pay'),
    cash: fen('psn_cash_pay'),
  }
}

/** What a recalculation adds: one row with the difference; nothing where it changes none of the national amounts. */
export function differenceSums(before: SplitAnswer, now: SplitAnswer): RowSums {
  const sums = added(rowSumsOf(now, 1), rowSumsOf(before, -1))
  const { cost, fund, account, cash } = sums
  const isSame = [cost, fund, account, cash].every((amount) => amount === 0)
  return { ...sums, rows: isSame ? 0 : 1 }
}

function added(left: RowSums, right: RowSums): RowSums {
  return {
    rows: left.rows + right.rows,
    cost: left.cost + right.cost,
    packages: left.packages + right.packages,
    fund: left.fund + right.fund,
    account: left.account + right.account,
    cash: left.cash + right.cash,
  }
}

const numberText = new NumberText()

function yuanOf(text: string | null | undefined): number {
  if (text === null || text === undefined) return 0
  // As nearly all are written; it is read without the pieces that a pattern would cut.
  if (numberText.read(text, lengthOf(text)) === TAG.yuanText) return numberText.digits
  const amount = parseYuan(text)
  assert(amount.ok, 'the national record has amounts in yuan')
  return amount.value
}

/** Who owes comes before who is owed: an entry and its opposite are one pair. */
const ACCOUNTS = ['payer', 'hospital', 'patient', 'supplier', 'provider']

function rankOf(account: string): number {
  const end = account.indexOf(':')
  const length = end < 0 ? account.length : end
  for (let rank = 0; rank < ACCOUNTS.length; rank += 1) {
    const kind = ACCOUNTS[rank] ?? ''
    if (kind.length === length && account.startsWith(kind)) return rank
  }
  return -1
}

/** From and to of a pair. Only the latter may hold the sign between them: suppliers are named by bills. */
export function accountsOf(pair: string): readonly [from: string, to: string] {
  const end = pair.indexOf('>')
  return [pair.slice(0, end), pair.slice(end + 1)]
}

/** Adds postings and sums to the row of the hospital's accounting day. */
export function changeBalance(
  rows: Rows,
  { day, hospital }: { readonly day: number; readonly hospital: string },
  postings: readonly Posting[],
  sums: RowSums | undefined,
): void {
  if (postings.length === 0 && sums === undefined) return
  const key = rowKey(formatEpochDay(day), hospital)
  const before = rows.get('balance', key)
  const pairs = copied(before?.pairs)
  for (const [from, to, amount] of postings) {
    assert(Number.isSafeInteger(amount) && amount > 0, 'a posting is above zero')
    const isForward = rankOf(from) <= rankOf(to)
    const pair = isForward ? `${from}>${to}` : `${to}>${from}`
    const now = (pairs.get(pair) ?? 0) + (isForward ? amount : 0 - amount)
    assert(Number.isSafeInteger(now), 'a balance stays in the exact range')
    if (now === 0) pairs.delete(pair)
    else pairs.set(pair, now)
  }
  rows.put('balance', key, { pairs, ...added(before ?? NO_SUMS, sums ?? NO_SUMS) })
}

/** Entry by entry: `new Map(map)` makes a list for each. */
function copied(amounts: ReadonlyMap<string, number> | undefined): Map<string, number> {
  const copy = new Map<string, number>()
  if (amounts === undefined) return copy
  for (const [key, amount] of amounts) copy.set(key, amount)
  return copy
}
