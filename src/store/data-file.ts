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

/** Beyond so many looks at a file that changes it is taken for damaged. */
const LOOKS_MAX = 50

/**
 * What is wrong with the file of a ledger, found before lmdb maps it: it would trust what it reads and take the process with it.
 * Quick, unless `whole` or the file is shorter than it may be. Another process may commit to it meanwhile.
 */
export function checkDataFile(directory: string, whole: boolean): Problem | undefined {
  const file = join(directory, DATA_FILE)
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    const why = codeOf(error)
    const isNone = why === 'ENOENT' || why === 'ENOTDIR'
    return problem(isNone ? 'STORE_NOT_A_LEDGER' : 'STORE_READ_ONLY', '', { file, directory, why })
  }
  try {
    return checkAtRest(descriptor, file, whole)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Pages of the state that is looked at are used again after the next commit but one: what is found wrong is wrong where the meta
 * pages are what they were.
 */
function checkAtRest(descriptor: number, file: string, whole: boolean): Problem | undefined {
  let found: Problem | undefined
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const start = startOf(descriptor)
    found = checkFrom(start, { descriptor, file, whole })
    if (found === undefined || startOf(descriptor).equals(start)) return found
  }
  return found
}

function startOf(descriptor: number): Buffer {
  const start = Buffer.alloc(META_BYTES_MAX)
  return start.subarray(0, readSync(descriptor, start, 0, start.length, 0))
}

interface OpenFile {
  readonly descriptor: number
  readonly file: string
  readonly whole: boolean
}

function checkFrom(start: Uint8Array, { descriptor, file, whole }: OpenFile): Problem | undefined {
  const metas = readMeta(start)
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
