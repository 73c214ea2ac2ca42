import { expect, it } from 'vitest'
import type { Key, KeyRange, Store, Table } from '../../src/engine/ports.ts'
import { TABLES } from '../../src/engine/ports.ts'
import { compareKeys } from '../../src/store/keys.ts'
import { oneOf, seededChance } from './chance.ts'
import { lmdbPlace, memoryPlace } from './places.ts'
import { StoreModel, randomCommit, randomKey } from './random-commits.ts'
import { keysOf, type Place } from './store-contract.ts'

const KINDS: readonly (readonly [string, () => Promise<Place>, number])[] = [
  ['memory', memoryPlace, 300],
  ['lmdb', lmdbPlace, 12],
]
const COMMITS = 15

function randomRange(table: Table, chance: () => number): KeyRange {
  return {
    ...(chance() < 0.6 ? { from: randomKey(table, 5, chance) } : {}),
    ...(chance() < 0.6 ? { to: randomKey(table, 9, chance) } : {}),
    ...(chance() < 0.5 ? { reverse: true } : {}),
    ...(chance() < 0.3 ? { limit: Math.floor(chance() * 8) } : {}),
  }
}

/** The keys that `range` is to give, in plain words. */
function expectedKeys(model: StoreModel, table: Table, range: KeyRange): Key[] {
  const { from, to, reverse = false, limit = Number.POSITIVE_INFINITY } = range
  const ahead = reverse ? -1 : 1
  const keys = model.rows(table).map(([key]) => key)
  return (reverse ? keys.toReversed() : keys)
    .filter((key) => from === undefined || compareKeys(key, from) * ahead >= 0)
    .filter((key) => to === undefined || compareKeys(key, to) * ahead < 0)
    .slice(0, limit)
}

function compareReads(store: Store, model: StoreModel, chance: () => number): void {
  for (let read = 0; read < 6; read += 1) {
    const table = oneOf(TABLES, chance)
    const key = randomKey(table, 3, chance)
    expect(store.get(table, key)).toEqual(model.get(table, key))
    const range = randomRange(table, chance)
    expect(keysOf(store.range(table, range)), JSON.stringify(range)).toEqual(
      expectedKeys(model, table, range),
    )
  }
}

it.each(KINDS)('%s does what plain maps do', async (_, makePlace, seeds) => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const chance = seededChance(seed)
    const place = await makePlace()
    const model = new StoreModel()
    let store = await place.open()
    try {
      for (let commit = 0; commit < COMMITS; commit += 1) {
        const puts = randomCommit(model, chance)
        model.apply(puts)
        await store.commit(puts)
        compareReads(store, model, chance)
        if (chance() < 0.1) {
          await store.close()
          store = await place.open()
        }
      }
      expect(model.difference(store)).toBeUndefined()
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    } finally {
      await store.close()
      await place.remove()
    }
  }
})
