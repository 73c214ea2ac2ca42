import type { Key, KeyRange, Row } from '../engine/ports.ts'
import { problem, success } from '../errors/problem.ts'
import { commitFlushed } from './commit-flushed.ts'
import { copyIntoPlace } from './copy-into-place.ts'
import { DiskSpace } from './disk-space.ts'
import { NUMBER_KEYS, TEXT_KEYS } from './key-encoder.ts'
import { isNumbered } from './keys.ts'
import { failureOf } from './lmdb-failure.ts'
import { openEnvironment, type Database, type RangeOptions, type RootDatabase } from './lmdb.ts'
import { ROW_TABLES, type RowPut, type RowStore, type RowTable } from './row-store.ts'
import { StoreFailed } from '../engine/store-failed.ts'

export type LmdbTable = Database<Uint8Array, Key>

/** A range is read in pieces, so that no cursor and no read transaction is left open while its rows are worked on. */
const PIECE_ROWS_FIRST = 16
const PIECE_ROWS_MAX = 512
const PIECE_BYTES_MAX = 2 ** 20

export interface LmdbOptions {
  /** Address space to begin with. */
  readonly mapSizeBytes: number
  /** Kept free on the disk. */
  readonly reserveBytes: number
}

export interface Environment {
  readonly root: RootDatabase<Uint8Array, Key>
  readonly tables: ReadonlyMap<RowTable, LmdbTable>
}

/** The rows of one LMDB environment, a named database for each table. */
export class LmdbRows implements RowStore {
  readonly place: string
  readonly #options: LmdbOptions
  readonly #disk: DiskSpace
  #environment: Environment
  /** Why nothing is written any more. */
  #broken: StoreFailed | undefined
  #afterClose: () => void = () => undefined

  constructor(directory: string, options: LmdbOptions) {
    this.place = directory
    this.#options = options
    this.#disk = new DiskSpace(directory, options.reserveBytes)
    this.#environment = openTables(directory, options)
  }

  get(table: RowTable, key: Key): Uint8Array | undefined {
    return this.#reading(table, () => this.#table(table).getBinary(key))
  }

  peek(table: RowTable, key: Key): Uint8Array | undefined {
    return this.#reading(table, () => this.#table(table).getBinaryFast(key))
  }

  *range(table: RowTable, range: KeyRange): Iterable<Row> {
    let left = range.limit ?? Number.POSITIVE_INFINITY
    let size = PIECE_ROWS_FIRST
    let after: Key | undefined
    while (left > 0) {
      const piece = this.#piece(table, range, after, Math.min(left, size))
      yield* piece.rows
      const last = piece.rows.at(-1)
      if (piece.ended || last === undefined) return
      after = last.key
      left -= piece.rows.length
      size = Math.min(size * 2, PIECE_ROWS_MAX)
    }
  }

  /** Up to `count` rows after the key `after`, fewer when they are large; `ended` when there are no more. */
  #piece(table: RowTable, range: KeyRange, after: Key | undefined, count: number) {
    return this.#reading(table, () => {
      const rows: Row[] = []
      let bytes = 0
      const found = this.#table(table).getRange({
        // Named even when absent: lmdb would put bounds of its own in their place.
        ...({ start: after ?? range.from, end: range.to } as RangeOptions),
        exclusiveStart: after !== undefined,
        reverse: range.reverse === true,
        limit: count,
      })
      for (const { key, value } of found) {
        rows.push({ key, value })
        bytes += value.length
        if (bytes > PIECE_BYTES_MAX) return { rows, ended: false }
      }
      return { rows, ended: rows.length < count }
    })
  }

  count(table: RowTable): number {
    return this.#reading(table, () => {
      const stats: { readonly entryCount?: number } = this.#table(table).getStats()
      return stats.entryCount ?? 0
    })
  }

  async commit(puts: readonly RowPut[]): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken
    const bytes = bytesWritten(puts)
    if (!(await this.#disk.hasRoomFor(bytes))) throw this.#full('reserve')
    try {
      await commitFlushed(this.#environment, puts)
    } catch (error) {
      throw await this.#failed(error, bytes)
    }
  }

  /** Refuses every later commit: another process has the ledger. */
  stopWriting(reason: StoreFailed): void {
    this.#broken ??= reason
  }

  /**
   * What to say of a commit that failed. lmdb has given the transaction up: what was committed before is as it was, and its
   * pages were flushed before they were referred to. So a full disk is no reason to stop. Every other failure is one.
   */
  async #failed(error: unknown, bytes: number): Promise<StoreFailed> {
    this.#disk.lookAgain()
    const { why, noSpace } = await failureOf(error)
    const isWhole = this.#isReadable()
    // A write that was cut short for want of space is an "Input/output error" to lmdb.
    if (isWhole && (noSpace || (await this.#disk.isFull(bytes)))) return this.#full(why)
    const details = { directory: this.place, why }
    this.#broken ??= new StoreFailed(problem('STORE_WRITE_FAILED', '', details), { cause: error })
    if (!isWhole) await this.#openAgain()
    return this.#broken
  }

  /**
   * After a meta page that could not be written lmdb lets nobody read, and would wait for ever in the next commit. What was
   * committed before can be read when it is opened anew; nothing is written to it. Where that fails too, every read says so.
   */
  async #openAgain(): Promise<void> {
    await this.#environment.root.close()
    try {
      this.#environment = openTables(this.place, this.#options)
    } catch {
      // Why nothing is written is said already; a closed environment refuses reads, which say why themselves.
    }
  }

  #full(why: string): StoreFailed {
    return new StoreFailed(problem('STORE_FULL', '', { directory: this.place, why }), {
      nothingWritten: true,
    })
  }

  #isReadable(): boolean {
    try {
      this.#environment.root.resetReadTxn()
      this.count('seal')
      return true
    } catch {
      return false
    }
  }

  async backup(path: string): Promise<void> {
    const { root } = this.#environment
    const unchecked = async () => Promise.resolve(success(undefined))
    await copyIntoPlace(path, (directory) => root.backup(directory, true), unchecked)
  }

  /** What to do when it has been closed. */
  onClose(after: () => void): void {
    this.#afterClose = after
  }

  async close(): Promise<void> {
    await this.#environment.root.close()
    this.#afterClose()
  }

  #table(name: RowTable): LmdbTable {
    const found = this.#environment.tables.get(name)
    if (found === undefined) throw new Error(`no such table: ${name}`)
    return found
  }

  #reading<T>(table: RowTable, read: () => T): T {
    try {
      return read()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new StoreFailed(
        problem('STORE_READ_FAILED', '', { directory: this.place, table, why }),
        { cause: error },
      )
    }
  }
}

function openTables(directory: string, { mapSizeBytes }: LmdbOptions): Environment {
  const root = openEnvironment<Uint8Array, Key>(directory, {
    noSubdir: false,
    maxDbs: ROW_TABLES.length,
    mapSize: mapSizeBytes,
    encoding: 'binary',
    // Why is said where it matters, in `commitFlushed`.
    overlappingSync: false,
    // Each commit is a batch of its own; a promise for the event turn would be rejected with nobody listening.
    eventTurnBatching: false,
  })
  const tables = root.transactionSync(
    () => new Map(ROW_TABLES.map((name) => [name, openTable(root, name)])),
  )
  return { root, tables }
}

function openTable(root: RootDatabase<Uint8Array, Key>, name: RowTable): LmdbTable {
  const keyEncoder = isNumbered(name) ? NUMBER_KEYS : TEXT_KEYS
  const options = { encoding: 'binary' as const, keyEncoder }
  return root.openDB<Uint8Array, Key>(name, options)
}

const PAGE_BYTES = 4096
/** Pages of a B-tree that one put may write: the path to it, and a neighbour. */
const PAGES_A_PUT = 3

/** At most about so much. */
function bytesWritten(puts: readonly RowPut[]): number {
  let bytes = 0
  for (const { value } of puts) bytes += (value?.length ?? 0) + PAGES_A_PUT * PAGE_BYTES
  return bytes
}
