import { setTimeout as wait } from 'node:timers/promises'
import type { Engine } from '../engine/open-engine.ts'
import { stopImports } from './imports/import-queue.ts'
import { PACK_CHECKS } from './insurers/pack-trial.ts'
import { stopMaintenance } from './operators/maintenance.ts'

/**
 * Ends what goes on behind answers that are out: imports at their next batch, verifications and checks of packs at once; a backup is waited for, `ms` at most.
 * What was cut off says so when it is asked for, and goes on when it is asked for again.
 */
export async function stopBackground(engine: Engine, ms: number): Promise<void> {
  const end = new AbortController()
  const late = wait(ms, undefined, { signal: end.signal }).catch(() => undefined)
  await Promise.race([
    Promise.all([stopImports(engine), stopMaintenance(engine), PACK_CHECKS.close()]),
    late,
  ])
  end.abort()
}
