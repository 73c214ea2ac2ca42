import { StoreFailed } from '../../engine/store-failed.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import { hasDataFile } from '../../store/data-file.ts'
import { codeOf } from '../../store/disk-space.ts'
import { openLedgerStore, type LedgerStoreOptions } from '../../store/lmdb-store.ts'
import type { SealedStore } from '../../store/sealed-store.ts'
import type { ExitCode } from '../exit-codes.ts'
import { refusedWith, type OutputOptions } from '../refused.ts'
import type { Terminal } from '../terminal.ts'

export interface LedgerOptions extends OutputOptions {
  /** Folder of the ledger. */
  readonly directory: string
}

/** Opens the ledger that is there; makes none. */
export async function openExisting(
  directory: string,
  options: LedgerStoreOptions = {},
): Promise<Result<SealedStore>> {
  const there = existingLedger(directory)
  return there.ok ? openLedgerStore(directory, options) : there
}

/** The folder when there is a ledger in it, or when that cannot be told: whoever opens it says why. */
export function existingLedger(directory: string): Result<string> {
  if (hasLedger(directory)) return success(directory)
  return failure(problem('LEDGER_NOT_FOUND', '', { directory }))
}

function hasLedger(directory: string): boolean {
  try {
    return hasDataFile(directory)
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes(codeOf(error))
  }
}

/** Runs `use` on the ledger and closes it; what the store refuses or cannot read is printed as a refusal. */
export async function withLedger(
  options: LedgerOptions,
  terminal: Terminal,
  use: (store: SealedStore) => Promise<ExitCode>,
): Promise<ExitCode> {
  const opened = await openExisting(options.directory)
  if (!opened.ok) return refusedWith(opened.problems, options, terminal)
  try {
    return await use(opened.value)
  } catch (error) {
    if (!(error instanceof StoreFailed)) throw error
    return refusedWith([error.problem], options, terminal)
  } finally {
    terminal.status?.('')
    await opened.value.close()
  }
}
