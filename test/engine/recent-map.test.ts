import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecentMap } from '../../src/engine/recent-map.ts'

const MAX = 8
const keys = fc.nat({ max: 20 })
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('set' as const), key: keys }),
    fc.record({ do: fc.constant('get' as const), key: keys }),
    fc.record({ do: fc.constant('delete' as const), key: keys }),
  ),
  { maxLength: 80 },
)

test('gives what was put last, nothing else, and at least the latest half of it', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const kept = new RecentMap<number, number>(MAX)
      const values = new Map<number, number>()
      let used: number[] = []
      for (const [at, { do: what, key }] of list.entries()) {
        const found = kept.get(key)
        if (found !== undefined) expect(found).toBe(values.get(key))
        if (used.slice(-MAX / 2).includes(key)) expect(found).toBe(values.get(key))
        used = used.filter((one) => one !== key)
        if (what === 'delete') {
          kept.delete(key)
          values.delete(key)
          expect(kept.get(key)).toBeUndefined()
          continue
        }
        if (what === 'set') {
          kept.set(key, at)
          values.set(key, at)
        }
        if (what === 'set' || found !== undefined) used.push(key)
      }
      const held = Array.from({ length: 21 }, (_, key) => kept.get(key))
      expect(held.filter((one) => one !== undefined).length).toBeLessThanOrEqual(MAX)
    }),
    { numRuns: 2_000 },
  )
})
