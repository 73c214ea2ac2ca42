import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../assert.ts'
import { failureOf, problem, type Problem, type Result } from '../errors/problem.ts'
import { DATA_FILE } from './data-file.ts'
import { codeOf } from './disk-space.ts'
import { flushToDisk } from './flush-to-disk.ts'
import { lockLedger, type LedgerLock } from './ledger-lock.ts'
import { StoreFailed } from '../engine/store-failed.ts'

const UNFINISHED = '.unfinished'

/** What a copy that was killed leaves in its folder. */
const LEFT_BEHIND = /^(\.unfinished$|lock-)/

/**
 * Makes a ledger in the folder `path`, which must not exist or be empty (`STORE_TARGET_NOT_EMPTY`): `fill` copies one into the folder
 * that it is given, and the copy is put in place when `check` has found it good. One that was refused or broken off leaves nothing,
 * and what one that was killed had copied makes room for the next. Answers what `check` does; throws `StoreFailed`.
 */
export async function copyIntoPlace<T>(
  path: string,
  fill: (directory: string) => Promise<void> | void,
  check: (directory: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  refuseOccupied(path)
  const wasThere = existsSync(path)
  try {
    mkdirSync(path, { recursive: true })
    // Whoever has it is copying; what lies in a folder that nobody has is nobody's.
    const lock = await lockedOrRefused(path)
    try {
      refuseOccupied(path)
      return await copyInto(path, fill, check)
    } finally {
      lock.discard()
    }
  } catch (error) {
    if (error instanceof StoreFailed) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new StoreFailed(problem('STORE_COPY_FAILED', '', { directory: path, why }), {
      cause: error,
    })
  } finally {
    if (!wasThere) removeIfEmpty(path)
  }
}

async function copyInto<T>(
  path: string,
  fill: (directory: string) => Promise<void> | void,
  check: (directory: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  const unfinished = join(path, UNFINISHED)
  rmSync(unfinished, { recursive: true, force: true })
  try {
    mkdirSync(unfinished)
    await fill(unfinished)
    const checked = await check(unfinished)
    if (!checked.ok) return failureOf(namedAs(path, unfinished, checked.problems))
    flushToDisk(join(unfinished, DATA_FILE))
    renameSync(join(unfinished, DATA_FILE), join(path, DATA_FILE))
    return checked
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
    flushToDisk(path)
  }
}

function removeIfEmpty(path: string): void {
  if (existsSync(path) && readdirSync(path).length === 0) rmdirSync(path)
}

async function lockedOrRefused(path: string): Promise<LedgerLock> {
  const lock = await lockLedger(path)
  if (lock.ok) return lock.value
  const [inUse] = lock.problems
  assert(inUse !== undefined, 'a refusal says why')
  throw new StoreFailed(inUse)
}

function refuseOccupied(path: string): void {
  if (namesIn(path)?.every((name) => LEFT_BEHIND.test(name)) === true) return
  throw new StoreFailed(problem('STORE_TARGET_NOT_EMPTY', '', { directory: path }))
}

/** The folder in which a copy was checked, gone when somebody reads what was wrong with it, is called by a name that the reader knows. */
export function namedAs(
  known: string,
  gone: string,
  problems: readonly Problem[],
): readonly Problem[] {
  return problems.map((one) => ({
    ...one,
    details: Object.fromEntries(
      Object.entries(one.details).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replaceAll(gone, known) : value,
      ]),
    ),
  }))
}

/** What is in `directory`: nothing where there is none, undefined where that cannot be told. */
function namesIn(directory: string): readonly string[] | undefined {
  try {
    return readdirSync(directory)
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? [] : undefined
  }
}
