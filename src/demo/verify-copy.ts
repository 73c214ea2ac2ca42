import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyLedger, type LedgerVerification } from '../engine/verification/verify-ledger.ts'
import type { Store } from '../engine/ports.ts'
import { success, type Result } from '../errors/problem.ts'
import { openLedgerStore } from '../store/lmdb-store.ts'

/** Verifies a ledger that is in use: a copy of one moment, which is removed afterwards. */
export async function verifyCopy(store: Store): Promise<Result<LedgerVerification>> {
  const folder = mkdtempSync(join(tmpdir(), 'qingfen-verify-'))
  try {
    const path = join(folder, 'copy')
    await store.backup(path)
    const copy = await openLedgerStore(path)
    if (!copy.ok) return copy
    try {
      return success(await verifyLedger(copy.value))
    } finally {
      await copy.value.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
