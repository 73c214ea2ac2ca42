import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutIntoBlocks } from '../../src/engine/cut-into-blocks.ts'
import { BLOCK_RECORDS_MAX } from '../../src/engine/limits.ts'
import type { LedgerRecord } from '../../src/ledger/record.ts'

/** Runs of records: so many that were packed together, or one that was not. */
function recordsOf(runs: readonly number[]): readonly LedgerRecord[] {
  const records: unknown[] = []
  for (const run of runs) {
    const dictionary = new Uint8Array(1)
    const isPacked = run > 1
    for (let index = 0; index < run; index += 1) {
      const seq = records.length + 1
      records.push({ kind: 'settlement', seq, ...(isPacked && { packed: { dictionary } }) })
    }
  }
  return records as readonly LedgerRecord[]
}

const runs = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 2, max: BLOCK_RECORDS_MAX })), {
  maxLength: 60,
})

test('every record is in one block, in its order, and no block holds more than it may', () => {
  fc.assert(
    fc.property(runs, (lengths) => {
      const records = recordsOf(lengths)
      const blocks = cutIntoBlocks(records)
      expect(blocks.flat()).toEqual(records)
      for (const { length } of blocks) {
        expect(length).toBeGreaterThan(0)
        expect(length).toBeLessThanOrEqual(BLOCK_RECORDS_MAX)
      }
    }),
  )
})

test('what was packed together is not parted', () => {
  fc.assert(
    fc.property(runs, (lengths) => {
      const seen = new Map<unknown, number>()
      for (const [number, block] of cutIntoBlocks(recordsOf(lengths)).entries()) {
        for (const record of block) {
          const packed = record.kind === 'settlement' ? record.packed : undefined
          if (packed === undefined) continue
          expect(seen.get(packed.dictionary) ?? number).toBe(number)
          seen.set(packed.dictionary, number)
        }
      }
    }),
  )
})

test('more than a block holds is cut where it is full', () => {
  const lengths = cutIntoBlocks(recordsOf([BLOCK_RECORDS_MAX + 8])).map(({ length }) => length)
  expect(lengths).toEqual([BLOCK_RECORDS_MAX, 8])
})

test.each([
  [1, [1]],
  [32, [32]],
  [33, [17, 16]],
  [97, [25, 24, 24, 24]],
])('%i records that were not packed are shared out evenly', (count, lengths) => {
  const records = recordsOf(Array.from({ length: count }, () => 1))
  expect(cutIntoBlocks(records).map(({ length }) => length)).toEqual(lengths)
})
