import type { Key, KeyRange, Row } from '../engine/ports.ts'
import { problem } from '../errors/problem.ts'
import { compareKeys } from './keys.ts'
import type { RowPut, RowStore, RowTable } from './row-store.ts'
import { StoreFailed } from '../engine/store-failed.ts'

/** So few new keys are put in their places one by one. */
const PLACED_SINGLY_MAX = 8

/** Rows in a map. Their keys are put in order when somebody asks for the order, so that it costs nothing until then. */
class MemoryTable {
  readonly rows = new Map<Key, Uint8Array>()
  /** In order; those of `#gone` have no row any more. */
  #keys: Key[] = []
  #added: Key[] = []
  readonly #gone = new Set<Key>()

  put(key: Key, value: Uint8Array): void {
    if (!this.rows.has(key) && !this.#gone.delete(key)) {
      const last = this.#keys.at(-1)
      const isLast = last === undefined || compareKeys(last, key) < 0
      if (isLast && this.#added.length === 0) this.#keys.push(key)
      else this.#added.push(key)
    }
    this.rows.set(key, value)
  }

  remove(key: Key): void {
    if (this.rows.delete(key)) this.#gone.add(key)
  }

  /** All keys in order, and some whose rows are gone. Good until the next `put`. */
  sorted(): readonly Key[] {
    if (this.#gone.size > this.#keys.length / 2) this.#sweep()
    if (this.#added.length > 0) this.#placeAdded()
    return this.#keys
  }

  #sweep(): void {
    this.#keys = this.#keys.filter((key) => this.rows.has(key))
    this.#added = this.#added.filter((key) => this.rows.has(key))
    this.#gone.clear()
  }

  #placeAdded(): void {
    const added = this.#added.toSorted(compareKeys)
    this.#added = []
    if (added.length > PLACED_SINGLY_MAX) this.#keys = merged(this.#keys, added)
    else for (const key of added) this.#keys.splice(firstFrom(this.#keys, key), 0, key)
  }
}

/** One list in order out of two. */
function merged(left: readonly Key[], right: readonly Key[]): Key[] {
  const keys: Key[] = []
  let at = 0
  for (const key of right) {
    for (let next = left[at]; next !== undefined && compareKeys(next, key) < 0; next = left[at]) {
      keys.push(next)
      at += 1
    }
    keys.push(key)
  }
  for (; at < left.length; at += 1) {
    const next = left[at]
    if (next !== undefined) keys.push(next)
  }
  return keys
}

/** Index of the first of `keys` that is not before `key`. */
function firstFrom(keys: readonly Key[], key: Key): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = keys[middle]
    if (found !== undefined && compareKeys(found, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Rows without a disk: `close` keeps them. They cannot be backed up. */
export class MemoryRows implements RowStore {
  readonly place = 'memory'
  readonly #tables = new Map<RowTable, MemoryTable>()

  get(table: RowTable, key: Key): Uint8Array | undefined {
    const value = this.peek(table, key)
    return value === undefined ? undefined : new Uint8Array(value)
  }

  peek(table: RowTable, key: Key): Uint8Array | undefined {
    return this.#tables.get(table)?.rows.get(key)
  }

  *range(table: RowTable, range: KeyRange): Iterable<Row> {
    const found = this.#tables.get(table)
    if (found === undefined) return
    const ahead = range.reverse === true ? -1 : 1
    let left = range.limit ?? Number.POSITIVE_INFINITY
    let keys = found.sorted()
    let at = startOf(keys, range)
    while (left > 0) {
      const key = keys[at]
      if (key === undefined || (range.to !== undefined && compareKeys(key, range.to) * ahead >= 0))
        return
      const value = found.rows.get(key)
      if (value === undefined) {
        at += ahead
        continue
      }
      left -= 1
      yield { key, value: new Uint8Array(value) }
      // Keys may have come and gone meanwhile, this one too.
      keys = found.sorted()
      at = indexAfter(keys, key, keys[at] === key ? at : firstFrom(keys, key), ahead)
    }
  }

  count(table: RowTable): number {
    return this.#tables.get(table)?.rows.size ?? 0
  }

  async commit(puts: readonly RowPut[]): Promise<void> {
    await Promise.resolve()
    for (const { table, key, value } of puts) {
      if (value === undefined) this.#tables.get(table)?.remove(key)
      else this.#table(table).put(key, new Uint8Array(value))
    }
  }

  async backup(path: string): Promise<void> {
    const why = 'a ledger in memory has no files'
    await Promise.reject(
      new StoreFailed(problem('STORE_COPY_FAILED', '', { directory: path, why })),
    )
  }

  async close(): Promise<void> {
    await Promise.resolve()
  }

  #table(table: RowTable): MemoryTable {
    const found = this.#tables.get(table) ?? new MemoryTable()
    this.#tables.set(table, found)
    return found
  }
}

function startOf(keys: readonly Key[], { from, reverse }: KeyRange): number {
  if (from === undefined) return reverse === true ? keys.length - 1 : 0
  const first = firstFrom(keys, from)
  return reverse === true && keys[first] !== from ? first - 1 : first
}

/** Where to go on from `key`, which is at `first`, or would be if it is gone. */
function indexAfter(keys: readonly Key[], key: Key, first: number, ahead: 1 | -1): number {
  if (ahead === -1) return first - 1
  return keys[first] === key ? first + 1 : first
}
