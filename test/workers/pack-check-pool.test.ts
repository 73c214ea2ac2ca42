import { expect, test } from 'vitest'
import { PackCheckPool } from '../../src/workers/pack-check-pool.ts'
import { NO_THREAD, outOfThreads } from './out-of-threads.ts'

const PACK = {
  'pack.yaml': `
pack: town/product
kind: commercial
payer: { id: town-insurer }
effective: { from: 2023-01-01 }
source: 乙条款
benefits: [{ id: all, clause: 一, base: [inScope], rate: 50% }]
`,
}

test('where the system has no thread a pack is not looked at, and nothing of it is left behind', async () => {
  const checks = new PackCheckPool()
  await outOfThreads(async () => {
    const reading = [checks.read(PACK), checks.read(PACK)]
    for (const one of await Promise.allSettled(reading)) {
      expect(one).toEqual({ status: 'rejected', reason: NO_THREAD })
    }
    // A task that was left waiting would be rejected now, with nobody to hear of it.
    await checks.close()
  })
  expect((await checks.read(PACK)).ok).toBe(true)
  await checks.close()
})
