import { counterKey, type CounterKey } from '../../src/adjudication/counter-key.ts'
import { CounterSums } from '../../src/adjudication/counter-sums.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRow, encodeRow } from '../../src/ledger/row-codec.ts'
import type { RowTable, RowTypes } from '../../src/ledger/rows.ts'

const record = <T>(members: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(members as { [K in keyof T]: fc.Arbitrary<T[K]> }, { noNullPrototype: true })

const seqs = fc.nat({ max: 2 ** 40 })
const ids = fc.oneof(fc.constantFrom('P1', 'V000001', '1', 'payer:a>b'), fc.string())
const keys: fc.Arbitrary<CounterKey> = fc.oneof(
  fc.constantFrom('person:P1|pool|2026|', 'stay:V1|a:b|V1|', 'policy:A|b||').map(counterKey),
  record({ owner: fc.string({ minLength: 1 }), id: fc.string(), rest: fc.string() }),
)
const counters = fc
  .array(fc.tuple(keys, fc.maxSafeInteger()))
  .map((pairs) => CounterSums.ofPairs(pairs))
const marks = fc.array(record({ key: keys, by: seqs, at: seqs }), { maxLength: 3 })
const numbers = fc.array(seqs, { maxLength: 4 })
const entries = fc.oneof(
  record({
    seq: seqs,
    state: fc.constantFrom('live', 'prepared', 'cancelled', 'reversed'),
    recalculations: numbers,
  }),
  record({
    seq: seqs,
    state: fc.constantFrom('live', 'reversed'),
    endedBy: seqs.map((seq) => seq + 1),
    confirmedBy: seqs.map((seq) => seq + 1),
    recalculations: numbers,
  }),
)
const amount = fc.maxSafeInteger()
const rows: { readonly [T in RowTable]: fc.Arbitrary<RowTypes[T]> } = {
  request: record({
    seq: seqs,
    fingerprint: fc.oneof(fc.string(), fc.constant('0a'.repeat(16))),
  }),
  holder: record({
    version: seqs,
    counters,
    entries: fc.array(entries, { maxLength: 4 }) as fc.Arbitrary<RowTypes['holder']['entries']>,
    changes: marks,
  }),
  stay: record({
    person: fc.option(ids, { nil: undefined }),
    live: numbers,
    batches: fc.array(
      record({
        seq: seqs,
        lines: fc.array(fc.tuple(ids, fc.oneof(seqs, fc.constantFrom(-1, 0)))),
      }),
      { maxLength: 3 },
    ),
    version: seqs,
    counters,
    changes: marks,
  }),
  unique: seqs,
  prepared: record({ hospital: ids, at: seqs }),
  registry: record({
    version: fc.tuple(seqs, seqs),
    entry: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
  }),
  balance: record({
    pairs: fc
      .array(fc.tuple(ids, ids, amount))
      .map((pairs) => new Map(pairs.map(([from, to, fen]) => [`${from}>${to}`, fen]))),
    rows: amount,
    cost: amount,
    packages: amount,
    fund: amount,
    account: amount,
    cash: amount,
  }),
  rules: record({
    profile: ids,
    packs: fc.constant([]),
    suspended: fc.array(ids),
    ruleSet: ids,
    history: fc.constant([]),
  }),
  audit: seqs,
}

test.each(Object.keys(rows) as RowTable[])('a row of table %s comes back as it was', (table) => {
  fc.assert(
    fc.property(rows[table] as fc.Arbitrary<RowTypes[RowTable]>, (row) => {
      const bytes = encodeRow(table, row)
      expect(decodeRow(table, bytes)).toStrictEqual(row)
      expect(() => decodeRow(table, Buffer.concat([bytes, Buffer.of(0)]))).toThrow()
      expect(() => decodeRow(table, bytes.subarray(0, -1))).toThrow()
    }),
    { numRuns: 500 },
  )
})
