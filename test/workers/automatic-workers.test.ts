import { expect, test } from 'vitest'
import { automaticWorkers } from '../../src/workers/automatic-workers.ts'
import { openPool } from '../../src/workers/open-pool.ts'

test('small machines evaluate inline; larger ones leave a core to the writer', () => {
  expect([1, 2, 3, 4, 8, 64].map(automaticWorkers)).toEqual([0, 0, 2, 3, 7, 8])
})

test('no workers is no pool', () => {
  expect(openPool({ content: () => new Uint8Array(), workers: 0 })).toBeUndefined()
})
