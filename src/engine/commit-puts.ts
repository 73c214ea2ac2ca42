import { assert } from '../assert.ts'
import { ByteWriter } from '../ledger/bytes/byte-writer.ts'
import { sha256 } from '../ledger/hash.ts'
import { writeRecords } from '../ledger/record-codec.ts'
import type { LedgerRecord } from '../ledger/record.ts'
import { writeRow } from '../ledger/row-codec.ts'
import type { HeadRow } from '../ledger/rows.ts'
import { encode } from '../protocol/codec.ts'
import { cutIntoBlocks } from './cut-into-blocks.ts'
import type { OverlayRows } from './overlay-rows.ts'
import type { Key, Put, Table } from './ports.ts'
import { HASH_BYTES, HEAD_KEY, TABLE_OF } from './store-rows.ts'

/** A put whose value lies between two places of the bytes of a commit; at one place: the row goes. */
interface Placed {
  readonly table: Table
  readonly key: Key
  readonly start: number
  readonly end: number
}

/** One for all commits: its space grows to the size of one and is used again. */
const writer = new ByteWriter()

/** The puts of one transaction: blocks of the batch's records, every row they changed once, contents, the new head. */
export function commitPuts(
  batch: OverlayRows,
  before: HeadRow,
): { readonly puts: readonly Put[]; readonly head: HeadRow } {
  writer.restart()
  const blocks = writeBlocks(batch.records)
  const rows = writeRows(batch)
  // The puts keep these bytes; they are the commit's own.
  const bytes = writer.copy()
  const hash = chainBlocks(blocks, bytes, before.hash)
  const puts = [...blocks, ...rows].map(({ table, key, start, end }): Put => {
    return { table, key, value: start === end ? undefined : bytes.subarray(start, end) }
  })
  for (const [key, value] of batch.content) puts.push({ table: 'content', key, value })
  const head = { ...headAfter(batch.records, before), hash }
  puts.push({ table: 'meta', key: HEAD_KEY, value: encode(head) })
  return { puts, head }
}

function writeBlocks(records: readonly LedgerRecord[]): readonly Placed[] {
  return cutIntoBlocks(records).map((block) => {
    const [first] = block
    assert(first !== undefined, 'a block has records')
    const start = writer.end
    writer.skip(HASH_BYTES)
    writeRecords(writer, block)
    return { table: 'journal', key: first.seq, start, end: writer.end }
  })
}

function writeRows(batch: OverlayRows): readonly Placed[] {
  const rows: Placed[] = []
  for (const [table, key, row] of batch.changes()) {
    const start = writer.end
    if (row !== undefined) writeRow(writer, table, row)
    rows.push({ table: TABLE_OF[table], key, start, end: writer.end })
  }
  return rows
}

/** Writes the hash of each block in front of it; the last one. */
function chainBlocks(blocks: readonly Placed[], bytes: Uint8Array, before: Uint8Array): Uint8Array {
  let hash = before
  for (const { start, end } of blocks) {
    hash = sha256(hash, bytes.subarray(start + HASH_BYTES, end))
    bytes.set(hash, start)
  }
  return hash
}

function headAfter(records: readonly LedgerRecord[], before: HeadRow): Omit<HeadRow, 'hash'> {
  let { seq, at, closed } = before
  for (const record of records) {
    assert(record.seq === seq + 1, 'records are numbered without a gap')
    assert(record.at >= at, 'stamps never go back')
    ;({ seq, at } = record)
    if (record.kind === 'dayClosed') closed = record.closed
  }
  return { seq, at, closed }
}
