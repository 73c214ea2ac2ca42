import { TABLES, type Key, type Row, type Table } from '../engine/ports.ts'
import { problem, type Problem } from '../errors/problem.ts'
import { compareKeys } from './keys.ts'
import { storedSums } from './open-sealed.ts'
import { damaged, openSeal, sealIn } from './seal.ts'
import type { SealedStore } from './sealed-store.ts'
import { StoreFailed } from '../engine/store-failed.ts'

export type CheckStep =
  | { readonly kind: 'progress'; readonly table: Table; readonly rows: number; readonly of: number }
  | { readonly kind: 'problem'; readonly problem: Problem }

const ROWS_A_STEP = 4096
const SUM_MODULUS = 2 ** 48

/**
 * Reads every row again: its seal, its place in the order, whether it is found by its key, and in the end whether the rows of
 * each table are those that the last commit left. Gives progress and what is wrong, and goes on; nothing wrong, no problem.
 * No commits meanwhile: the sums are compared at the end.
 */
export function* checkStore(store: SealedStore): Iterable<CheckStep> {
  for (const table of TABLES) yield* checkTable(store, table)
  yield* checkSums(store)
}

function* checkTable(store: SealedStore, table: Table): Iterable<CheckStep> {
  const of = store.sums.of(table).rows
  let [rows, sum] = [0, 0]
  let before: Key | undefined
  try {
    for (const row of store.rows.range(table, {})) {
      const found = wrongRow(store, table, row, before)
      if (found !== undefined) yield { kind: 'problem', problem: found }
      before = row.key
      rows += 1
      sum = (sum + (sealIn(row.value) ?? 0)) % SUM_MODULUS
      if (rows % ROWS_A_STEP === 0) yield { kind: 'progress', table, rows, of }
    }
  } catch (error) {
    yield { kind: 'problem', problem: problemOf(error) }
  }
  yield { kind: 'progress', table, rows, of }
  const expected = store.sums.of(table)
  if (rows === expected.rows && sum === expected.sum && rows === countOf(store, table)) return
  yield {
    kind: 'problem',
    problem: problem('LEDGER_ROWS_DIFFER', '', {
      table,
      rows,
      sum,
      expectedRows: expected.rows,
      expectedSum: expected.sum,
    }),
  }
}

function wrongRow(
  store: SealedStore,
  table: Table,
  { key, value }: Row,
  before: Key | undefined,
): Problem | undefined {
  try {
    openSeal(table, key, value)
    if (before !== undefined && compareKeys(before, key) >= 0) {
      throw damaged(table, key, 'out of order')
    }
    const found = store.rows.peek(table, key)
    if (found === undefined || sealIn(found) !== sealIn(value)) {
      throw damaged(table, key, 'not found by its key')
    }
    return undefined
  } catch (error) {
    return problemOf(error)
  }
}

/** The row of sums is no row of any table, and is looked at last. */
function* checkSums({ rows, sums }: SealedStore): Iterable<CheckStep> {
  try {
    const stored = storedSums(rows)
    const isNew = stored === undefined && TABLES.every((table) => sums.of(table).rows === 0)
    if (!isNew && !stored?.equals(sums))
      throw damaged('seal', 'sums', 'not those of the last commit')
  } catch (error) {
    yield { kind: 'problem', problem: problemOf(error) }
  }
}

function countOf(store: SealedStore, table: Table): number {
  try {
    return store.rows.count(table)
  } catch {
    return -1
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof StoreFailed) return error.problem
  throw error
}
