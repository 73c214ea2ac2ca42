import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRecords, encodeRecords } from '../../src/ledger/record-codec.ts'
import type { LedgerRecord } from '../../src/ledger/record.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { journalOf } from '../engine/flips/forged-ledger.ts'
import { writeSmallHistory } from '../engine/flips/small-history.ts'

const amounts = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constant(0),
)
const ids = fc.oneof(fc.constantFrom('1', '2', 'A-7', '', '项目'), fc.string())
const keys = fc.oneof(
  fc.constantFrom(
    'person:P1|pool|2026|',
    'stay:V1|a:b|V1|',
    'policy:X|c|2026-01-01|k',
    'odd',
    '|a|b',
  ),
  fc.string(),
)
const contributions = fc.array(fc.tuple(keys, amounts), { maxLength: 6 })
const shares = fc.array(fc.oneof(amounts, fc.constant(0)), { maxLength: 8 })
const strange = fc.oneof(
  fc.constantFrom(null, undefined, '', 7, true),
  fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
)
const orStrange = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 6, arbitrary: usual as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: strange },
  )

const answers = fc.record(
  {
    total: amounts,
    payers: orStrange(
      fc.array(fc.record({ id: ids, amount: amounts }, { noNullPrototype: true }), {
        maxLength: 3,
      }),
    ),
    lines: orStrange(fc.array(fc.tuple(ids, amounts, amounts, shares, shares), { maxLength: 5 })),
    setlinfo: orStrange(fc.dictionary(ids, fc.option(ids), { noNullPrototype: true })),
  },
  { requiredKeys: [], noNullPrototype: true },
)

/** Records of no kind at all: every part present or not, in its usual form or any other. */
const records = fc
  .record(
    {
      kind: fc.constantFrom('settlement', 'reversal', 'x'),
      seq: amounts,
      before: orStrange(contributions),
      contributions: orStrange(contributions),
      answer: orStrange(answers),
      postings: orStrange(fc.array(fc.tuple(ids, ids, amounts), { maxLength: 5 })),
      lineIds: orStrange(fc.array(ids, { maxLength: 5 })),
      digest: orStrange(fc.string({ unit: fc.constantFrom('0', '7', 'a', 'f'), maxLength: 64 })),
      bill: strange,
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .chain((record) =>
    fc
      .shuffledSubarray(Object.keys(record), { minLength: Object.keys(record).length })
      .map((names) => Object.fromEntries(names.map((name) => [name, record[name as 'kind']]))),
  )
  .map((record) => record as unknown as LedgerRecord)

test('records of any form come back as they were, members in their order', () => {
  fc.assert(
    fc.property(fc.array(records, { maxLength: 4 }), (list) => {
      const found = decodeRecords(encodeRecords(list))
      expect(found).toStrictEqual(list)
      expect(JSON.stringify(found)).toBe(JSON.stringify(list))
    }),
    { numRuns: 3_000 },
  )
})

test('line ids are those of the lines, also when they are not', () => {
  const line = (id: string) => [id, 5, 2, [3], [2, 0]]
  for (const lineIds of [['1', '2'], ['2', '1'], ['1'], [], ['1', '2', '3']]) {
    const record = { answer: { lines: [line('1'), line('2')] }, lineIds } as unknown as LedgerRecord
    const turned = { lineIds, answer: { lines: [line('1'), line('2')] } } as unknown as LedgerRecord
    expect(decodeRecords(encodeRecords([record, turned]))).toStrictEqual([record, turned])
  }
})

test('every kind of record of a ledger comes back, alone and beside others', async () => {
  const store = openMemoryStore()
  await writeSmallHistory(store)
  const journal = journalOf(store)
  expect(new Set(journal.map(({ kind }) => kind)).size).toBe(14)
  expect(decodeRecords(encodeRecords(journal))).toStrictEqual(journal)
  for (const record of journal) {
    const bytes = encodeRecords([record])
    expect(decodeRecords(bytes)).toStrictEqual([record])
    expect(() => decodeRecords(bytes.subarray(0, -1))).toThrow(/broken invariant/)
    expect(() => decodeRecords(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(/broken invariant/)
  }
})
