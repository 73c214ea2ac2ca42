import { assert } from '../assert.ts'
import { sha256 } from '../ledger/hash.ts'
import { packRecord } from '../ledger/record-codec.ts'
import { packRow } from '../ledger/row-codec.ts'
import type { HeadRow } from '../ledger/rows.ts'
import { encode } from '../protocol/codec.ts'
import { BLOCK_RECORDS_MAX } from './limits.ts'
import type { OverlayRows } from './overlay-rows.ts'
import type { Put } from './ports.ts'
import { HEAD_KEY, TABLE_OF } from './store-rows.ts'

/** The puts of one transaction: blocks of the batch's records, every row they changed once, contents, the new head. */
export function commitPuts(
  batch: OverlayRows,
  before: HeadRow,
): { readonly puts: readonly Put[]; readonly head: HeadRow } {
  const puts: Put[] = []
  let { hash, seq, at, closed } = before
  const { records } = batch
  for (let from = 0; from < records.length; from += BLOCK_RECORDS_MAX) {
    const block = records.slice(from, from + BLOCK_RECORDS_MAX)
    const payload = encode(block.map(packRecord))
    hash = sha256(hash, payload)
    const [first] = block
    assert(first?.seq === seq + 1, 'records are numbered without a gap')
    puts.push({ table: 'journal', key: first.seq, value: Buffer.concat([hash, payload]) })
    seq += block.length
  }
  for (const record of records) {
    assert(record.at >= at, 'stamps never go back')
    ;({ at } = record)
    if (record.kind === 'dayClosed') closed = record.closed
  }
  for (const [table, key, row] of batch.changes()) {
    const value = row === undefined ? undefined : encode(packRow(table, row))
    puts.push({ table: TABLE_OF[table], key, value })
  }
  for (const [key, value] of batch.content) puts.push({ table: 'content', key, value })
  const head = { seq, hash, at, closed }
  puts.push({ table: 'meta', key: HEAD_KEY, value: encode(head) })
  return { puts, head }
}
