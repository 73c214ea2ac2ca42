import { expect, it } from 'vitest'
import { PROVINCE, commitLoop, loadHolders } from '../../bench/micro/store/commit-loop.ts'
import { checkStore } from '../../src/store/check-store.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'

it('commits what it counts', async () => {
  const store = openMemoryStore()
  const shape = { ...PROVINCE, holders: 500, hospitals: 3 }
  await loadHolders(store, shape)
  const first = await commitLoop(store, 4, 0.05, shape)
  const second = await commitLoop(store, 9, 0.05, shape)
  expect(store.count('journal')).toBe(first.commits + second.commits)
  expect(store.count('request')).toBe(first.settlements + second.settlements)
  expect(store.count('holder')).toBe(500)
  expect(first.latencies).toHaveLength(first.commits)
  expect([...checkStore(store)].filter(({ kind }) => kind === 'problem')).toEqual([])
})
