import { describe, expect, test } from 'vitest'
import { parseCatalogCsv } from '../../src/catalog/parse-csv.ts'
import { parseCatalogJson } from '../../src/catalog/parse-json.ts'
import { parseCatalogRows } from '../../src/catalog/parse-rows.ts'
import { adviseProblem, describeProblem } from '../../src/errors/problem.ts'
import { day, PERCENT_10, PERCENT_5, problemsOf, rowsOfCsv, units, valueOf } from './builders.ts'

/** A file of one row: the four required columns and those given. */
function csv(cells: Readonly<Record<string, string>>): string {
  const row = {
    med_list_codg: 'X1',
    med_list_name: '某药',
    chrgitm_lv: '02',
    med_chrgitm_type: '09',
    ...cells,
  }
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
  return `${Object.keys(row).join(',')}\n${Object.values(row).map(quote).join(',')}\n`
}

describe('a malformed row is refused with its code, row and field', () => {
  test.each([
    ['med_list_codg', ''],
    ['med_list_codg', 'X 1'],
    ['med_list_codg', '编码'],
    ['med_list_codg', 'X'.repeat(51)],
    ['med_list_name', '  '],
    ['chrgitm_lv', ''],
    ['chrgitm_lv', '乙'],
    ['chrgitm_lv', '04'],
    ['med_chrgitm_type', '9'],
    ['med_chrgitm_type', '15'],
    ['insu_admdvs', '上海'],
    ['begndate', '2024-02-30'],
    ['begndate', '2024/01/01'],
    ['enddate', '20241231'],
    ['selfpay_prop', '1.01'],
    ['selfpay_prop', '-0.1'],
    ['selfpay_prop', '10 %'],
    ['selfpay_prop', '1e-1'],
    ['selfpay_prop', 'level=3: 0.1'],
    ['selfpay_prop', 'person=11:'],
    ['selfpay_prop', 'person=11 person=12: 0.1'],
    ['selfpay_prop', 'person=11: 0.1;'],
    ['pric_uplmt_amt', '0'],
    ['pric_uplmt_amt', '-5'],
    ['pric_uplmt_amt', '1.0000001'],
    ['pric_uplmt_amt', '9007199255'],
    ['pric_uplmt_amt', 'level=4: 5'],
    ['pric_uplmt_amt', '１２'],
    ['bed_standard', '20.00/日'],
    ['bed_standard', '20.001'],
    ['bed_standard', '0'],
    ['day_limit', '0'],
    ['day_limit', '0.00001'],
    ['month_limit', '-1'],
    ['lmt_used_flag', '2'],
    ['lmt_used_flag', 'true'],
    ['prcunt', 'x'.repeat(51)],
  ])('%s = "%s"', (field, value) => {
    const problems = problemsOf(rowsOfCsv(csv({ [field]: value })))
    expect(problems).toMatchObject([
      { code: 'CATALOG_ROW_MALFORMED', where: `rows[0].${field}`, details: { row: 2, field } },
    ])
    for (const sentence of problems.flatMap((item) => [
      describeProblem(item, 'zh'),
      describeProblem(item, 'en'),
      adviseProblem(item, 'zh'),
      adviseProblem(item, 'en'),
    ])) {
      expect(sentence).not.toMatch(/\{\w+\}/)
    }
  })

  test.each([
    ['CATALOG_CONDITIONS_OVERLAP', { selfpay_prop: '0.1; person=11: 0.05' }],
    ['CATALOG_CONDITIONS_OVERLAP', { selfpay_prop: 'person=11: 0.1; visit=21: 0.05' }],
    ['CATALOG_CONDITIONS_OVERLAP', { pric_uplmt_amt: 'level=3: 1; level=3: 2' }],
    ['CATALOG_CLASS_CONTRADICTS_RATE', { chrgitm_lv: '03', selfpay_prop: '0.1' }],
    ['CATALOG_CEILINGS_CONTRADICT', { pric_uplmt_amt: '5', bed_standard: '20' }],
    ['CATALOG_DATES_REVERSED', { begndate: '2024-02-01', enddate: '2024-01-31' }],
  ])('%s', (code, cells) => {
    expect(problemsOf(rowsOfCsv(csv(cells))).map((item) => item.code)).toEqual([code])
  })

  test('a row without a begin date or jurisdiction needs the manifest to give one', () => {
    const problems = problemsOf(rowsOfCsv(csv({}), {}))
    expect(problems.map((item) => item.details['field'])).toEqual(['insu_admdvs', 'begndate'])
  })
})

describe('a malformed file is refused', () => {
  test.each([
    ['CATALOG_COLUMN_UNKNOWN', csv({ selfpay: '0.1' })],
    [
      'CATALOG_COLUMN_REPEATED',
      'med_list_codg,med_list_name,chrgitm_lv,med_chrgitm_type,chrgitm_lv\n',
    ],
    ['CATALOG_COLUMN_MISSING', 'med_list_codg,med_list_name,chrgitm_lv\n'],
    ['CATALOG_FILE_MALFORMED', ''],
    ['CATALOG_FILE_MALFORMED', `${csv({})}X2,only two\n`],
    ['CATALOG_FILE_MALFORMED', `${csv({})}"X2`],
  ])('%s', (code, text) => {
    expect(problemsOf(rowsOfCsv(text)).map((item) => item.code)).toEqual([code])
  })

  test('a syntax error names its line', () => {
    const problems = problemsOf(parseCatalogCsv(`${csv({})}X2,only two\n`))
    expect(problems[0]?.line).toBe(3)
  })

  test('one wrong row among good ones loads nothing, and every wrong row is named', () => {
    const good = 'X1,某药,01,09\n'
    const text = `med_list_codg,med_list_name,chrgitm_lv,med_chrgitm_type\n${good}X2,某药,9,09\n${good}X3,,01,09\n`
    const problems = problemsOf(rowsOfCsv(text))
    expect(problems.map((item) => item.details['row'])).toEqual([3, 5])
  })

  test('beyond a thousand problems the rest is counted', () => {
    const rows = 'X1,某药,9,09\n'.repeat(1_500)
    const text = `med_list_codg,med_list_name,chrgitm_lv,med_chrgitm_type\n${rows}`
    const problems = problemsOf(rowsOfCsv(text))
    expect(problems).toHaveLength(1_001)
    expect(problems.at(-1)).toMatchObject({
      code: 'CATALOG_PROBLEMS_CUT',
      details: { problems: 1_500, listed: 1_000 },
    })
  })
})

test('every column of a row is read', () => {
  const text = csv({
    insu_admdvs: '500000',
    list_type: '101',
    prcunt: '支',
    begndate: '2024-01-01',
    enddate: '2024-12-31',
    selfpay_prop: 'person=11: 0.05; person=12 visit=21: 10%',
    pric_uplmt_amt: 'level=3: 999999; level=2: 12.345678',
    day_limit: '2',
    month_limit: '10.5',
    lmt_used_flag: '1',
    lmt_desc: '限二线用药。',
  })
  expect(valueOf(rowsOfCsv(text))).toEqual([
    {
      jurisdiction: '500000',
      row: 2,
      entry: {
        code: 'X1',
        name: '某药',
        chargeLevel: 'B',
        chargeType: '09',
        listType: '101',
        unit: '支',
        effectiveFrom: day('2024-01-01'),
        effectiveTo: day('2024-12-31'),
        selfPayRates: [
          { rate: PERCENT_5, personType: '11' },
          { rate: PERCENT_10, personType: '12', visitType: '21' },
        ],
        priceCeilings: [
          { hospitalLevel: 3, microYuan: 'none' },
          { hospitalLevel: 2, microYuan: 12_345_678 },
        ],
        bedStandards: [],
        quantityLimits: [
          { per: 'day', tenThousandths: units(2) },
          { per: 'month', tenThousandths: 105_000 },
        ],
        restriction: { flag: true, text: '限二线用药。' },
      },
    },
  ])
})

test('a price of 999999 is no ceiling', () => {
  const [row] = valueOf(rowsOfCsv(csv({ pric_uplmt_amt: '999999.000000' })))
  expect(row?.entry.priceCeilings).toEqual([])
})

test('the class rate of the manifest fills rows that give none, class C never', () => {
  const text = `${csv({})}X2,某药,02,09\nX3,某药,03,09\n`
  const defaults = { jurisdiction: '310000', effectiveFrom: 0, selfPayRates: { B: PERCENT_10 } }
  const rates = valueOf(rowsOfCsv(text, defaults)).map((row) => row.entry.selfPayRates)
  expect(rates).toEqual([[{ rate: PERCENT_10 }], [{ rate: PERCENT_10 }], []])
})

describe('JSON', () => {
  const row = {
    med_list_codg: 'X1',
    med_list_name: '某药',
    chrgitm_lv: '02',
    med_chrgitm_type: '09',
  }

  test('holds the same entries as CSV', () => {
    const cells = { selfpay_prop: '0.1', begndate: '2024-01-01' }
    const table = valueOf(parseCatalogJson(JSON.stringify([{ ...row, ...cells, enddate: null }])))
    const fromJson = valueOf(parseCatalogRows(table, { jurisdiction: '310000' }))
    const fromCsv = valueOf(rowsOfCsv(csv(cells)))
    expect(fromJson[0]?.entry).toEqual(fromCsv[0]?.entry)
  })

  test.each([
    [
      'a number, which may have lost digits',
      [{ ...row, selfpay_prop: 0.1 }],
      'CATALOG_ROW_MALFORMED',
    ],
    ['an object in place of the list', row, 'CATALOG_FILE_MALFORMED'],
    ['a list in place of a row', [[]], 'CATALOG_FILE_MALFORMED'],
  ])('%s is refused', (_, value, code) => {
    const problems = problemsOf(parseCatalogJson(JSON.stringify(value)))
    expect(problems.map((item) => item.code)).toEqual([code])
  })

  test('broken syntax is refused', () => {
    expect(problemsOf(parseCatalogJson('[{')).map((item) => item.code)).toEqual([
      'CATALOG_FILE_MALFORMED',
    ])
  })

  test('half a surrogate pair is refused: it would not survive being stored', () => {
    const text = JSON.stringify([{ ...row, med_list_name: '药\uD800' }])
    const table = valueOf(parseCatalogJson(text))
    const problems = problemsOf(parseCatalogRows(table, { jurisdiction: '1', effectiveFrom: 0 }))
    expect(problems).toMatchObject([{ details: { field: 'med_list_name', row: 1 } }])
  })
})

test('more rows than a catalogue holds are refused before any is read', () => {
  const { columns, records, firstRow } = valueOf(parseCatalogCsv(csv({})))
  const many = Array.from({ length: 2_000_001 }, () => records[0] ?? [])
  const problems = problemsOf(parseCatalogRows({ columns, records: many, firstRow }, {}))
  expect(problems).toMatchObject([
    { code: 'CATALOG_TOO_LARGE', details: { rows: 2_000_001, rowsMax: 2_000_000 } },
  ])
})
