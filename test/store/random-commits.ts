import { TABLES, type Key, type Put, type Store, type Table } from '../../src/engine/ports.ts'
import { compareKeys, isNumbered } from '../../src/store/keys.ts'
import { oneOf } from './chance.ts'

/** What a store should hold: plain maps, sorted when they are looked at. */
export class StoreModel {
  readonly #rows = new Map<Table, Map<Key, Uint8Array>>()

  apply(puts: readonly Put[]): void {
    for (const { table, key, value } of puts) {
      const rows = this.#rows.get(table) ?? new Map<Key, Uint8Array>()
      this.#rows.set(table, rows)
      if (value === undefined) rows.delete(key)
      else rows.set(key, value.slice())
    }
  }

  get(table: Table, key: Key): Uint8Array | undefined {
    return this.#rows.get(table)?.get(key)
  }

  /** In order. */
  rows(table: Table): (readonly [Key, Uint8Array])[] {
    return [...(this.#rows.get(table) ?? [])].toSorted(([left], [right]) =>
      compareKeys(left, right),
    )
  }

  copy(): StoreModel {
    const copied = new StoreModel()
    for (const table of TABLES) {
      copied.apply(this.rows(table).map(([key, value]) => ({ table, key, value })))
    }
    return copied
  }

  /** Where `store` holds something else; undefined when nowhere. */
  difference(store: Store): string | undefined {
    for (const table of TABLES) {
      const found = [...store.range(table)]
      const expected = this.rows(table)
      if (found.length !== expected.length || store.count(table) !== expected.length) {
        return `${table}: ${found.length} rows, ${store.count(table)} counted, instead of ${expected.length}`
      }
      for (const [index, [key, value]] of expected.entries()) {
        const row = found[index]
        if (row?.key !== key)
          return `${table}: ${JSON.stringify(row?.key)} for ${JSON.stringify(key)}`
        if (Buffer.compare(row.value, value) !== 0)
          return `${table}: value of ${JSON.stringify(key)}`
      }
    }
    return undefined
  }
}

const PIECES = ['a', 'b', 'z', '0', '\u0000', '医', '\uFF5E', '😀', 'H330106'] as const

/** Puts of one commit: new rows, changed ones, removals, now and then a long value, now and then none at all. */
export function randomCommit(model: StoreModel, chance: () => number): Put[] {
  const count = chance() < 0.1 ? 0 : 1 + Math.floor(chance() ** 2 * 40)
  return Array.from({ length: count }, () => {
    const table = oneOf(TABLES, chance)
    const known = model.rows(table)
    const isNew = known.length === 0 || chance() < 0.5
    const key = isNew ? randomKey(table, known.at(-1)?.[0], chance) : oneOf(known, chance)[0]
    return { table, key, value: chance() < 0.25 ? undefined : randomValue(chance) }
  })
}

export function randomKey(table: Table, last: Key | undefined, chance: () => number): Key {
  if (isNumbered(table)) {
    return chance() < 0.7 ? Number(last ?? 0) + 1 : Math.floor(chance() * 2 ** 40)
  }
  const pieces = Array.from({ length: 1 + Math.floor(chance() * 6) }, () => oneOf(PIECES, chance))
  return pieces.join('').repeat(chance() < 0.03 ? 40 : 1)
}

function randomValue(chance: () => number): Uint8Array {
  const most = chance() < 0.05 ? 30_000 : 700
  return new Uint8Array(Math.floor(chance() * most)).fill(chance() * 256)
}
