import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Key } from '../engine/ports.ts'
import { failureOf, problem, type Problem, type Result } from '../errors/problem.ts'
import { DATA_FILE } from './data-file.ts'
import { codeOf } from './disk-space.ts'
import { flushToDisk } from './flush-to-disk.ts'
import type { RootDatabase } from './lmdb.ts'
import { StoreFailed } from '../engine/store-failed.ts'

const UNFINISHED = '.unfinished'

/**
 * Copies what is committed now to the folder `path`, without the free pages, while commits go on: lmdb reads one snapshot in
 * a thread of its own. The copy is put in place when `check` has found it good; one that was refused or broken off leaves no ledger
 * there. Answers what `check` does.
 */
export async function copyEnvironment<T>(
  root: RootDatabase<Uint8Array, Key>,
  path: string,
  check: (directory: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (!isAbsentOrEmpty(path)) {
    throw new StoreFailed(problem('STORE_TARGET_NOT_EMPTY', '', { directory: path }))
  }
  const unfinished = join(path, UNFINISHED)
  try {
    mkdirSync(unfinished, { recursive: true })
    await root.backup(unfinished, true)
    const checked = await check(unfinished)
    if (checked.ok) {
      flushToDisk(join(unfinished, DATA_FILE))
      renameSync(join(unfinished, DATA_FILE), join(path, DATA_FILE))
    }
    rmSync(unfinished, { recursive: true })
    flushToDisk(path)
    return checked.ok ? checked : failureOf(namedAs(path, unfinished, checked.problems))
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (error instanceof StoreFailed) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new StoreFailed(problem('STORE_COPY_FAILED', '', { directory: path, why }), {
      cause: error,
    })
  }
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

/** Whether a copy may be made in `directory`. */
export function isAbsentOrEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0
  } catch (error) {
    return codeOf(error) === 'ENOENT'
  }
}
