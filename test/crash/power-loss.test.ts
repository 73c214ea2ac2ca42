import { expect, test } from 'vitest'
import type { Put, Store } from '../../src/engine/ports.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { powerLossUnderLoad } from './power-loss-run.ts'

const SEEDS = [1, 2, 3]

test.each(SEEDS)(
  'what was acknowledged is on the disk when the power fails, seed %i',
  async (seed) => {
    const result = await powerLossUnderLoad(seed)
    process.stdout.write(`seed ${seed}: ${JSON.stringify(result)}\n`)
    expect(result.cuts).toBeGreaterThan(0)
    expect(result.acknowledged).toBeGreaterThan(0)
    expect(result.unanswered).toBeGreaterThan(0)
  },
)

/** Says that a commit has ended when it has only begun; what it was given can be read at once. */
function hastyStore(store: Store): Store {
  const seen = openMemoryStore()
  let writing = Promise.resolve()
  return {
    get: (table, key) => seen.get(table, key),
    range: (table, range) => seen.range(table, range),
    count: (table) => seen.count(table),
    backup: async (path) => store.backup(path),
    async commit(puts: readonly Put[]) {
      await seen.commit(puts)
      writing = writing.then(async () => store.commit(puts))
    },
    async close() {
      await writing
      await store.close()
    },
  }
}

test('an engine that acknowledged before the disk has it would be found', async () => {
  await expect(powerLossUnderLoad(SEEDS[0] ?? 1, hastyStore)).rejects.toThrow(
    'acknowledged and kept',
  )
})
