import { packedOf } from '../ledger/packed-split.ts'
import type { LedgerRecord } from '../ledger/record.ts'
import { BLOCK_RECORDS_MAX } from './limits.ts'

/**
 * Records in their order as few blocks, none much smaller than another: LMDB gives each whole pages. Those that were packed together
 * stay together, up to what a block may hold: apart, each block has their whole dictionary.
 */
export function cutIntoBlocks(
  records: readonly LedgerRecord[],
): readonly (readonly LedgerRecord[])[] {
  const blocks: (readonly LedgerRecord[])[] = []
  for (let from = 0, to = 0; from < records.length; from = to) {
    to = endOfBlock(records, from)
    blocks.push(records.slice(from, to))
  }
  return blocks
}

function endOfBlock(records: readonly LedgerRecord[], from: number): number {
  const left = records.length - from
  const fair = Math.ceil(left / Math.ceil(left / BLOCK_RECORDS_MAX))
  let to = from
  while (to - from < fair) {
    const end = endOfPacked(records, to)
    if (to > from && end - from > BLOCK_RECORDS_MAX) break
    to = Math.min(end, from + BLOCK_RECORDS_MAX)
  }
  return to
}

/** Behind the last of those that were packed together with the one at `from`. */
function endOfPacked(records: readonly LedgerRecord[], from: number): number {
  const dictionary = dictionaryAt(records, from)
  let end = from + 1
  if (dictionary === undefined) return end
  while (dictionaryAt(records, end) === dictionary) end += 1
  return end
}

function dictionaryAt(records: readonly LedgerRecord[], index: number): Uint8Array | undefined {
  const record = records[index]
  return record && packedOf(record)?.dictionary
}
