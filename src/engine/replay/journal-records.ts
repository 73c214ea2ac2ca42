import { assert } from '../../assert.ts'
import type { LedgerRecord } from '../../ledger/record.ts'
import type { Store } from '../ports.ts'
import { recordsOf } from '../store-rows.ts'

/** Blocks read at a time: no reading holds the store up for long. */
const BLOCKS_READ = 16

/**
 * The committed records from `seq` on, in order, up to what is committed when the end is reached. Blocks are read and decoded
 * `blocks` at a time.
 */
export function* journalRecords(
  store: Pick<Store, 'range'>,
  seq = 1,
  blocks = BLOCKS_READ,
): Generator<LedgerRecord> {
  let next = seq
  for (;;) {
    const before = next
    const [start] = store.range('journal', { from: next, reverse: true, limit: 1 })
    const from = Number(start?.key ?? next)
    // Read at once: nothing of the store stays open while the caller works.
    const read = [...store.range('journal', { from, limit: blocks })]
    for (const { value } of read) {
      for (const record of recordsOf(value)) {
        if (record.seq < next) continue
        assert(record.seq === next, 'the journal has every record')
        yield record
        next += 1
      }
    }
    if (next === before) return
  }
}
