import { endianness } from 'node:os'

/** lmdb writes numbers as the machine has them. */
const LITTLE = endianness() === 'LE'

/** Of pages and meta pages, as lmdb 3.5.6 lays them out (data format 2). */
export const PAGE_HEADER_BYTES = 24
const MAGIC = 0xbeefc0de
const DATA_FORMAT = 2
const PAGE_BYTES_MIN = 512
const PAGE_BYTES_MAX = 65_536
const NO_PAGE = 0xffff_ffff_ffff_ffffn

export const PAGE_KIND = { branch: 1, leaf: 2, overflow: 4, meta: 8 } as const

/** One B-tree: what is written about it beside its root. */
export interface TreeHeader {
  readonly branchPages: number
  readonly leafPages: number
  readonly overflowPages: number
  readonly entries: number
  /** Undefined when it is empty. */
  readonly root: number | undefined
}

export interface MetaPage {
  readonly pageBytes: number
  /** Highest page ever used; those that are free may lie beyond the end of the file. */
  readonly lastPage: number
  readonly transaction: number
  readonly free: TreeHeader
  readonly main: TreeHeader
}

/** Numbers of a piece of the file. */
export class Fields {
  readonly bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  u16(at: number): number {
    return this.#view.getUint16(at, LITTLE)
  }

  u32(at: number): number {
    return this.#view.getUint32(at, LITTLE)
  }

  /** Beyond 2^53 it is rounded; nothing that large is a page of a file. */
  u64(at: number): number {
    return Number(this.#view.getBigUint64(at, LITTLE))
  }

  page(at: number): number | undefined {
    return this.#view.getBigUint64(at, LITTLE) === NO_PAGE ? undefined : this.u64(at)
  }

  tree(at: number): TreeHeader {
    return {
      branchPages: this.u64(at + 8),
      leafPages: this.u64(at + 16),
      overflowPages: this.u64(at + 24),
      entries: this.u64(at + 32),
      root: this.page(at + 40),
    }
  }
}

export interface MetaPages {
  readonly newest: MetaPage
  /** Of the transaction before: lmdb writes them in turn. */
  readonly older: MetaPage
}

/** The two meta pages at the beginning of a file, or why there are none. */
export function readMeta(start: Uint8Array): MetaPages | string {
  const first = readMetaAt(start, 0)
  if (typeof first === 'string') return first
  const second = readMetaAt(start, first.pageBytes)
  if (typeof second === 'string') return second
  if (second.pageBytes !== first.pageBytes) return 'its two meta pages differ in page size'
  const [newest, older] = second.transaction > first.transaction ? [second, first] : [first, second]
  const isBackup = older.transaction === 0 && older.main.root === undefined
  if (newest.transaction - older.transaction !== 1 && !isBackup) {
    return `its meta pages are of transactions ${newest.transaction} and ${older.transaction}`
  }
  // The older one may have roots that do not exist: lmdb gives a meta page that it could not write its old number again.
  return wrongRoots(newest) ?? { newest, older }
}

/** Bytes from the beginning of a file in which both meta pages are. */
export const META_BYTES_MAX = 2 * PAGE_BYTES_MAX

function readMetaAt(start: Uint8Array, at: number): MetaPage | string {
  const end = at + PAGE_HEADER_BYTES + 144
  if (start.length < end) return 'it is too short'
  const fields = new Fields(start.subarray(at, end))
  if (fields.u16(18) !== PAGE_KIND.meta || fields.u32(24) !== MAGIC)
    return 'no meta page where one should be'
  const format = fields.u32(28) & 0xffff
  if (format !== DATA_FORMAT) return `data format ${format} instead of ${DATA_FORMAT}`
  const meta = {
    pageBytes: fields.u32(48),
    lastPage: fields.u64(144),
    transaction: fields.u64(152),
    free: fields.tree(48),
    main: fields.tree(96),
  }
  const { pageBytes } = meta
  const isPower = Number.isInteger(Math.log2(pageBytes))
  if (!isPower || pageBytes < PAGE_BYTES_MIN || pageBytes > PAGE_BYTES_MAX) {
    return `pages of ${pageBytes} bytes`
  }
  return meta
}

function wrongRoots({ pageBytes, lastPage, free, main }: MetaPage): string | undefined {
  if (lastPage < 1 || lastPage * pageBytes > Number.MAX_SAFE_INTEGER)
    return `page ${lastPage} as its last`
  for (const { root } of [free, main]) {
    if (root !== undefined && (root < 2 || root > lastPage)) return `a root on page ${root}`
  }
  return undefined
}
