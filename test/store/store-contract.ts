import { afterEach, describe, expect, it } from 'vitest'
import type { Key, Put, Row, Store } from '../../src/engine/ports.ts'
import { StoreFailed } from '../../src/engine/store-failed.ts'

/** One place for a store, empty at first. */
export interface Place {
  open(): Promise<Store>
  /** Opens a backup made of a store of this kind; absent where there are none. */
  openBackup?: (path: string) => Promise<Store>
  /** A folder that does not exist, for a backup. */
  freshPath(): string
  remove(): Promise<void>
}

export function bytes(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values)
}

export function rowsOf(rows: Iterable<Row>): (readonly [Key, readonly number[]])[] {
  return [...rows].map(({ key, value }) => [key, [...value]] as const)
}

export function keysOf(rows: Iterable<Row>): Key[] {
  return [...rows].map(({ key }) => key)
}

function put(table: Put['table'], key: Key, ...values: readonly number[]): Put {
  return { table, key, value: bytes(...values) }
}

function gone(table: Put['table'], key: Key): Put {
  return { table, key, value: undefined }
}

/** In the order of their UTF-8 bytes, which is not that of UTF-16: U+FF5E comes before U+1F600. */
const TEXT_IN_ORDER = [
  '\u0000',
  '\u0000a',
  'A',
  'A\u0000B',
  'AB',
  'a',
  'é',
  '医',
  '医保',
  '\uE000',
  '～',
  '\u{10000}',
  '😀',
  '😀a',
  '😁',
]
const NUMBERS_IN_ORDER = [0, 1, 2, 9, 10, 255, 256, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]

/** What every store promises. */
export function storeContract(name: string, makePlace: () => Promise<Place>): void {
  describe(`${name}: the contract of a store`, () => {
    let place: Place | undefined
    let store: Store | undefined

    async function fresh(...puts: readonly Put[]): Promise<Store> {
      place = await makePlace()
      store = await place.open()
      if (puts.length > 0) await store.commit(puts)
      return store
    }

    async function reopened(): Promise<Store> {
      await store?.close()
      if (place === undefined) throw new Error('nothing was opened')
      store = await place.open()
      return store
    }

    afterEach(async () => {
      await store?.close()
      await place?.remove()
      store = undefined
      place = undefined
    })

    it('is empty at first', async () => {
      const empty = await fresh()
      expect(empty.get('holder', 'a')).toBeUndefined()
      expect(rowsOf(empty.range('journal'))).toEqual([])
      expect(rowsOf(empty.range('meta', { reverse: true }))).toEqual([])
      expect(empty.count('meta')).toBe(0)
    })

    it('keeps rows of different tables apart, and keeps them when it is opened again', async () => {
      const first = await fresh(put('holder', 'a', 1), put('stay', 'a', 2), put('journal', 7, 3))
      const second = await reopened()
      expect(() => first.get('holder', 'a')).toThrow(StoreFailed)
      expect([...(second.get('holder', 'a') ?? [])]).toEqual([1])
      expect([...(second.get('stay', 'a') ?? [])]).toEqual([2])
      expect(rowsOf(second.range('journal'))).toEqual([[7, [3]]])
      await second.commit([put('holder', 'b', 4)])
      expect(rowsOf(second.range('holder'))).toEqual([
        ['a', [1]],
        ['b', [4]],
      ])
    })

    it('shows a commit as soon as it has ended, and not to values read before', async () => {
      const open = await fresh(put('holder', 'a', 1))
      const before = open.get('holder', 'a')
      await open.commit([put('holder', 'a', 2), put('holder', 'b', 3)])
      expect([...(before ?? [])]).toEqual([1])
      expect([...(open.get('holder', 'a') ?? [])]).toEqual([2])
      expect(open.count('holder')).toBe(2)
    })

    it('orders text by UTF-8 bytes, forwards and backwards', async () => {
      const shuffled = TEXT_IN_ORDER.toSorted()
      const open = await fresh(...shuffled.map((key) => put('unique', key, 1)))
      expect(keysOf(open.range('unique'))).toEqual(TEXT_IN_ORDER)
      expect(keysOf(open.range('unique', { reverse: true }))).toEqual(TEXT_IN_ORDER.toReversed())
      expect(TEXT_IN_ORDER).not.toEqual(shuffled)
    })

    it('orders numbers by value', async () => {
      const open = await fresh(...NUMBERS_IN_ORDER.toReversed().map((key) => put('journal', key)))
      expect(keysOf(open.range('journal'))).toEqual(NUMBERS_IN_ORDER)
      expect(keysOf(open.range('journal', { reverse: true, limit: 2 }))).toEqual([
        2 ** 53 - 1,
        2 ** 32,
      ])
    })

    it('takes the first key in and leaves the end out, in both directions', async () => {
      const open = await fresh(...[1, 3, 5, 7, 9].map((key) => put('journal', key)))
      const range = (from: number, to: number, reverse = false) =>
        keysOf(open.range('journal', { from, to, reverse }))
      expect(range(3, 9)).toEqual([3, 5, 7])
      expect(range(4, 8)).toEqual([5, 7])
      expect(range(9, 3, true)).toEqual([9, 7, 5])
      expect(range(8, 2, true)).toEqual([7, 5, 3])
      expect(range(8, 8)).toEqual([])
      expect(range(9, 3)).toEqual([])
      expect(range(3, 9, true)).toEqual([])
      expect(keysOf(open.range('journal', { from: 5, limit: 2 }))).toEqual([5, 7])
      expect(keysOf(open.range('journal', { to: 5 }))).toEqual([1, 3])
      expect(keysOf(open.range('journal', { to: 5, reverse: true }))).toEqual([9, 7])
      expect(keysOf(open.range('journal', { limit: 0 }))).toEqual([])
      expect(keysOf(open.range('journal', { from: 10 }))).toEqual([])
      expect(keysOf(open.range('journal', { from: 0, reverse: true }))).toEqual([])
    })

    it('finds all keys of a prefix between it and its last', async () => {
      const keys = ['H1\u0000a', 'H1\u0000b', 'H10\u0000a', 'H2\u0000a']
      const open = await fresh(...keys.map((key) => put('request', key)))
      expect(keysOf(open.range('request', { from: 'H1\u0000', to: 'H1\u0001' }))).toEqual(
        keys.slice(0, 2),
      )
    })

    it('reads a long range while commits change it', async () => {
      const keys = Array.from({ length: 2000 }, (_, index) => index * 2)
      const open = await fresh(...keys.map((key) => put('journal', key, 1)))
      const seen: Key[] = []
      for (const { key } of open.range('journal')) {
        seen.push(key)
        if (key === 100) await open.commit([gone('journal', 3000), put('journal', 3001, 2)])
      }
      expect(seen).toHaveLength(2000)
      expect(seen).toContain(3001)
      expect(seen).not.toContain(3000)
    })

    it('goes on after a row that was removed while it was looked at', async () => {
      const open = await fresh(...[1, 2, 3, 4].map((key) => put('journal', key)))
      for (const reverse of [false, true]) {
        const seen: Key[] = []
        for (const { key } of open.range('journal', { reverse })) {
          seen.push(key)
          await open.commit([gone('journal', key)])
          await open.commit([put('journal', Number(key))])
        }
        expect(seen).toEqual(reverse ? [4, 3, 2, 1] : [1, 2, 3, 4])
      }
    })

    it('may be left in the middle of a range', async () => {
      const open = await fresh(...[1, 2, 3].map((key) => put('journal', key)))
      for (const { key } of open.range('journal')) if (key === 2) break
      await open.commit([put('journal', 4)])
      expect(open.count('journal')).toBe(4)
    })

    it('removes rows, and does not mind one that is not there', async () => {
      const open = await fresh(put('holder', 'a', 1), put('holder', 'b', 2))
      await open.commit([gone('holder', 'a'), gone('holder', 'never')])
      expect(open.get('holder', 'a')).toBeUndefined()
      expect(rowsOf((await reopened()).range('holder'))).toEqual([['b', [2]]])
    })

    it('takes the last of several puts of one key', async () => {
      const open = await fresh(put('holder', 'a', 1), put('holder', 'a', 2), put('holder', 'b', 1))
      await open.commit([put('holder', 'b', 5), gone('holder', 'b'), put('journal', 1, 1)])
      await open.commit([gone('holder', 'c'), put('holder', 'c', 9), put('journal', 1, 2)])
      expect(rowsOf(open.range('holder'))).toEqual([
        ['a', [2]],
        ['c', [9]],
      ])
      expect(rowsOf(open.range('journal'))).toEqual([[1, [2]]])
    })

    it('keeps empty values apart from none', async () => {
      const open = await fresh(put('holder', 'empty'))
      expect(open.get('holder', 'empty')).toEqual(bytes())
      expect(rowsOf(open.range('holder'))).toEqual([['empty', []]])
    })

    it('keeps a value of 30 MB and one of every size around a page', async () => {
      const large = new Uint8Array(30_000_000).map((_, index) => index % 251)
      const sizes = [1, 2000, 2027, 2028, 2029, 4064, 4092, 4096, 8192, 70_000]
      const puts = sizes.map((size): Put => {
        return { table: 'content', key: String(size), value: new Uint8Array(size).fill(size % 256) }
      })
      const open = await fresh({ table: 'content', key: 'large', value: large }, ...puts)
      const found = open.get('content', 'large')
      await open.commit([{ table: 'content', key: 'other', value: large.toReversed() }])
      expect(found !== undefined && Buffer.compare(found, large)).toBe(0)
      const [first] = [...open.range('content', { from: 'large', limit: 1 })]
      expect(first !== undefined && Buffer.compare(first.value, large)).toBe(0)
      for (const size of sizes) {
        expect(open.get('content', String(size))).toEqual(new Uint8Array(size).fill(size % 256))
      }
    })

    it('copies values in and out', async () => {
      const value = bytes(1, 2, 3)
      const open = await fresh()
      const committed = open.commit([{ table: 'holder', key: 'a', value }])
      value.fill(9)
      await committed
      open.get('holder', 'a')?.fill(8)
      for (const row of open.range('holder')) row.value.fill(7)
      expect(open.get('holder', 'a')).toEqual(bytes(1, 2, 3))
    })

    it('takes keys of 1,900 bytes', async () => {
      const long = ['x'.repeat(1900), '医'.repeat(633) + 'x', '😀'.repeat(475)]
      const open = await fresh(...long.map((key) => put('request', key, 1)))
      for (const key of long) expect(open.get('request', key)).toEqual(bytes(1))
      for (const from of long) {
        expect(keysOf(open.range('request', { from, limit: 1 }))).toEqual([from])
      }
    })

    it.each([
      ['request', 'x'.repeat(1901)],
      ['request', '医'.repeat(634)],
      ['request', ''],
      ['request', '\uD800'],
      ['request', 7],
      ['journal', -1],
      ['journal', 1.5],
      ['journal', 2 ** 53],
      ['journal', '7'],
    ] as const)(
      'writes nothing of a commit with a key that cannot be: %s %j',
      async (table, key) => {
        const open = await fresh(put('holder', 'a', 1))
        const refused = open.commit([put('holder', 'a', 2), put(table, key, 3), put('meta', 'm')])
        await expect(refused).rejects.toMatchObject({ problem: { code: 'STORE_KEY_INVALID' } })
        expect(open.get('holder', 'a')).toEqual(bytes(1))
        expect(open.count('meta')).toBe(0)
        await open.commit([put('holder', 'a', 4)])
        expect(open.get('holder', 'a')).toEqual(bytes(4))
        expect(() => open.get(table, key)).toThrow(StoreFailed)
      },
    )

    it('refuses everything after it was closed, and may be closed twice', async () => {
      const open = await fresh(put('holder', 'a', 1))
      await open.close()
      await open.close()
      const closed = { problem: { code: 'STORE_CLOSED' } }
      await expect(open.commit([])).rejects.toMatchObject(closed)
      await expect(open.backup('nowhere')).rejects.toMatchObject(closed)
      expect(() => open.get('holder', 'a')).toThrow(StoreFailed)
      expect(() => open.count('holder')).toThrow(StoreFailed)
      expect(() => [...open.range('holder')]).toThrow(StoreFailed)
    })

    it('lets a commit end that was under way when it was closed', async () => {
      const open = await fresh()
      const committed = open.commit([put('holder', 'a', 1)])
      await Promise.all([committed, open.close()])
      expect((await reopened()).get('holder', 'a')).toEqual(bytes(1))
    })

    it('copies itself while commits go on', async () => {
      const open = await fresh(...Array.from({ length: 500 }, (_, key) => put('journal', key, 1)))
      const openBackup = place?.openBackup
      if (place === undefined || openBackup === undefined) {
        await expect(open.backup('nowhere')).rejects.toThrow(StoreFailed)
        return
      }
      const path = place.freshPath()
      const copied = open.backup(path)
      for (let key = 500; key < 520; key += 1) await open.commit([put('journal', key, 1)])
      await copied
      const copy = await openBackup(path)
      const keys = keysOf(copy.range('journal'))
      expect(keys).toEqual(Array.from({ length: keys.length }, (_, key) => key))
      expect(keys.length).toBeGreaterThanOrEqual(500)
      await copy.commit([put('journal', 9000)])
      await copy.close()
      expect(open.count('journal')).toBe(520)
    })
  })
}
