import { accountsOf } from '../../ledger/balances.ts'
import { problem, type Problem } from '../../errors/problem.ts'
import { decodeRow } from '../../ledger/row-codec.ts'
import type { BalanceRow, HeadRow } from '../../ledger/rows.ts'
import { decode } from '../../protocol/codec.ts'
import type { Store } from '../ports.ts'
import { HEAD_KEY } from '../store-rows.ts'
import { firstDifference, shortText } from './first-difference.ts'
import type { RowDifference } from './folded-rows.ts'

/** A difference between a stored row and the one that the journal gives, in words. */
export function rowProblem({ table, key, folded, stored }: RowDifference): Problem {
  const named = { table, key: shownKey(key) }
  const read = (bytes: Uint8Array): unknown => readable(() => decodeRow(table, bytes))
  if (folded === undefined) {
    const details = { ...named, stored: shortText(stored === undefined ? '' : read(stored)) }
    return problem('LEDGER_ROW_EXTRA', '', details)
  }
  if (stored === undefined) {
    return problem('LEDGER_ROW_MISSING', '', { ...named, recomputed: shortText(read(folded)) })
  }
  const found = firstDifference(read(stored), read(folded)) ?? {
    field: 'bytes',
    stored: shortText(stored),
    recomputed: shortText(folded),
  }
  return problem('LEDGER_ROW_DIFFERS', '', { ...named, ...found })
}

/** Keys are of two parts with U+0000 between. */
export function shownKey(key: string | number): string {
  return String(key).replaceAll('\u0000', ' / ')
}

function readable(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Head as stored beside the head that the journal gives. */
export function* headProblems(store: Store, head: HeadRow): Generator<Problem> {
  const bytes = store.get('meta', HEAD_KEY)
  const stored = bytes === undefined ? undefined : readable(() => decode(bytes))
  const found = firstDifference(stored, head.seq === 0 && bytes === undefined ? undefined : head)
  if (found !== undefined) yield problem('LEDGER_HEAD_DIFFERS', found.field, { ...found })
  for (const { key, value } of store.range('meta')) {
    if (key === HEAD_KEY) continue
    const details = { table: 'meta', key: shownKey(key), stored: shortText(value) }
    yield problem('LEDGER_ROW_EXTRA', '', details)
  }
}

/** Rows of table `content` that no record names. */
export function* contentProblems(store: Store, named: ReadonlySet<string>): Generator<Problem> {
  for (const { key, value } of store.range('content')) {
    if (named.has(String(key))) continue
    const stored = `${value.length} B`
    yield problem('LEDGER_ROW_EXTRA', '', { table: 'content', key: shownKey(key), stored })
  }
}

/**
 * Each hospital's day by itself: all accounts come to zero, and what came to the payees is what the bills cost, and what package
 * prices gave above that.
 */
export function* balanceProblems(store: Store): Generator<Problem> {
  for (const { key, value } of store.range('balance')) {
    const [day = '', hospital = ''] = String(key).split('\u0000')
    const row = readable(() => decodeRow('balance', value))
    if (!isBalance(row)) continue
    for (const [field, stored, recomputed] of sumsOf(row)) {
      if (stored === recomputed) continue
      yield problem('LEDGER_NOT_BALANCED', '', { day, hospital, field, stored, recomputed })
    }
  }
}

function isBalance(row: unknown): row is BalanceRow {
  return typeof row === 'object' && row !== null && 'pairs' in row && row.pairs instanceof Map
}

function sumsOf({ pairs, cost, packages }: BalanceRow) {
  const accounts = new Map<string, number>()
  const add = (name: string, amount: number) =>
    accounts.set(name, (accounts.get(name) ?? 0) + amount)
  let received = 0
  for (const [pair, amount] of pairs) {
    const [from, to] = accountsOf(pair)
    add(from, 0 - amount)
    add(to, amount)
    if (to.startsWith('provider:') || to.startsWith('supplier:')) received += amount
  }
  let all = 0
  for (const amount of accounts.values()) all += amount
  return [
    ['Σ', all, 0],
    ['cost', received - packages, cost],
  ] as const
}
