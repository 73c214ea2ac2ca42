import { describe, expect, test } from 'vitest'
import type { LedgerRecord, Posting } from '../../src/ledger/record.ts'
import { settlementBook } from '../../src/reconciliation/settlement-book.ts'
import { RECORDS, TOLD } from './hand-run.ts'
import { checkThreeBooks, type EngineRun } from './three-books.ts'

function found(run: EngineRun): readonly string[] {
  return checkThreeBooks(run).map(({ books, discrepancy }) => `${books}: ${discrepancy.kind}`)
}

/** The record `seq` with other postings. */
function reposted(seq: number, change: (posting: Posting) => Posting): readonly LedgerRecord[] {
  return RECORDS.map((record) =>
    record.seq === seq && 'postings' in record
      ? { ...record, postings: record.postings.map(change) }
      : record,
  )
}

test('three books of one history agree', () => {
  expect(found({ records: RECORDS, told: TOLD })).toEqual([])
})

test('the settlement book has every line, payer and payee, and what takes it back', () => {
  const rows = settlementBook(RECORDS).map(
    ({ settlement, kind, day, line, payer, payee, amount }) =>
      [settlement.slice(-1), kind, day, line, payer, payee, amount].join(' '),
  )
  expect(rows).toContain('1 settlement 2025-03-01 m payer:insurer supplier:maker 50000')
  expect(rows).toContain('1 settlement 2025-03-01 1 patient provider:H1 3000')
  expect(rows).toContain('4 settlement 2025-03-02 m payer:pool supplier:maker 700')
  expect(rows).toContain('4 reversal 2025-03-03 m payer:pool supplier:maker -700')
  expect(rows).toContain('2 recalculation 2025-03-02 2 payer:insurer provider:H1 900')
  expect(rows).toContain('2 reversal 2025-03-03 2 payer:pool provider:H1 -4000')
  expect(rows).toContain('8 settlement 2025-03-01 1/m payer:insurer patient 2000')
  expect(rows.filter((row) => row.startsWith('6') || row.startsWith('8'))).toHaveLength(1)
})

describe('a difference in one book is found, with the books that show it', () => {
  test.each([1, 5, 8, 9, 10, 11])('an amount of the journal, record %i', (seq) => {
    const records = reposted(seq, ([from, to, amount]) => [from, to, amount + 50])
    expect(found({ records, told: TOLD })[0]).toMatch(/^settlement records, journal: /)
  })

  test('a payee of the journal', () => {
    const records = reposted(1, ([from, to, amount]) =>
      to === 'supplier:maker' ? [from, 'supplier:other', amount] : [from, to, amount],
    )
    expect(found({ records, told: TOLD })).toContain('settlement records, journal: payeeWrong')
  })

  test('a posting the wrong way round', () => {
    const records = reposted(2, ([from, to, amount]) => [to, from, amount])
    expect(found({ records, told: TOLD })).toContain('settlement records, journal: sign')
  })

  test('an answer that was never given', () => {
    const told = TOLD.filter(({ operation }) => operation !== 'confirm')
    expect(found({ records: RECORDS, told })).toContain('clients, settlement records: missingOurs')
    const unanswered = new Set(['H1\u0000r5'])
    expect(found({ records: RECORDS, told, unanswered })).toEqual([])
  })

  test('an answer to something that is not there', () => {
    const records = RECORDS.filter(({ seq }) => seq !== 1 && seq !== 8)
    expect(found({ records, told: TOLD })).toContain('clients, settlement records: missingTheirs')
  })

  test('two answers for one settlement', () => {
    const [first] = TOLD
    if (first === undefined) throw new Error('nobody was told anything')
    const told = [...TOLD, { ...first, answer: { ...first.answer, at: 99 } }]
    expect(found({ records: RECORDS, told })).toContain('clients, settlement records: doubledOurs')
  })

  test('a day that clients were told otherwise', () => {
    const told = TOLD.map((item) =>
      item.operation === 'confirm' ? { ...item, answer: { ...item.answer, day: 20_150 } } : item,
    )
    expect(found({ records: RECORDS, told })).toEqual([
      'clients, settlement records: dayWrong',
      'clients, journal: dayWrong',
    ])
  })

  test('a reversal told with other amounts', () => {
    const told = TOLD.map((item) =>
      item.operation === 'reverse'
        ? {
            ...item,
            answer: { ...item.answer, payers: [{ id: 'pool', kind: 'basic', amount: -777 }] },
          }
        : item,
    )
    expect(found({ records: RECORDS, told })).toContain(
      'clients, reversals and recalculations: amountWrong',
    )
  })
})
