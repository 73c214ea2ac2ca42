import { describe, expect, test } from 'vitest'
import type { ClassificationContext, LineToClassify } from '../../src/catalog/classification.ts'
import { classifyLine } from '../../src/catalog/classify-line.ts'
import type { CatalogEntry } from '../../src/catalog/entry.ts'
import { fen } from '../../src/money/fen.ts'
import {
  aContext,
  aLine,
  anEntry,
  PERCENT_10,
  PERCENT_20,
  PERCENT_5,
  problemsOf,
  units,
  valueOf,
  yuanEach,
} from './builders.ts'

interface Row {
  readonly name: string
  readonly line?: Partial<LineToClassify>
  readonly entry?: Partial<CatalogEntry>
  readonly context?: Partial<ClassificationContext>
  /** ownPay, overLimit, preSelfPay, inScope in fen. */
  readonly parts: readonly [number, number, number, number]
}

const bed: Partial<CatalogEntry> = { chargeType: '01', bedStandards: [{ perDay: fen(2_000) }] }
const monthly: Partial<CatalogEntry> = {
  quantityLimits: [{ per: 'month', tenThousandths: units(10) }],
}
const restricted = { restriction: { flag: true, text: '限工伤保险。' } }
const classB: Partial<CatalogEntry> = { chargeLevel: 'B', selfPayRates: [{ rate: PERCENT_10 }] }

const ROWS: readonly Row[] = [
  { name: 'class A is in scope as a whole', parts: [0, 0, 0, 10_000] },
  { name: 'class C is own pay', entry: { chargeLevel: 'C' }, parts: [10_000, 0, 0, 0] },
  {
    name: '4.52 at 5 % is 0.23: half away from zero, on the line',
    line: { amount: fen(452) },
    entry: { chargeLevel: 'B', selfPayRates: [{ rate: PERCENT_5 }] },
    parts: [0, 0, 23, 429],
  },
  {
    name: 'the ceiling comes first, the rate works on the rest: 3.15 over, 5.67 first self-pay',
    line: { amount: fen(3_150), quantity: units(1) },
    entry: {
      chargeLevel: 'B',
      selfPayRates: [{ rate: PERCENT_20 }],
      priceCeilings: [{ microYuan: 28_350_000 }],
    },
    parts: [0, 315, 567, 2_268],
  },
  {
    name: 'seven bed days of 28.00 against a standard of 20.00',
    line: { amount: fen(19_600), quantity: units(7) },
    entry: bed,
    parts: [0, 5_600, 0, 14_000],
  },
  {
    name: 'a price below the ceiling is shared as it is',
    line: { quantity: units(4) },
    entry: { priceCeilings: [{ microYuan: yuanEach(30) }] },
    parts: [0, 0, 0, 10_000],
  },
  {
    name: 'a ceiling of parts of a fen is rounded once for the line: 3 × 0.335 = 1.005 → 1.01',
    line: { amount: fen(150), quantity: units(3) },
    entry: { priceCeilings: [{ microYuan: 335_000 }] },
    parts: [0, 49, 0, 101],
  },
  {
    name: 'a level without a ceiling says so',
    line: { quantity: units(1) },
    entry: {
      priceCeilings: [
        { hospitalLevel: 3, microYuan: 'none' },
        { hospitalLevel: 2, microYuan: yuanEach(30) },
      ],
    },
    parts: [0, 0, 0, 10_000],
  },
  {
    name: 'a refused restriction makes the line own pay',
    line: { hospitalApproval: '2' },
    entry: restricted,
    parts: [10_000, 0, 0, 0],
  },
  {
    name: 'an approved restriction does not',
    line: { hospitalApproval: '1' },
    entry: restricted,
    parts: [0, 0, 0, 10_000],
  },
  {
    name: 'without a restriction the approval flag says nothing',
    line: { hospitalApproval: '2' },
    parts: [0, 0, 0, 10_000],
  },
  {
    name: 'a caller who knows the restriction is not met makes the line own pay',
    line: { restrictionMet: false },
    parts: [10_000, 0, 0, 0],
  },
  {
    name: 'a caller who knows it is met stands over the flag (work injury)',
    line: { restrictionMet: true, hospitalApproval: '2' },
    entry: restricted,
    parts: [0, 0, 0, 10_000],
  },
  {
    name: 'a month with 8 of 10 used covers 2 of 6: 2/3 is own pay, rounded once',
    line: { quantity: units(6) },
    entry: { ...classB, ...monthly },
    context: { quantityUsed: { day: 0, month: units(8) } },
    parts: [6_667, 0, 333, 3_000],
  },
  {
    name: 'a used-up month covers nothing',
    line: { quantity: units(6) },
    entry: monthly,
    context: { quantityUsed: { day: 0, month: units(12) } },
    parts: [10_000, 0, 0, 0],
  },
  {
    name: 'the tighter of a day limit and a month limit cuts',
    line: { quantity: units(4) },
    entry: {
      quantityLimits: [
        { per: 'day', tenThousandths: units(2) },
        { per: 'month', tenThousandths: units(10) },
      ],
    },
    context: { quantityUsed: { day: units(1), month: units(1) } },
    parts: [7_500, 0, 0, 2_500],
  },
  {
    name: 'the ceiling counts the covered quantity only',
    line: { quantity: units(4) },
    entry: {
      priceCeilings: [{ microYuan: yuanEach(20) }],
      quantityLimits: [{ per: 'day', tenThousandths: units(2) }],
    },
    parts: [5_000, 1_000, 0, 4_000],
  },
  { name: 'a free line has four empty parts', line: { amount: fen(0) }, parts: [0, 0, 0, 0] },
]

describe('a line is cut in the normative order', () => {
  test.each(ROWS)('$name', ({ line, entry, context, parts }) => {
    const cut = valueOf(classifyLine(aLine(line), anEntry(entry), aContext(context)))
    expect([cut.ownPay, cut.overLimit, cut.preSelfPay, cut.inScope]).toEqual(parts)
  })

  test('half a fen of the pro rata part goes to own pay', () => {
    const line = aLine({ amount: fen(1), quantity: units(2) })
    const limit = { quantityLimits: [{ per: 'day' as const, tenThousandths: units(1) }] }
    expect(valueOf(classifyLine(line, anEntry(limit), aContext())).ownPay).toBe(1)
  })
})

describe('rates that depend on person and visit', () => {
  const entry = anEntry({
    chargeLevel: 'B',
    selfPayRates: [
      { personType: '11', visitType: '11', rate: PERCENT_5 },
      { personType: '11', visitType: '21', rate: PERCENT_10 },
      { personType: '12', rate: PERCENT_20 },
    ],
  })

  test.each([
    ['11', '11', 500],
    ['11', '21', 1_000],
    ['12', '11', 2_000],
    ['12', '99', 2_000],
  ])('person %s, visit %s: %i fen', (personType, visitType, preSelfPay) => {
    const cut = valueOf(classifyLine(aLine(), entry, aContext({ personType, visitType })))
    expect(cut.preSelfPay).toBe(preSelfPay)
  })

  test('a person the catalogue has no rate for is refused, not given a default', () => {
    const refused = classifyLine(aLine(), entry, aContext({ personType: '13' }))
    expect(problemsOf(refused)).toMatchObject([
      { code: 'LINE_SELF_PAY_RATE_NOT_UNIQUE', details: { personType: '13', matches: 0 } },
    ])
  })
})

describe('refusals', () => {
  const capped: Partial<CatalogEntry> = { priceCeilings: [{ microYuan: yuanEach(1) }] }

  test.each([
    ['LINE_AMOUNT_NEGATIVE', { amount: fen(-1) }, {}, {}],
    ['LINE_QUANTITY_MISSING', {}, capped, {}],
    ['LINE_QUANTITY_MISSING', {}, monthly, {}],
    ['LINE_QUANTITY_NOT_POSITIVE', { quantity: 0 }, capped, {}],
    [
      'LINE_PRICE_CEILING_NOT_UNIQUE',
      { quantity: units(1) },
      { priceCeilings: [{ hospitalLevel: 3 as const, microYuan: 1 }] },
      { hospitalLevel: 1 as const },
    ],
  ])('%s', (code, line, entry, context) => {
    const refused = classifyLine(aLine(line), anEntry(entry), aContext(context))
    expect(problemsOf(refused).map((item) => item.code)).toEqual([code])
  })

  test('an unknown code is refused or own pay, as the profile says', () => {
    const refused = classifyLine(aLine(), undefined, aContext())
    expect(problemsOf(refused)).toMatchObject([{ code: 'LINE_CODE_UNKNOWN', where: 'code' }])
    const ownPay = classifyLine(aLine(), undefined, aContext({ unmatched: 'ownPay' }))
    expect(valueOf(ownPay)).toMatchObject({
      ownPay: 10_000,
      inScope: 0,
      steps: { cut: 'ownPay', why: 'unmatched' },
    })
  })
})

describe('the steps say why', () => {
  test('ceiling, limit and rate of a line that meets all three', () => {
    const limit = { per: 'month' as const, tenThousandths: units(10) }
    const entry = anEntry({ ...classB, ...capped(20), quantityLimits: [limit] })
    const line = aLine({ quantity: units(4) })
    const context = aContext({ quantityUsed: { day: 0, month: units(8) } })
    expect(valueOf(classifyLine(line, entry, context)).steps).toEqual({
      cut: 'parts',
      quantityLimit: { limit, used: units(8), allowed: units(2) },
      ceiling: { kind: 'price', perUnit: yuanEach(20), quantity: units(2) },
      selfPayRate: PERCENT_10,
    })
  })

  test('a limit that does not cut leaves no step', () => {
    const line = aLine({ quantity: units(10) })
    const { steps } = valueOf(classifyLine(line, anEntry(monthly), aContext()))
    expect(steps).toEqual({ cut: 'parts', selfPayRate: { num: 0, den: 1 } })
  })

  test('a bed is held against its standard per day', () => {
    const line = aLine({ quantity: units(3) })
    const { steps } = valueOf(classifyLine(line, anEntry(bed), aContext()))
    expect(steps).toMatchObject({ ceiling: { kind: 'bedDay', perUnit: yuanEach(20) } })
  })
})

function capped(yuan: number): Partial<CatalogEntry> {
  return { priceCeilings: [{ microYuan: yuanEach(yuan) }] }
}
