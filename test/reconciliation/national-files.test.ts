import { describe, expect, test } from 'vitest'
import { fen } from '../../src/money/fen.ts'
import { compareNational } from '../../src/reconciliation/compare-national.ts'
import { detailText, readingDetail } from '../../src/reconciliation/national-detail.ts'
import { nationalRows } from '../../src/reconciliation/national-rows.ts'
import { nationalTotals } from '../../src/reconciliation/national-totals.ts'
import {
  platformBook,
  readingResult,
  RESULT_COLUMNS,
} from '../../src/reconciliation/platform-result.ts'
import type { RowReading } from '../../src/reconciliation/row-reading.ts'
import { Chance } from '../hostile/chance.ts'
import { RECORDS } from './hand-run.ts'
import { randomNational, takenBack } from './random-books.ts'

function read<Row>(reading: RowReading<Row>, text: string) {
  for (const row of text.split('\n')) if (!reading.take(row)) break
  return reading.end()
}

describe('3202 from our records', () => {
  test('one row a settlement, reversal and recalculation, with the platform’s id where there is one', () => {
    expect(detailText(nationalRows(RECORDS))).toBe(
      [
        '4000001\tV1\tP1\t723.45\t60.00\t1.00\t0',
        'S000000000002\tV2\tP2\t55.00\t50.00\t1.00\t0',
        '4000003\tV3\tP3\t13.00\t8.00\t1.00\t0',
        'S000000000009\tV2\tP2\t0.00\t-10.00\t0.00\t0',
        'S000000000002\tV2\tP2\t-55.00\t-40.00\t-1.00\t1',
        '4000003\tV3\tP3\t-13.00\t-8.00\t-1.00\t1',
        '',
      ].join('\n'),
    )
  })

  test('3201 counts rows, takes reversals off and keeps apart what is cleared apart', () => {
    const totals = nationalTotals(nationalRows(RECORDS))
    expect(totals).toEqual([
      {
        clearingAgency: undefined,
        insuranceType: '310',
        clearingType: undefined,
        count: 3,
        total: 0,
        fund: 0,
        account: 0,
        cash: 0,
      },
      {
        clearingAgency: '430199',
        insuranceType: '310',
        clearingType: '21',
        count: 3,
        total: 72_345,
        fund: 6_000,
        account: 100,
        // The insurer's part is in it: the national record has no field for commercial payers.
        cash: 66_245,
      },
    ])
  })

  test('what is written is read back to the same rows', () => {
    const rows = randomNational(new Chance(7))
    const again = read(readingDetail(), detailText(rows))
    expect(again).toEqual({ ok: true, value: rows })
  })

  test('an empty value is "null", in writing and in reading', () => {
    const [row] = randomNational(new Chance(7))
    if (row === undefined) throw new Error('no row')
    const text = detailText([{ ...row, visit: '' }])
    expect(text.split('\t')[1]).toBe('null')
    expect(read(readingDetail(), text)).toEqual({ ok: true, value: [{ ...row, visit: '' }] })
  })
})

describe('what is no 3202 file is refused, with its row', () => {
  const good = 'A1\tV\tP\t1.00\t0.50\t0.00\t0'
  test.each([
    ['A1\tV\tP\t1.00\t0.50\t0.00', 'RECONCILE_COLUMNS_DIFFER'],
    ['A1,V,P,1.00,0.50,0.00,0', 'RECONCILE_COLUMNS_DIFFER'],
    [`${good}\tx\ty`, 'RECONCILE_COLUMNS_DIFFER'],
    ['null\tV\tP\t1.00\t0.50\t0.00\t0', 'RECONCILE_VALUE_MALFORMED'],
    ['A1\tV\tP\t1.005\t0.50\t0.00\t0', 'RECONCILE_VALUE_MALFORMED'],
    ['A1\tV\tP\t1e2\t0.50\t0.00\t0', 'RECONCILE_VALUE_MALFORMED'],
    ['A1\tV\tP\t1,000.00\t0.50\t0.00\t0', 'RECONCILE_VALUE_MALFORMED'],
    ['A1\tV\tP\t38.61000000000001\t0.50\t0.00\t0', 'RECONCILE_VALUE_MALFORMED'],
    ['A1\tV\tP\t1.00\t0.50\t0.00\t2', 'RECONCILE_VALUE_MALFORMED'],
    ['A1\tV\tP\t1.00\t0.50\t0.00\tnull', 'RECONCILE_VALUE_MALFORMED'],
    ['A\u0000\tV\tP\t1.00\t0.50\t0.00\t0', 'RECONCILE_VALUE_MALFORMED'],
    ['A1\tV\tP\t99999999999999999999\t0.50\t0.00\t0', 'RECONCILE_VALUE_MALFORMED'],
    ['A1\tV\tP\t80000000000000.00\t0.50\t0.00\t0', 'RECONCILE_SUM_TOO_LARGE'],
    [`${'x'.repeat(20_000)}`, 'RECONCILE_ROW_TOO_LONG'],
  ])('%j', (row, code) => {
    const result = read(readingDetail(), `${good}\n${row}\n`)
    expect(result).toMatchObject({ ok: false, problems: [{ code, line: 2 }] })
  })

  test('only so many problems are listed', () => {
    const result = read(readingDetail(), 'x\n'.repeat(10_000))
    expect(result.ok ? 0 : result.problems.length).toBe(20)
  })
})

describe('the platform’s result', () => {
  const ours = [
    { id: 'A', visit: 'V1', person: 'P1', total: 1_000, fund: 500, account: 0 },
    { id: 'B', visit: 'V2', person: 'P2', total: 2_000, fund: 900, account: 0 },
    { id: 'C', visit: 'V3', person: 'P3', total: 3_000, fund: 100, account: 0 },
  ].map((row) => ({
    ...row,
    total: fen(row.total),
    fund: fen(row.fund),
    account: fen(row.account),
    reversal: false,
  }))
  const rows = [
    'P2\tV2\tB\tnull\t2\t0\t医药机构多\t20.00\t9.00\t0.00',
    'P3\tV3\tC\tM3\t000103\t0\tnull\t31.13\t1.00\t0.00',
    'P4\tV4\tD\tM4\t1\t0\tnull\t61.00\t50.00\t0.00',
  ]

  test('names what the platform found, with the msgid that takes it back', () => {
    const result = read(readingResult(), rows.join('\n'))
    if (!result.ok) throw new Error('refused')
    const { discrepancies } = compareNational(ours, platformBook(ours, result.value))
    expect(discrepancies.map(({ kind }) => kind).toSorted()).toEqual([
      'missingOurs',
      'missingTheirs',
      'totalWrong',
    ])
    const extra = discrepancies.find(({ kind }) => kind === 'missingOurs')
    expect(extra?.theirs).toMatchObject([{ id: 'D', messageId: 'M4' }])
  })

  test('level rows in the result change nothing', () => {
    const level = read(readingResult(), 'P1\tV1\tA\tM1\t0\t0\tnull\t10.00\t5.00\t0.00')
    if (!level.ok) throw new Error('refused')
    expect(compareNational(ours, platformBook(ours, level.value)).discrepancies).toEqual([])
  })

  test('what the platform says differs is never level, also with our amounts', () => {
    const result = read(readingResult(), 'P1\tV1\tA\tM1\t3\t0\tnull\t10.00\t5.00\t0.00')
    if (!result.ok) throw new Error('refused')
    const { discrepancies } = compareNational(ours, platformBook(ours, result.value))
    expect(discrepancies).toMatchObject([{ kind: 'disputed', effect: [0, 0, 0] }])
  })

  test('a reversal that is level under an id of its own is ours', () => {
    const taken = ours.map(takenBack)
    const level = 'P1\tV1\tR1\tM1\t0\t1\tnull\t-10.00\t-5.00\t0.00'
    const result = read(readingResult(), level)
    if (!result.ok) throw new Error('refused')
    const books = [...ours, ...taken]
    expect(compareNational(books, platformBook(books, result.value)).discrepancies).toEqual([])
  })

  test('a heading says in which order the columns are', () => {
    const heading =
      'setl_id\tmdtrt_id\tpsn_no\tmsgid\tstmt_rslt\trefd_setl_flag\tmemo\tmedfee_sumamt\tfund_pay_sumamt\tacct_pay'
    const result = read(readingResult(), `${heading}\nA\tV1\tP1\tM1\t0\t0\tnull\t10.00\t5.00\t0.00`)
    expect(result).toMatchObject({ ok: true, value: [{ id: 'A', person: 'P1' }] })
  })

  test('a heading that names a column twice is none', () => {
    const heading = [...RESULT_COLUMNS, 'acct_pay'].join('\t')
    const row = 'P1\tV1\tA\tM1\t0\t0\tnull\t10.00\t5.00\t0.00\t7.00'
    expect(read(readingResult(), `${heading}\n${row}`)).toMatchObject({
      ok: false,
      problems: [{ code: 'RECONCILE_COLUMNS_DIFFER', line: 1 }, { line: 2 }],
    })
  })

  test('a stmt_rslt that nobody knows is refused', () => {
    const result = read(readingResult(), 'P1\tV1\tA\tM1\t7\t0\tnull\t10.00\t5.00\t0.00')
    expect(result).toMatchObject({ ok: false, problems: [{ where: 'stmt_rslt' }] })
  })
})

test('files that state no visit and differ in every row are compared in time', () => {
  const rowsOf = (base: number) =>
    Array.from({ length: 20_000 }, (_, index) => ({
      id: `S${index}`,
      visit: '',
      person: '',
      total: fen(base + index * 7),
      fund: fen(Math.floor((base + index * 7) / 2)),
      account: fen(0),
      reversal: false,
    }))
  const begun = performance.now()
  const { discrepancies } = compareNational(rowsOf(100_000), rowsOf(3_000_001))
  expect(discrepancies).toHaveLength(20_000)
  // It took half a minute while each row was held against all others.
  expect(performance.now() - begun).toBeLessThan(5_000)
})
