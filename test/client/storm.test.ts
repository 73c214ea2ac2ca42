import { expect, it } from 'vitest'
import { billOf } from '../workers/town.ts'
import { SdkTown } from './sdk-town.ts'

/** Numbers from 0 to below 1 that follow from `seed`. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const SETTLES = 80

it.each([
  [1, 'json'],
  [2, 'msgpack'],
  [3, 'json'],
  [4, 'msgpack'],
] as const)(
  'storm %i: over connections that are cut at random, every settlement is made exactly once',
  async (seed, encoding) => {
    const random = chance(seed)
    // From not even a hello to some thirty answers.
    const budget = () => Math.floor(300 + random() ** 2 * 40_000)
    const town = await SdkTown.open({ budget })
    const limits = { reconnectMs: 1, reconnectMostMs: 5, notAfterMs: 3_600_000 }
    const terminals = [0, 1, 2].map(() =>
      town.terminal({ encoding, limits, environment: { random } }),
    )
    const ids = Array.from({ length: SETTLES }, (_, index) => `storm-${index}`)
    const answered = await Promise.all(
      ids.flatMap((id, index) => {
        const body = { bill: billOf(`${'ABG'[index % 3]}${index % 20}`, id, 50 + index) }
        // Some are asked for at two terminals at once.
        const askers = terminals.slice(0, random() < 0.3 ? 2 : 1).map((_, nth) => (index + nth) % 3)
        const notAfter = 4_000_000_000_000
        return askers.map(async (nth) =>
          terminals[nth]?.settle({ ...body, notAfter }, { requestId: id }),
        )
      }),
    )
    expect(answered.map((one) => one?.answer.state)).toEqual(answered.map(() => 'settled'))
    const idsOf = (id: string) => answered.filter((one) => one?.requestId === id)
    for (const id of ids) {
      const settlements = new Set(idsOf(id).map((one) => one?.answer.settlement))
      expect([id, settlements.size]).toEqual([id, 1])
    }
    expect(town.settled().toSorted()).toEqual(ids.toSorted())
    expect(town.proxy.made.count).toBeGreaterThan(terminals.length)
    await town.close()
  },
)
