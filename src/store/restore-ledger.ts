import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { checkStore } from './check-store.ts'
import { isAbsentOrEmpty, namedAs } from './copy-environment.ts'
import { checkDataFile, DATA_FILE } from './data-file.ts'
import { flushToDisk } from './flush-to-disk.ts'
import { openRows, sealedOrClosed } from './lmdb-store.ts'

/** Beyond so many there is no use in more. */
const PROBLEMS_MAX = 20

/**
 * Copies the ledger in the folder `from`, which nobody has open, to the folder `to`, which must not exist or be empty
 * (`STORE_TARGET_NOT_EMPTY`). What is put there is the very copy that was checked, every page and every row; refuses with what
 * is wrong with it. The value is the number of rows.
 */
export async function restoreLedger(from: string, to: string): Promise<Result<number>> {
  if (!isAbsentOrEmpty(to)) return failure(problem('STORE_TARGET_NOT_EMPTY', '', { directory: to }))
  const wrong = checkDataFile(from, false)
  if (wrong !== undefined) return failure(wrong)
  const staged = join(dirname(to), `.restoring-${randomUUID()}`)
  try {
    mkdirSync(staged, { recursive: true })
    copyFileSync(join(from, DATA_FILE), join(staged, DATA_FILE))
    flushToDisk(join(staged, DATA_FILE))
    const checked = await checkCopy(staged)
    if (!checked.ok) return failureOf(namedAs(from, staged, checked.problems))
    putInPlace(staged, to)
    return checked
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return failure(problem('STORE_COPY_FAILED', '', { directory: to, why }))
  } finally {
    rmSync(staged, { recursive: true, force: true })
  }
}

async function checkCopy(directory: string): Promise<Result<number>> {
  const rows = openRows(directory, { checkWholeFile: true })
  if (!rows.ok) return rows
  const store = await sealedOrClosed(rows.value)
  if (!store.ok) return store
  const problems: Problem[] = []
  let count = 0
  for (const step of checkStore(store.value)) {
    if (step.kind === 'problem') problems.push(step.problem)
    else if (step.rows === step.of) count += step.rows
    if (problems.length === PROBLEMS_MAX) break
  }
  await store.value.close()
  return problems.length === 0 ? success(count) : { ok: false, problems }
}

/** Only the data: files of locks belong to where they were. */
function putInPlace(staged: string, to: string): void {
  for (const name of readdirSync(staged)) if (name !== DATA_FILE) rmSync(join(staged, name))
  flushToDisk(staged)
  renameSync(staged, to)
  flushToDisk(dirname(to))
}
