import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { failure, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { DATA_FILE, checkDataFile, hasDataFile, strangeFile } from './data-file.ts'
import { RESERVE_BYTES_DEFAULT, codeOf, isSpaceError } from './disk-space.ts'
import { flushToDisk } from './flush-to-disk.ts'
import { lockLedger, type LedgerLock } from './ledger-lock.ts'
import { LmdbRows, type LmdbOptions } from './lmdb-rows.ts'
import { openSealed, writeFormat } from './open-sealed.ts'
import type { SealedStore } from './sealed-store.ts'
import { StoreFailed } from '../engine/store-failed.ts'

export interface LedgerStoreOptions {
  /** Address space to begin with, bytes; lmdb takes more when the ledger grows beyond it. */
  readonly mapSizeBytes?: number
  /** Disk space that is left free, bytes: a commit that would touch it is refused (`STORE_FULL`). */
  readonly reserveBytes?: number
  /** Whether to look at every page before anything is read. It takes about a second for each GB. */
  readonly checkWholeFile?: boolean
}

const MAP_BYTES_DEFAULT = 64 * 2 ** 30

/** Where a new ledger is made before it is put in place. */
const UNFINISHED = '.unfinished'

/**
 * Opens the ledger in `directory`, or makes one there if the folder is empty or does not exist. Only one process may have it
 * open. Refuses with `STORE_DIRECTORY_UNUSABLE`, `STORE_READ_ONLY`, `STORE_NOT_A_LEDGER`, `STORE_FORMAT_UNKNOWN`,
 * `STORE_IN_USE`, `STORE_FULL`, `LEDGER_FILE_DAMAGED` or `LEDGER_DAMAGED`, and then has changed nothing.
 */
export async function openLedgerStore(
  directory: string,
  options: LedgerStoreOptions = {},
): Promise<Result<SealedStore>> {
  const unusable = prepareFolder(directory)
  if (unusable !== undefined) return failure(unusable)
  let lock: Result<LedgerLock>
  try {
    lock = await lockLedger(directory)
  } catch (error) {
    return failure(cannotWrite(directory, error))
  }
  if (!lock.ok) return lock
  const { release, whenLost } = lock.value
  const rows = await openLocked(directory, options)
  if (!rows.ok) {
    release()
    return rows
  }
  whenLost(() => rows.value.stopWriting(lockLost(directory)))
  rows.value.onClose(release)
  return sealedOrClosed(rows.value)
}

/** Seals on `rows`; closes them when they cannot be had. */
export async function sealedOrClosed(rows: LmdbRows): Promise<Result<SealedStore>> {
  const sealed = withProblems(() => openSealed(rows))
  if (!sealed.ok) await rows.close()
  return sealed
}

/** The rows in `directory`, in which there is a whole ledger that no other process has. */
export function openRows(directory: string, options: LedgerStoreOptions): Result<LmdbRows> {
  const wrong = checkDataFile(directory, options.checkWholeFile === true)
  if (wrong !== undefined) return failure(wrong)
  try {
    return success(new LmdbRows(directory, lmdbOptions(options)))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const code = isDenied(error) ? 'STORE_READ_ONLY' : 'LEDGER_FILE_DAMAGED'
    return failure(problem(code, '', { directory, file: join(directory, DATA_FILE), why }))
  }
}

async function openLocked(
  directory: string,
  options: LedgerStoreOptions,
): Promise<Result<LmdbRows>> {
  try {
    if (!hasDataFile(directory)) await makeLedger(directory, options)
    closeSync(openSync(join(directory, DATA_FILE), 'r+'))
  } catch (error) {
    return failure(cannotWrite(directory, error))
  }
  return openRows(directory, options)
}

/** In a folder of its own and then moved, so that a file in place is a whole ledger, whatever happened in between. */
async function makeLedger(directory: string, options: LedgerStoreOptions): Promise<void> {
  const unfinished = join(directory, UNFINISHED)
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished)
  try {
    const rows = new LmdbRows(unfinished, lmdbOptions(options))
    try {
      await writeFormat(rows)
    } finally {
      await rows.close()
    }
    renameSync(join(unfinished, DATA_FILE), join(directory, DATA_FILE))
    flushToDisk(directory)
    flushToDisk(join(directory, '..'))
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function lmdbOptions({ mapSizeBytes, reserveBytes }: LedgerStoreOptions): LmdbOptions {
  return {
    mapSizeBytes: mapSizeBytes ?? MAP_BYTES_DEFAULT,
    reserveBytes: reserveBytes ?? RESERVE_BYTES_DEFAULT,
  }
}

function prepareFolder(directory: string): Problem | undefined {
  try {
    mkdirSync(directory, { recursive: true })
    if (!statSync(directory).isDirectory()) return unusable(directory, 'ENOTDIR')
    if (hasDataFile(directory)) return undefined
    const strange = strangeFile(directory)
    if (strange === undefined) return undefined
    const why = `no ledger in it, but other files, such as ${strange.slice(0, 80)}`
    return problem('STORE_NOT_A_LEDGER', '', { file: directory, why })
  } catch (error) {
    return unusable(directory, codeOf(error))
  }
}

/** Of lmdb's errors, which have the system's numbers. */
function isDenied(error: unknown): boolean {
  const { EACCES, EPERM, EROFS } = constants.errno
  const number = error instanceof Error && 'code' in error ? Number(error.code) : 0
  return [EACCES, EPERM, EROFS].includes(number)
}

function unusable(directory: string, why: string): Problem {
  return problem('STORE_DIRECTORY_UNUSABLE', '', { directory, why })
}

function cannotWrite(directory: string, error: unknown): Problem {
  if (error instanceof StoreFailed) return error.problem
  const why = codeOf(error)
  if (isSpaceError(error)) return problem('STORE_FULL', '', { directory, why })
  if (['EACCES', 'EPERM', 'EROFS'].includes(why)) {
    return problem('STORE_READ_ONLY', '', { directory, why })
  }
  const message = error instanceof Error ? error.message : String(error)
  return unusable(directory, why === '' ? message : why)
}

function lockLost(directory: string): StoreFailed {
  return new StoreFailed(problem('STORE_IN_USE', '', { directory, pid: 0, host: 'unknown' }))
}

function withProblems<T>(read: () => Result<T>): Result<T> {
  try {
    return read()
  } catch (error) {
    if (error instanceof StoreFailed) return failure(error.problem)
    throw error
  }
}
