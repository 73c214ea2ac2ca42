import { beforeAll, describe, expect, test } from 'vitest'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { formatEpochDay } from '../../src/catalog/epoch-day.ts'
import { detailText } from '../../src/reconciliation/national-detail.ts'
import { nationalRows } from '../../src/reconciliation/national-rows.ts'
import { nationalTotals } from '../../src/reconciliation/national-totals.ts'
import { settlementBook } from '../../src/reconciliation/settlement-book.ts'
import { HOSPITALS } from '../crash/load.ts'
import { dayTotalsOf, daysRun, type DaysRun } from './engine-run.ts'
import { checkThreeBooks } from './three-books.ts'

const SEEDS = [1, 2, 3]
const REQUESTS = 700

describe.each(SEEDS)('a run of the engine, seed %i', (seed) => {
  let run: DaysRun
  beforeAll(async () => {
    run = await daysRun(seed, REQUESTS)
  })

  test('clients, settlement records and journal agree in everything', () => {
    expect(checkThreeBooks(run)).toEqual([])
  })

  test('the ledger is verified, package prices and recalculations in it', async () => {
    expect((await verifyLedger(run.store)).findings.first).toEqual([])
  })

  test('it has every way in which money moves', () => {
    const rows = settlementBook(run.records)
    const kinds = new Set(rows.map(({ kind, payer, payee }) => `${kind} ${payer} ${payee}`))
    for (const wanted of [
      /^settlement payer:town-fund provider:H1$/,
      /^settlement hospital:H2 provider:H2$/,
      /^settlement patient supplier:SUP1$/,
      /^settlement payer:town-insurer supplier:SUP2$/,
      /^settlement payer:town-daily-insurer patient$/,
      /^settlement payer:town-charity patient$/,
      /^settlement payer:town-group-insurer provider:H2$/,
      /^reversal payer:town-fund /,
      /^reversal hospital:H1 /,
      /^recalculation payer:town-insurer /,
      /^recalculation patient /,
      /^recalculation hospital:/,
    ]) {
      expect([...kinds].filter((kind) => wanted.test(kind))).not.toEqual([])
    }
    const splits = run.records.flatMap((one) => (one.kind === 'settlement' ? [one] : []))
    const has = (what: (answer: (typeof splits)[number]['answer']) => boolean) =>
      splits.filter(({ answer }) => what(answer)).length
    expect(has(({ patient }) => patient.account.current > 0)).toBeGreaterThan(0)
    expect(has(({ patient }) => patient.account.given > 0)).toBeGreaterThan(0)
    expect(has(({ patient }) => patient.depositBalance !== undefined)).toBeGreaterThan(0)
    expect(has(({ packageAdjustment }) => packageAdjustment > 0)).toBeGreaterThan(0)
    expect(has(({ packageAdjustment }) => packageAdjustment < 0)).toBeGreaterThan(0)
    expect(new Set(splits.map(({ operation }) => operation)).size).toBe(3)
    expect(run.days.length).toBeGreaterThan(3)
    expect(run.records.some(({ kind }) => kind === 'dayClosed')).toBe(true)
    expect(run.records.some(isReversalOfRecalculated(run))).toBe(true)
  })

  test('3201 totals and 3202 rows made from it are those of each day', async () => {
    const rows = nationalRows(run.records)
    let seen = 0
    for (const hospital of HOSPITALS) {
      for (const day of run.days) {
        const own = rows.filter(
          (row) => row.hospital === hospital && row.day === formatEpochDay(day),
        )
        seen += own.length
        const totals = nationalTotals(own)
        const sum = (name: 'count' | 'total' | 'fund' | 'account' | 'cash') =>
          totals.reduce((so, group) => so + group[name], 0)
        expect(await dayTotalsOf(run.engine, hospital, day)).toEqual({
          day,
          rows: sum('count'),
          cost: sum('total'),
          fund: sum('fund'),
          account: sum('account'),
          cash: sum('cash'),
        })
        const lines = detailText(own)
          .split('\n')
          .filter((line) => line !== '')
        expect(lines).toHaveLength(own.length)
      }
    }
    expect(seen).toBe(rows.length)
  })
})

/** A reversal takes off what the settlement was by then, not what it was at first. */
function isReversalOfRecalculated({ records }: DaysRun) {
  const changed = new Set<number>()
  for (const record of records) {
    if (record.kind === 'recalculation' && record.postings.length > 0)
      changed.add(record.settlement)
  }
  return (record: DaysRun['records'][number]) =>
    record.kind === 'reversal' && changed.has(record.settlement)
}

test('an answer that is a fen off in one line is found', async () => {
  const run = await daysRun(SEEDS[0] ?? 1, 60)
  const told = run.told.map((item) => {
    const lines = item.answer['lines'] as readonly (readonly [string, number, number])[] | undefined
    const [line, ...rest] = lines ?? []
    if (item.operation !== 'settle' || line === undefined) return item
    const [id, amount, patient, ...more] = line
    return {
      ...item,
      answer: { ...item.answer, lines: [[id, amount, patient + 1, ...more], ...rest] },
    }
  })
  const books = new Set(checkThreeBooks({ ...run, told }).map(({ books: names }) => names))
  expect(books).toContain('clients, settlement records')
  expect(books).toContain('clients, journal')
})
