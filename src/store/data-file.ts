import { closeSync, fstatSync, openSync, readSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { problem, type Problem } from '../errors/problem.ts'
import { codeOf } from './disk-space.ts'
import { META_BYTES_MAX, readMeta } from './lmdb-file.ts'
import { checkPages, checkRoots, checkTransaction } from './lmdb-pages.ts'

/** Name lmdb gives to the file in which everything is. */
export const DATA_FILE = 'data.mdb'

/** What may lie in a folder in which a ledger is made. */
const HARMLESS = /^(\.|lost\+found$|lock(\.mdb$|-))/

/** Whether a ledger was made in `directory`. */
export function hasDataFile(directory: string): boolean {
  return readdirSync(directory).includes(DATA_FILE)
}

/** A file that is in `directory` for another purpose, so that no ledger is strewn among the files of something else. */
export function strangeFile(directory: string): string | undefined {
  return readdirSync(directory).find((name) => !HARMLESS.test(name))
}

/**
 * What is wrong with the file of a ledger that nobody has open, found before lmdb maps it: it would trust what it reads and
 * take the process with it. Quick, unless `whole` or the file is shorter than it may be.
 */
export function checkDataFile(directory: string, whole: boolean): Problem | undefined {
  const file = join(directory, DATA_FILE)
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    const why = codeOf(error)
    return problem(why === 'ENOENT' ? 'STORE_NOT_A_LEDGER' : 'STORE_READ_ONLY', '', {
      file,
      directory,
      why,
    })
  }
  try {
    return checkOpenFile(descriptor, file, whole)
  } finally {
    closeSync(descriptor)
  }
}

function checkOpenFile(descriptor: number, file: string, whole: boolean): Problem | undefined {
  const start = new Uint8Array(META_BYTES_MAX)
  const length = readSync(descriptor, start, 0, start.length, 0)
  const metas = readMeta(start.subarray(0, length))
  if (typeof metas === 'string') return problem('STORE_NOT_A_LEDGER', '', { file, why: metas })
  const { newest, older } = metas
  // Free pages at the end need not be in the file. Whether those that are missing are free takes a look at all others.
  const isShort = fstatSync(descriptor).size < (newest.lastPage + 1) * newest.pageBytes
  try {
    checkTransaction(descriptor, newest)
    if (whole || isShort) checkPages(descriptor, newest)
    else checkRoots(descriptor, newest)
    // After a meta page that could not be written this is so although nothing is missing: no reason not to go on.
    if (whole) checkTransaction(descriptor, older)
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return problem('LEDGER_FILE_DAMAGED', '', { file, why })
  }
}
