import type { Key, Table } from '../engine/ports.ts'
import { StoreFailed } from '../engine/store-failed.ts'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { checkStore } from './check-store.ts'
import { copyIntoPlace } from './copy-into-place.ts'
import { checkDataFile } from './data-file.ts'
import { openEnvironment, type RootDatabase } from './lmdb.ts'
import { openLedgerStore } from './lmdb-store.ts'
import { ROW_TABLES } from './row-store.ts'

/** Beyond so many there is no use in more. */
const PROBLEMS_MAX = 20

/**
 * Copies the ledger in the folder `from` as it is now to the folder `to`, which must not exist or be empty
 * (`STORE_TARGET_NOT_EMPTY`), also while another process has it open and commits: LMDB lets processes read without the ledger's
 * lock, one snapshot, which a thread of its own copies without the free pages. Every row of the copy is checked before it is put in
 * place. The value is the number of rows.
 */
export async function backupLedger(from: string, to: string): Promise<Result<number>> {
  const wrong = checkDataFile(from, false)
  if (wrong !== undefined) return failure(wrong)
  try {
    const root: RootDatabase<Uint8Array, Key> = openEnvironment(from, {
      noSubdir: false,
      readOnly: true,
      maxDbs: ROW_TABLES.length,
      encoding: 'binary',
    })
    try {
      return await copyIntoPlace(to, (directory) => root.backup(directory, true), checkCopy)
    } finally {
      await root.close()
    }
  } catch (error) {
    if (error instanceof StoreFailed) return failure(error.problem)
    const why = error instanceof Error ? error.message : String(error)
    return failure(problem('STORE_COPY_FAILED', '', { directory: to, why }))
  }
}

async function checkCopy(directory: string): Promise<Result<number>> {
  const opened = await openLedgerStore(directory, { checkWholeFile: true })
  if (!opened.ok) return opened
  const store = opened.value
  const problems: Problem[] = []
  const rows = new Map<Table, number>()
  try {
    // A copy has one meta page; with two that lead to the same rows no damage to one brings an earlier state back.
    await store.commit([])
    await store.commit([])
    for (const step of checkStore(store)) {
      if (step.kind === 'problem') problems.push(step.problem)
      else rows.set(step.table, step.rows)
      if (problems.length === PROBLEMS_MAX) break
    }
  } finally {
    await store.close()
  }
  if (problems.length > 0) return failureOf(problems)
  return success([...rows.values()].reduce((sum, count) => sum + count, 0))
}
