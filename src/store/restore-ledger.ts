import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreFailed } from '../engine/store-failed.ts'
import { failure, failureOf, success, type Problem, type Result } from '../errors/problem.ts'
import { checkStore } from './check-store.ts'
import { copyIntoPlace, namedAs } from './copy-into-place.ts'
import { checkDataFile, DATA_FILE } from './data-file.ts'
import { openRows, sealedOrClosed } from './lmdb-store.ts'

/** Beyond so many there is no use in more. */
const PROBLEMS_MAX = 20

/**
 * Copies the ledger in the folder `from`, which nobody has open, to the folder `to`, which must not exist or be empty
 * (`STORE_TARGET_NOT_EMPTY`). What is put there is the very copy that was checked, every page and every row; refuses with what
 * is wrong with it. The value is the number of rows.
 */
export async function restoreLedger(from: string, to: string): Promise<Result<number>> {
  const wrong = checkDataFile(from, false)
  if (wrong !== undefined) return failure(wrong)
  try {
    return await copyIntoPlace(
      to,
      (directory) => copyFileSync(join(from, DATA_FILE), join(directory, DATA_FILE)),
      async (directory) => {
        const checked = await checkCopy(directory)
        // What is wrong with the copy is wrong with the backup.
        return checked.ok ? checked : failureOf(namedAs(from, directory, checked.problems))
      },
    )
  } catch (error) {
    if (error instanceof StoreFailed) return failure(error.problem)
    throw error
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
