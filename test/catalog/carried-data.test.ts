import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import type { Classification } from '../../src/catalog/classification.ts'
import { classifyLine } from '../../src/catalog/classify-line.ts'
import { priceTimesQuantity } from '../../src/catalog/price-quantity.ts'
import { loadCatalogManifests } from '../../src/files/catalog-files.ts'
import { formatYuan, parseYuan, sumFen } from '../../src/money/fen.ts'
import { aContext, day, valueOf } from './builders.ts'

const root = new URL('../../', import.meta.url)
const shanxi = new URL('rules/catalog/shanxi-linfen-2014/catalog.json', root).pathname
const national = new URL('rules/catalog/national-2024/catalog.json', root).pathname
const { catalog } = valueOf(loadCatalogManifests([shanxi, national]))

interface BillRow {
  readonly line: string
  readonly code: string
  readonly level: string
  readonly amount: string
  readonly selfPay: string
  readonly selfPayKind: string
}

/** The ward bed; the collected lines state no quantities, their notes say seven days. */
const BED = '11090000130'

function readBill(): readonly BillRow[] {
  const path = new URL('test/conformance/cases/real-bill-shanxi-2014-lines.csv', root)
  const [header = [], ...rows] = parse(readFileSync(path, 'utf8'))
  const cell = (row: readonly string[], column: string) => row[header.indexOf(column)] ?? ''
  return rows.map((row) => ({
    line: cell(row, 'line'),
    code: cell(row, 'med_list_codg'),
    level: cell(row, 'chrgitm_lv'),
    amount: cell(row, 'det_item_fee_sumamt'),
    selfPay: cell(row, 'line_self_pay'),
    selfPayKind: cell(row, 'line_self_pay_kind'),
  }))
}

function classifyRow(row: BillRow): Classification {
  const entry = catalog.find('141000', row.code, day('2014-10-20'))
  const line = {
    code: row.code,
    amount: valueOf(parseYuan(row.amount)),
    ...(row.code === BED && { quantity: 70_000 }),
  }
  return valueOf(classifyLine(line, entry, aContext({ personType: '12', visitType: '21' })))
}

describe('the real bill of 2014, classified from the catalogue', () => {
  const bill = readBill()
  const cuts = bill.map(classifyRow)

  test('147 lines cut into the published parts', () => {
    expect(bill).toHaveLength(147)
    const total = (part: 'ownPay' | 'overLimit' | 'preSelfPay' | 'inScope') =>
      formatYuan(sumFen(cuts.map((cut) => cut[part])))
    expect(formatYuan(sumFen(bill.map((row) => valueOf(parseYuan(row.amount)))))).toBe('8626.37')
    expect(total('ownPay')).toBe('613.30')
    expect(total('overLimit')).toBe('56.00')
    expect(total('preSelfPay')).toBe('385.48')
    expect(total('inScope')).toBe('7571.59')
  })

  test('every line has the self-pay the hospital printed, to half a fen', () => {
    const differing = bill.filter((row, index) => {
      const cut = cuts[index]
      if (cut === undefined) return true
      const printed = Number(row.selfPay) * 100
      const part = { 全自费: cut.ownPay, 超限价: cut.overLimit, 先行自付: cut.preSelfPay }
      const ours = Object.entries(part).find(([kind]) => kind === row.selfPayKind)?.[1] ?? 0
      const others = cut.ownPay + cut.overLimit + cut.preSelfPay - ours
      return others !== 0 || Math.abs(ours - printed) > 0.500001
    })
    expect(differing).toEqual([])
  })

  test('the ward bed is seven days of 28.00 against 20.00 a day', () => {
    const bed = bill.findIndex((row) => row.code === BED)
    expect(cuts[bed]).toMatchObject({ overLimit: 5_600, inScope: 14_000 })
    expect(priceTimesQuantity(28_000_000, 70_000)).toBe(19_600)
  })

  test('the order of the lines changes no line', () => {
    expect(bill.toReversed().map(classifyRow).toReversed()).toEqual(cuts)
  })
})

describe('the national drug codes', () => {
  test('the trusted codes and the bill are in one catalogue', () => {
    expect(catalog.rowCount).toBe(4_895 + 141)
  })

  test('a drug has its class and restriction in the year of the list only', () => {
    const code = 'ZA04CAE0023010100166'
    expect(catalog.find('100000', code, day('2025-06-01'))).toMatchObject({
      name: '儿童清肺口服液',
      chargeLevel: 'B',
      chargeType: '11',
      listType: '101',
    })
    expect(catalog.find('100000', code, day('2026-01-01'))).toBeUndefined()
    expect(catalog.find('141000', code, day('2025-06-01'))).toBeUndefined()
  })

  test('class B has no national rate, so a bill without a place is refused', () => {
    const code = 'ZA04CAE0023010100166'
    const entry = catalog.find('100000', code, day('2025-06-01'))
    const line = { code, amount: valueOf(parseYuan('38.00')) }
    expect(classifyLine(line, entry, aContext())).toMatchObject({
      problems: [{ code: 'LINE_SELF_PAY_RATE_NOT_UNIQUE', details: { matches: 0 } }],
    })
  })
})
