import { fstatSync, readSync } from 'node:fs'
import {
  Fields,
  PAGE_HEADER_BYTES,
  PAGE_KIND,
  type MetaPage,
  type TreeHeader,
} from './lmdb-file.ts'

const NODE_BYTES = 8
/** Transaction of all pages that lmdb writes into a backup, whatever that of its meta page. */
const IN_A_BACKUP = 1
const NODE_ON_OVERFLOW_PAGES = 1
const NODE_IS_TREE = 2
const DEPTH_MAX = 32

interface Node {
  readonly key: Uint8Array
  /** In a branch: the page below. */
  readonly child: number
  readonly flags: number
  readonly dataBytes: number
  /** Where the data is in its page; a reference to pages when it is too long for one. */
  readonly dataAt: number
}

interface Bounds {
  /** No key below it is smaller; absent: no bound. */
  readonly from: Uint8Array | undefined
  /** All keys below it are smaller. */
  readonly to: Uint8Array | undefined
}

interface Counts {
  branchPages: number
  leafPages: number
  overflowPages: number
  entries: number
}

/**
 * Looks at every page that the B-trees of a closed file refer to and throws an `Error` that says what is wrong with the first
 * wrong one: outside the file, of the wrong kind, used twice, keys out of order or under the wrong branch, or other numbers of
 * pages than are written down. lmdb itself trusts all that, and a process that reads through a wrong page dies.
 * Contents of values are not looked at; they have seals.
 */
export function checkPages(file: number, meta: MetaPage): void {
  new PageWalk(file, meta, true).check()
}

/** The same for the topmost page of every table only: a moment for a ledger of any size. */
export function checkRoots(file: number, meta: MetaPage): void {
  new PageWalk(file, meta, false).check()
}

/**
 * Throws an `Error` unless the number of a meta page's transaction is that of the page on top of its tables, which every
 * commit writes. A number that was changed would have lmdb take the transaction before for the last one, whole in itself.
 */
export function checkTransaction(file: number, { main, pageBytes, transaction }: MetaPage): void {
  if (main.root === undefined) return
  const page = new Uint8Array(PAGE_HEADER_BYTES)
  readSync(file, page, 0, page.length, main.root * pageBytes)
  const written = new Fields(page).u64(8)
  if (written === transaction || written === IN_A_BACKUP) return
  throw new Error(
    `a meta page says transaction ${transaction}, its tables ${written}: the last commit may be missing`,
  )
}

class PageWalk {
  readonly #file: number
  readonly #meta: MetaPage
  readonly #pagesInFile: number
  readonly #seen: Uint8Array
  readonly #whole: boolean

  constructor(file: number, meta: MetaPage, whole: boolean) {
    this.#whole = whole
    this.#file = file
    this.#meta = meta
    this.#pagesInFile = Math.floor(fstatSync(file).size / meta.pageBytes)
    this.#seen = new Uint8Array(Math.ceil((meta.lastPage + 1) / 8))
  }

  check(): void {
    this.#tree(this.#meta.free, 'free pages', true)
    this.#tree(this.#meta.main, 'tables', false)
  }

  #tree(tree: TreeHeader, name: string, numbered: boolean): void {
    const counts = { branchPages: 0, leafPages: 0, overflowPages: 0, entries: 0 }
    if (tree.root !== undefined) {
      const bounds = { from: undefined, to: undefined }
      this.#page(tree.root, bounds, { name, numbered, counts, depth: 0 })
    }
    if (!this.#whole) return
    for (const what of ['branchPages', 'leafPages', 'overflowPages', 'entries'] as const) {
      if (counts[what] === tree[what]) continue
      throw new Error(`${what} of ${name}: ${counts[what]} instead of ${tree[what]}`)
    }
  }

  #page(number: number, bounds: Bounds, tree: Walk): void {
    if (tree.depth > DEPTH_MAX) throw new Error(`page ${number}: too deep`)
    this.#use(number, 1)
    const page = this.#read(number)
    const kind = page.u16(18)
    if (page.u64(0) !== number) throw new Error(`page ${number}: says it is ${page.u64(0)}`)
    const nodes = nodesOf(page, number, kind)
    checkOrder(nodes, bounds, tree, kind, number)
    if (kind === PAGE_KIND.leaf) {
      tree.counts.leafPages += 1
      tree.counts.entries += nodes.length
      for (const node of nodes) this.#leaf(page, node, number, tree)
      return
    }
    if (!this.#whole) return
    tree.counts.branchPages += 1
    nodes.forEach(({ key, child }, index) => {
      const below = {
        from: index === 0 ? bounds.from : key,
        to: nodes[index + 1]?.key ?? bounds.to,
      }
      this.#page(child, below, { ...tree, depth: tree.depth + 1 })
    })
  }

  #leaf(page: Fields, node: Node, number: number, tree: Walk): void {
    if (node.flags === NODE_ON_OVERFLOW_PAGES) {
      this.#overflow(page.u64(node.dataAt), node.dataBytes, tree)
    } else if (node.flags === NODE_IS_TREE && tree.name === 'tables') {
      const name = Buffer.from(node.key).toString()
      this.#tree(page.tree(node.dataAt), name, false)
    } else if (node.flags !== 0) {
      throw new Error(`page ${number}: node with flags ${node.flags}`)
    }
  }

  #overflow(first: number, bytes: number, { counts }: Walk): void {
    const pages = Math.floor((PAGE_HEADER_BYTES - 1 + bytes) / this.#meta.pageBytes) + 1
    this.#use(first, pages)
    const page = this.#read(first)
    if (page.u16(18) !== PAGE_KIND.overflow || page.u64(0) !== first || page.u32(20) !== pages) {
      throw new Error(`page ${first}: not the first of ${pages} of a long value`)
    }
    counts.overflowPages += pages
  }

  #use(first: number, count: number): void {
    if (first < 2 || first + count - 1 > this.#meta.lastPage)
      throw new Error(`page ${first}: no such page`)
    if (first + count > this.#pagesInFile)
      throw new Error(`page ${first}: beyond the end of the file`)
    for (let number = first; number < first + count; number += 1) {
      const bit = 1 << (number & 7)
      const bits = this.#seen[number >> 3] ?? 0
      if ((bits & bit) !== 0) throw new Error(`page ${number}: used twice`)
      this.#seen[number >> 3] = bits | bit
    }
  }

  #read(number: number): Fields {
    const { pageBytes } = this.#meta
    const bytes = new Uint8Array(pageBytes)
    if (readSync(this.#file, bytes, 0, pageBytes, number * pageBytes) !== pageBytes) {
      throw new Error(`page ${number}: beyond the end of the file`)
    }
    return new Fields(bytes)
  }
}

interface Walk {
  readonly name: string
  /** Keys are numbers as the machine has them: those of free pages. */
  readonly numbered: boolean
  readonly counts: Counts
  readonly depth: number
}

function nodesOf(page: Fields, number: number, kind: number): readonly Node[] {
  if (kind !== PAGE_KIND.leaf && kind !== PAGE_KIND.branch) {
    throw new Error(`page ${number}: of kind ${kind}`)
  }
  const [lower, upper] = [page.u16(20), page.u16(22)]
  const room = page.bytes.length - PAGE_HEADER_BYTES
  if (lower % 2 !== 0 || lower === 0 || lower > upper || upper > room) {
    throw new Error(`page ${number}: ${lower} to ${upper} free`)
  }
  return Array.from({ length: lower / 2 }, (_, index) => {
    const at = page.u16(PAGE_HEADER_BYTES + index * 2) + PAGE_HEADER_BYTES
    const node = at + NODE_BYTES > page.bytes.length ? undefined : nodeAt(page, at, kind)
    if (node === undefined || at < upper + PAGE_HEADER_BYTES) {
      throw new Error(`page ${number}: node ${index} outside its page`)
    }
    return node
  })
}

function nodeAt(page: Fields, at: number, kind: number): Node | undefined {
  const flags = page.u16(at + 4)
  const low = page.u16(at) + page.u16(at + 2) * 2 ** 16
  const keyAt = at + NODE_BYTES
  const dataAt = keyAt + page.u16(at + 6)
  const isLeaf = kind === PAGE_KIND.leaf
  const inPage = !isLeaf ? 0 : flags === NODE_ON_OVERFLOW_PAGES ? 24 : low
  if (dataAt + inPage > page.bytes.length) return undefined
  return {
    key: page.bytes.subarray(keyAt, dataAt),
    child: isLeaf ? 0 : low + flags * 2 ** 32,
    flags: isLeaf ? flags : 0,
    dataBytes: low,
    dataAt,
  }
}

/** The first key of a branch page stands for everything smaller and is not looked at. */
function checkOrder(
  nodes: readonly Node[],
  { from, to }: Bounds,
  { numbered }: Walk,
  kind: number,
  number: number,
): void {
  let before = from
  for (const [index, { key }] of nodes.entries()) {
    if (kind === PAGE_KIND.branch && index === 0) continue
    const order = before === undefined ? 1 : compare(key, before, numbered)
    if (
      order < 0 ||
      (order === 0 && before !== from) ||
      (to !== undefined && compare(key, to, numbered) >= 0)
    ) {
      throw new Error(`page ${number}: key ${index} out of order`)
    }
    before = key
  }
}

function compare(left: Uint8Array, right: Uint8Array, numbered: boolean): number {
  if (!numbered) return Buffer.compare(left, right)
  if (left.length !== 8 || right.length !== 8) return -1
  return new Fields(left).u64(0) - new Fields(right).u64(0)
}
