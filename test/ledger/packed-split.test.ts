import { expect, test } from 'vitest'
import {
  openDictionary,
  packedRecord,
  SplitPacker,
  unpackSplit,
  type PackedSplit,
  type SplitContent,
} from '../../src/ledger/packed-split.ts'
import { rowSumsOf } from '../../src/ledger/balances.ts'
import { decodeRecords, encodeRecords } from '../../src/ledger/record-codec.ts'
import type { LedgerRecord, SplitRecord } from '../../src/ledger/record.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { journalOf } from '../engine/flips/forged-ledger.ts'
import { writeSmallHistory } from '../engine/flips/small-history.ts'

const store = openMemoryStore()
await writeSmallHistory(store)
const journal = journalOf(store)
const splits = journal.filter(
  (record): record is SplitRecord => record.kind === 'settlement' || record.kind === 'prepared',
)

function contentOf(record: SplitRecord): SplitContent {
  const { seq: _, at: __, day: ___, request: ____, ...content } = record
  return content
}

/** The records as the writer has them when their splits were packed together elsewhere. */
function packedTogether(records: readonly SplitRecord[]): SplitRecord[] {
  const packer = new SplitPacker()
  packer.restart()
  const bytes = records.map((record) => packer.pack(contentOf(record)))
  const dictionary = packer.dictionary()
  return records.map((record, index) => {
    const content = contentOf(record)
    const { bill: _, before: __, answer: ___, digest: ____, ...known } = content
    const packed: PackedSplit = {
      dictionary,
      bytes: bytes[index] ?? new Uint8Array(),
      sums: rowSumsOf(record.answer, 1),
    }
    const unpacked = () => unpackSplit(packed.bytes, openDictionary(dictionary))
    return packedRecord(record, known, packed, unpacked)
  })
}

test('a packed record says what the record says, before it is stored and after', () => {
  const packed = packedTogether(splits)
  expect(splits.length).toBeGreaterThan(5)
  for (const [index, record] of packed.entries()) {
    const { packed: bytes, ...members } = record
    expect(bytes).toBeDefined()
    const whole = splits[index]
    for (const name of Object.keys(whole ?? {})) {
      expect(members[name as 'bill'], name).toStrictEqual(whole?.[name as 'bill'])
    }
  }
  expect(decodeRecords(encodeRecords(packed))).toStrictEqual(splits)
  // Members in their order, too.
  expect(JSON.stringify(decodeRecords(encodeRecords(packed)))).toBe(JSON.stringify(splits))
})

test('packed and plain records stand beside each other, those of two packings in one block', () => {
  const half = Math.ceil(splits.length / 2)
  const packed = new Map<number, LedgerRecord>(
    [...packedTogether(splits.slice(0, half)), ...packedTogether(splits.slice(half))].map(
      (record) => [record.seq, record],
    ),
  )
  const mixed = journal.map((record) =>
    record.seq % 3 === 0 ? record : (packed.get(record.seq) ?? record),
  )
  expect(decodeRecords(encodeRecords(mixed))).toStrictEqual(journal)
})

test('a packed split can be read without those packed before it', () => {
  const packed = packedTogether(splits)
  for (const [index, record] of packed.entries()) {
    expect(decodeRecords(encodeRecords([record]))).toStrictEqual([splits[index]])
  }
  const last = packed.slice(-2)
  expect(decodeRecords(encodeRecords(last))).toStrictEqual(splits.slice(-2))
})

test('what was packed before restart leaves nothing behind', () => {
  const packer = new SplitPacker()
  const [first] = splits
  if (first === undefined) throw new Error('no split')
  packer.restart()
  const once = packer.pack(contentOf(first))
  const dictionary = packer.dictionary()
  for (const record of splits) packer.pack(contentOf(record))
  packer.restart()
  expect(packer.pack(contentOf(first))).toStrictEqual(once)
  expect(packer.dictionary()).toStrictEqual(dictionary)
})

test('bytes that are cut, longer or of no split are refused', () => {
  const packed = packedTogether(splits.slice(0, 2))
  const bytes = encodeRecords(packed)
  for (const end of [-1, -7, -40]) {
    expect(() => decodeRecords(bytes.subarray(0, end))).toThrow(/broken invariant/)
  }
  expect(() => decodeRecords(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(/broken invariant/)
  const packer = new SplitPacker()
  packer.restart()
  const other = packer.pack({ kind: 'reversal' } as unknown as SplitContent)
  const dictionary = openDictionary(packer.dictionary())
  expect(() => unpackSplit(other, dictionary)).toThrow(/only splits are packed/)
})
