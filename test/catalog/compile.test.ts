import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCatalog } from '../../src/catalog/compile.ts'
import type { CatalogRow } from '../../src/catalog/entry.ts'
import { openCatalog } from '../../src/catalog/open.ts'
import { fen } from '../../src/money/fen.ts'
import {
  anEntry,
  aRow,
  day,
  PERCENT_10,
  PERCENT_5,
  problemsOf,
  units,
  valueOf,
} from './builders.ts'

function catalogOf(...rows: readonly CatalogRow[]) {
  return valueOf(openCatalog(valueOf(compileCatalog(rows))))
}

describe('an entry is chosen by the date of the line', () => {
  const first = { effectiveFrom: day('2024-01-01'), effectiveTo: day('2024-06-30') }
  const second = { effectiveFrom: day('2024-07-01'), effectiveTo: day('2024-12-31') }
  const catalog = catalogOf(
    aRow({ ...second, selfPayRates: [{ rate: PERCENT_5 }] }),
    aRow({ ...first, selfPayRates: [{ rate: PERCENT_10 }] }),
  )

  test.each([
    ['2023-12-31', undefined],
    ['2024-01-01', PERCENT_10],
    ['2024-06-30', PERCENT_10],
    ['2024-07-01', PERCENT_5],
    ['2024-12-31', PERCENT_5],
    ['2025-01-01', undefined],
  ])('%s', (date, rate) => {
    expect(catalog.find('310000', 'X1', day(date))?.selfPayRates[0]?.rate).toEqual(rate)
  })

  test('a gap between two entries is not covered', () => {
    const gap = catalogOf(aRow(first), aRow({ effectiveFrom: day('2024-08-01') }))
    expect(gap.find('310000', 'X1', day('2024-07-15'))).toBeUndefined()
    expect(gap.find('310000', 'X1', day('2024-08-01'))).toBeDefined()
  })

  test('days before 1970 are days too', () => {
    const old = catalogOf(
      aRow({ effectiveFrom: day('1950-01-01'), effectiveTo: day('1960-12-31') }),
    )
    expect(old.find('310000', 'X1', day('1955-05-05'))?.effectiveFrom).toBe(day('1950-01-01'))
  })
})

describe('two entries of one code in force on the same day are refused', () => {
  test.each([
    ['sharing one day', [0, 10], [10, 20]],
    ['the same dates', [0, 10], [0, 10]],
    ['one inside the other', [0, 100], [20, 30]],
  ])('%s', (_, [from = 0, to = 0], [otherFrom = 0, otherTo = 0]) => {
    const rows = [
      aRow({ effectiveFrom: otherFrom, effectiveTo: otherTo }, '310000', 9),
      aRow({ effectiveFrom: from, effectiveTo: to }, '310000', 4),
    ]
    expect(problemsOf(compileCatalog(rows))).toMatchObject([
      { code: 'CATALOG_DATES_OVERLAP', details: { code: 'X1', row: 4, otherRow: 9 } },
    ])
  })

  test('an entry that outlasts its successor is held against the one after it too', () => {
    const dates = [
      [0, 100],
      [10, 20],
      [50, 60],
    ] as const
    const rows = dates.map(([effectiveFrom, effectiveTo], index) =>
      aRow({ effectiveFrom, effectiveTo }, '310000', index),
    )
    expect(problemsOf(compileCatalog(rows)).map((item) => item.details['otherRow'])).toEqual([1, 2])
  })

  test('in two jurisdictions they are two entries', () => {
    const catalog = catalogOf(aRow({ name: '甲地' }, '310000'), aRow({ name: '乙地' }, '320000'))
    expect(catalog.find('310000', 'X1', 0)?.name).toBe('甲地')
    expect(catalog.find('320000', 'X1', 0)?.name).toBe('乙地')
    expect(catalog.find('330000', 'X1', 0)).toBeUndefined()
  })
})

test('jurisdiction and code are not run together', () => {
  const catalog = catalogOf(aRow({ code: '12' }, '31'))
  expect(catalog.find('3', '112', 0)).toBeUndefined()
  expect(catalog.find('311', '2', 0)).toBeUndefined()
})

test.each(['', 'X', 'X10', 'x1', 'Ｘ1', 'X1\u0000', '\uD800'])('"%s" is not found', (code) => {
  expect(catalogOf(aRow()).find('310000', code, 0)).toBeUndefined()
})

test('an empty catalogue finds nothing', () => {
  const catalog = catalogOf()
  expect(catalog.rowCount).toBe(0)
  expect(catalog.find('310000', 'X1', 0)).toBeUndefined()
})

test('more rows than a catalogue holds, of several files together, are refused', () => {
  const [row, rows] = [aRow(), 2_000_001]
  const problems = problemsOf(compileCatalog(Array.from({ length: rows }, () => row)))
  expect(problems).toMatchObject([{ code: 'CATALOG_TOO_LARGE', details: { rows } }])
})

test('an entry comes back whole', () => {
  const entry = anEntry({
    name: '\uFEFF注射用维拉苷酶β',
    chargeLevel: 'B',
    chargeType: '14',
    listType: '101',
    unit: '支',
    effectiveFrom: -1,
    effectiveTo: 1,
    selfPayRates: [
      { rate: { num: 2, den: 37 }, personType: '11' },
      { rate: PERCENT_10, personType: '12', visitType: '21' },
    ],
    priceCeilings: [
      { hospitalLevel: 1, microYuan: Number.MAX_SAFE_INTEGER },
      { hospitalLevel: 2, microYuan: 'none' },
    ],
    quantityLimits: [
      { per: 'day', tenThousandths: 1 },
      { per: 'month', tenThousandths: units(30) },
    ],
    restriction: { flag: true, text: '限二线用药。' },
  })
  const ward = anEntry({ code: 'W1', bedStandards: [{ hospitalLevel: 3, perDay: fen(4_000) }] })
  const rows = [entry, ward].map((item) => ({ jurisdiction: '310000', row: 2, entry: item }))
  const catalog = catalogOf(...rows)
  expect(catalog.find('310000', 'X1', 0)).toEqual(entry)
  expect(catalog.find('310000', 'W1', 0)).toEqual(ward)
})

const manyRows = fc.uniqueArray(
  fc.record({
    code: fc.stringMatching(/^[!-~]{1,6}$/),
    jurisdiction: fc.constantFrom('310000', '320000'),
    name: fc.string({ minLength: 1, unit: 'grapheme' }),
    effectiveFrom: fc.integer({ min: -1_000, max: 20_000 }),
  }),
  { selector: (item) => `${item.jurisdiction} ${item.code}`, maxLength: 200 },
)

test('every entry is found and the order of the rows changes no byte', () => {
  fc.assert(
    fc.property(manyRows, (items) => {
      const rows = items.map(({ jurisdiction, ...entry }) => aRow(entry, jurisdiction))
      const buffer = valueOf(compileCatalog(rows))
      const catalog = valueOf(openCatalog(buffer))
      for (const { jurisdiction, entry } of rows) {
        expect(catalog.find(jurisdiction, entry.code, entry.effectiveFrom)).toEqual(entry)
        expect(catalog.find(jurisdiction, entry.code, entry.effectiveFrom - 1)).toBeUndefined()
      }
      const reversed = valueOf(compileCatalog(rows.toReversed()))
      expect(Buffer.from(reversed).equals(Buffer.from(buffer))).toBe(true)
    }),
    { numRuns: 40 },
  )
})
