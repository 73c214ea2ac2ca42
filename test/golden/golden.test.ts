import { describe, expect, test } from 'vitest'
import { SEMANTICS } from '../../src/adjudication/settlement.ts'
import { RuleSets } from '../../src/engine/rule-sets.ts'
import { StoreRows } from '../../src/engine/store-rows.ts'
import { firstDifference } from '../../src/engine/verification/first-difference.ts'
import { readjudicate } from '../../src/engine/verification/readjudicate.ts'
import type { LedgerRecord, SplitRecord } from '../../src/ledger/record.ts'
import { decodeRecords } from '../../src/ledger/record-codec.ts'
import { readGolden, type GoldenCase } from './golden-file.ts'
import { historyBytes, recordBytes, settleAgain } from './settle-again.ts'

/*
 * Settlements with their bytes as they once were. The ledgers of customers are full of such records: each must be made again,
 * to the byte, for ever.
 */

const golden = readGolden()
const current = golden.cases.filter(({ semantics }) => semantics === SEMANTICS)
const older = golden.cases.filter(({ semantics }) => semantics !== SEMANTICS)

const WHAT_TO_DO = `
A stored settlement is no longer made again as it was. If no amount should have changed, undo the change.
If amounts are meant to change from now on:
  1. raise SEMANTICS in src/adjudication/settlement.ts;
  2. keep the adjudication as it was under its old number in src/engine/verification/semantics.ts;
  3. GOLDEN=semantics npx vitest run --config test/golden/update.config.ts, which keeps the old settlements.
If only the form of records changed, ledgers that exist can no longer be verified: that needs a new format of the ledger.`

function unpacked(bytes: Uint8Array): LedgerRecord {
  const [record] = decodeRecords(bytes)
  if (record === undefined) throw new Error('no golden record')
  return record
}

/** Fails with the first member that differs, and with what is to be done. */
function expectSame(what: string, made: Uint8Array | undefined, stored: Uint8Array): void {
  if (made !== undefined && Buffer.compare(made, stored) === 0) return
  const found = made && firstDifference(unpacked(stored), unpacked(made))
  const { field, stored: was, recomputed } = found ?? { field: 'bytes', stored: '', recomputed: '' }
  expect.fail(`${what}: ${field} was ${was} and is ${recomputed}\n${WHAT_TO_DO}`)
}

test('there are two hundred settlements, and one of every kind of record', () => {
  const count = current.reduce((sum, { records }) => sum + records.length, 0)
  expect(count).toBeGreaterThanOrEqual(200)
  expect(new Set(golden.history.map((bytes) => unpacked(bytes).kind)).size).toBe(14)
})

describe('a settlement is made again through the engine, to the byte', () => {
  test.each(current.map((one) => [one.name, one] as const))('%s', async (name, one) => {
    const { records } = await settleAgain(one, golden.contents)
    expect(records).toHaveLength(one.records.length)
    for (const [index, stored] of one.records.entries()) {
      const made = records[index]
      expectSame(name, made && recordBytes(made), stored)
    }
  })
})

test('so is a history with every kind of record', async () => {
  const made = await historyBytes()
  expect(made).toHaveLength(golden.history.length)
  for (const [index, stored] of golden.history.entries()) {
    expectSame(`record ${index + 1} of the history`, made[index], stored)
  }
})

/** Those of older semantics by the adjudication that is kept for them. */
test('a settlement of older semantics is adjudicated again as it was', async () => {
  for (const one of older) {
    for (const problem of await readjudicated(one)) expect.fail(JSON.stringify(problem))
  }
})

async function readjudicated(one: GoldenCase) {
  const { store } = await settleAgain(one, golden.contents)
  const rules = new RuleSets((hash) => store.get('content', hash) ?? new Uint8Array())
  const ground = { rows: new StoreRows(store), rules }
  return one.records.flatMap((bytes) => readjudicate(ground, unpacked(bytes) as SplitRecord) ?? [])
}

test('any golden settlement with a changed amount is told from it', async () => {
  const [one] = current
  const [stored] = one?.records ?? []
  if (one === undefined || stored === undefined) throw new Error('no golden settlement')
  const record = unpacked(stored) as SplitRecord
  const { answer } = record
  const other = { ...record, answer: { ...answer, total: answer.total + 1 } }
  expect(() => {
    expectSame('one', recordBytes(other), stored)
  }).toThrow(/answer\.total[^]*raise SEMANTICS/)
  const [problem] = await readjudicated({ ...one, records: [recordBytes(other)] })
  expect(problem).toMatchObject({ code: 'LEDGER_RECORD_DIFFERS', where: 'answer.total' })
})
