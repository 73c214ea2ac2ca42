import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeProblem, type Result } from '../../src/errors/problem.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { MemoryRows } from '../../src/store/memory-rows.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import type { Place } from './store-contract.ts'

export function given<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(result.problems.map((each) => describeProblem(each, 'en')).join('; '))
}

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'qingfen-store-'))
}

export async function memoryPlace(): Promise<Place> {
  const rows = new MemoryRows()
  await Promise.resolve()
  return {
    open: async () => Promise.resolve(openMemoryStore(rows)),
    freshPath: () => 'nowhere',
    remove: async () => Promise.resolve(),
  }
}

export async function lmdbPlace(): Promise<Place> {
  const folder = freshFolder()
  let copies = 0
  await Promise.resolve()
  return {
    open: async () => given(await openLedgerStore(join(folder, 'ledger'))),
    openBackup: async (path) => given(await openLedgerStore(path)),
    freshPath: () => join(folder, `copy-${(copies += 1)}`),
    remove: async () => {
      rmSync(folder, { recursive: true })
      await Promise.resolve()
    },
  }
}
