import { expect, test } from 'vitest'
import type { Bill, GivenSettlement } from '../../src/adjudication/bill.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import { fen } from '../../src/money/fen.ts'
import { SOCIAL_KINDS } from '../../src/rules/kind.ts'
import type { Benefit, RulePack, Value } from '../../src/rules/pack.ts'
import {
  bands,
  benefit,
  bill,
  cel,
  counter,
  DAY_2023,
  deductible,
  limit,
  line,
  pack,
  percent,
  profile,
  yuan,
} from './build.ts'
import { oracleSettle } from './oracle-settle.ts'

/** The oracle by itself on published examples: the packs are written here by hand, the amounts are the sources'. */

const NOBODY: Coverage = { person: { id: 'P' }, policies: [] }

function settled(oneBill: Bill, packs: readonly RulePack[], coverage = NOBODY) {
  const answer = oracleSettle(oneBill, coverage, new Map(), { profile: profile(), packs })
  if ('refused' in answer) throw new Error(`refused: ${answer.refused.join()}`)
  const payers = [...answer.payers].map(([key, amount]) => [key.split('|')[0], amount / 100])
  return { payers: Object.fromEntries(payers) as unknown, patient: answer.patient / 100, answer }
}

function simple(id: string, owed: Value, rate: Value, more: Partial<Benefit> = {}): Benefit {
  return benefit(id, {
    deductible: deductible(id, owed),
    bands: bands(id, [{ rate }]),
    ...more,
  })
}

function givenBasic(amount: number): GivenSettlement {
  return {
    payments: [{ kind: 'basic', payerId: 'fund', amount: fen(amount * 100) }],
    kinds: ['basic'],
    hospitalShare: fen(0),
    accountPaid: fen(0),
    confirmed: false,
  }
}

function policy(id: string, product: string, more: Record<string, string | number> = {}) {
  return { id, product, start: DAY_2023, end: DAY_2023 + 364, ...more }
}

test('case 022: basic, major illness, aid and tilt aid of a low-income resident', () => {
  const halfIncome: Value = { type: 'formula', op: 'multiply', args: [yuan(16901), percent(50)] }
  const tilt = simple('tilt', yuan(3500), percent(70), {
    limits: [limit('tilt', 'payment', yuan(20000))],
  })
  const { payers, patient } = settled(
    bill([line('1', { inScope: 180000 }), line('2', { ownPay: 20000 })]),
    [
      pack('basic', 'basic', { benefits: [simple('basic', yuan(300), percent(70))] }),
      pack('major', 'major-illness', { benefits: [simple('major', halfIncome, percent(65))] }),
      pack('aid', 'medical-aid', { benefits: [simple('aid', yuan(0), percent(70))] }),
      pack('tilt', 'tilt-aid', { benefits: [tilt] }),
    ],
  )
  expect(payers).toEqual({ basic: 125790, major: 29743.68, aid: 17126.42, tilt: 2687.93 })
  expect(patient).toBe(24651.97)
})

test('case 005: rates for a retired employee, the implant paid in full after its own share', () => {
  const { payers, patient } = settled(
    bill([
      line('deductible', { inScope: 800 }),
      line('A', { inScope: 34000 }),
      line('B', { inScope: 16380, preSelfPay: 1820 }),
      line('relaxed', { inScope: 1400, preSelfPay: 600 }),
      line('implant', { inScope: 25000, preSelfPay: 25000 }),
      line('C', { ownPay: 5000 }),
    ]),
    [
      pack('basic', 'basic', {
        benefits: [
          benefit('general', {
            lines: cel('line.code != "implant"'),
            deductible: deductible('general', yuan(800), {
              from: [{ type: 'lines', lines: cel('line.code == "deductible"') }],
            }),
            bands: bands('general', [{ rate: percent(888, 1000) }]),
          }),
          benefit('implant', {
            lines: cel('line.code == "implant"'),
            bands: bands('implant', [{ rate: percent(100) }]),
          }),
        ],
      }),
    ],
  )
  expect(payers).toEqual({ basic: 70980.64 })
  expect(patient).toBe(39019.36)
})

test('case 034: three bands to a cap on payment', () => {
  const rows = [
    { upTo: yuan(10000), rate: percent(80) },
    { upTo: yuan(30000), rate: percent(85) },
    { rate: percent(90) },
  ]
  const { payers, answer } = settled(bill([line('1', { inScope: 100000 })]), [
    pack('basic', 'basic', {
      benefits: [
        benefit('b', {
          deductible: deductible('b', yuan(400)),
          bands: bands('b', rows),
          limits: [limit('b', 'payment', yuan(60000))],
        }),
      ],
    }),
  ])
  expect(payers).toEqual({ basic: 60000 })
  // 60,000.00 is reached at 30,000.00 + 35,320.00 ÷ 90 %, less half a fen of rounding.
  expect(answer.residual.get('1')).toEqual([40000, 884_444, 3_075_556, 0, 0, 0, 0])
})

test('case 049: catastrophic bands above the deductible over earlier patient cells', () => {
  const earlier = {
    ...line('1', { inScope: 200000 }),
    cells: { coinsurance: fen(200000_00) },
  }
  const rows = [{ upTo: yuan(50000), rate: percent(60) }, { rate: percent(70) }]
  const { payers, patient } = settled(
    bill([earlier], { supplement: { packs: ['catastrophic'] } }),
    [
      pack('catastrophic', 'large-amount', {
        benefits: [
          benefit('c', {
            settledBy: 'supplement',
            deductible: deductible('c', yuan(39525)),
            bands: bands('c', rows, { axis: 'aboveDeductible', counter: counter('c', 'year') }),
          }),
        ],
      }),
      pack('other', 'basic', { benefits: [simple('x', yuan(0), percent(50))] }),
    ],
  )
  expect(payers).toEqual({ catastrophic: 107332.5 })
  expect(patient).toBe(92667.5)
})

test('case 073: a package price above the cost', () => {
  const { payers, patient, answer } = settled(
    bill([line('1', { inScope: 2600 }), line('2', { ownPay: 400 })]),
    [
      pack('basic', 'basic', {
        packages: [
          {
            id: 'appendix',
            title: { zh: '阑尾炎', en: 'appendicitis' },
            clause: '一',
            when: cel('true'),
            standard: yuan(3300),
          },
        ],
        benefits: [
          benefit('b', {
            base: [{ category: 'inScope' }, { category: 'ownPay' }],
            bands: bands('b', [{ rate: percent(87) }]),
          }),
        ],
      }),
    ],
  )
  expect(payers).toEqual({ basic: 2871 })
  expect(patient).toBe(429)
  expect(answer.packageAdjustment).toBe(300_00)
})

test('case 094: a deductible that a family shares', () => {
  const family = pack('plan', 'commercial', {
    requiresPolicy: true,
    benefits: [
      benefit('own', {
        base: [{ category: 'ownPay' }],
        deductible: deductible('own', yuan(20000), {
          counter: counter('own.deductible', 'policyYear', 'family'),
        }),
        bands: bands('own', [{ rate: percent(60) }]),
      }),
    ],
  })
  const coverage = { ...NOBODY, familyId: 'F', policies: [policy('POL', 'plan')] }
  const { payers, patient, answer } = settled(
    bill([line('1', { ownPay: 30000 })]),
    [family],
    coverage,
  )
  expect(payers).toEqual({ plan: 6000 })
  expect(patient).toBe(24000)
  expect(answer.counters.get('family:F|own.deductible|2023-01-01|')).toBe(20000_00)
})

test('case 017: three policies in order on what basic insurance left', () => {
  const plan = (id: string, owed: number, rate: number, when = 'true') =>
    pack(id, 'commercial', {
      requiresPolicy: true,
      benefits: [simple(id, yuan(owed), percent(rate), { when: cel(when) })],
    })
  const coverage = {
    ...NOBODY,
    policies: [
      policy('A', 'million', { priority: 2 }),
      policy('B', 'small', { priority: 1 }),
      policy('C', 'highEnd', { priority: 3 }),
    ],
  }
  const { payers, patient } = settled(
    bill([line('1', { inScope: 30000 })], { given: givenBasic(12000) }),
    [
      plan('million', 10000, 100),
      plan('small', 0, 80),
      plan('highEnd', 0, 100, 'hospital.level == 1'),
    ],
    coverage,
  )
  expect(payers).toEqual({ '#fund': 12000, small: 14400 })
  expect(patient).toBe(3600)
})

test('case 085: social payments fill the deductible of a plan over cost', () => {
  const plan = pack('million', 'commercial', {
    requiresPolicy: true,
    benefits: [
      benefit('m', {
        of: 'residual',
        lines: cel('line.code != "nutrition"'),
        deductible: deductible('m', yuan(10000), { filledBy: SOCIAL_KINDS }),
        bands: bands('m', [{ rate: percent(100) }]),
        limits: [limit('m', 'payment', yuan(500000))],
      }),
    ],
  })
  const coverage = { ...NOBODY, policies: [policy('POL', 'million')] }
  const { payers, patient } = settled(
    bill([line('1', { inScope: 145000 }), line('nutrition', { ownPay: 5000 })], {
      given: givenBasic(5000),
    }),
    [plan],
    coverage,
  )
  expect(payers).toEqual({ '#fund': 5000, million: 135000 })
  expect(patient).toBe(10000)
})

test('case 011: three responsibilities, each with its own deductible', () => {
  const table: Value = {
    type: 'table',
    table: {
      by: [cel('policy.preExisting')],
      rows: [
        { matches: [{ type: 'anyOf', values: [true] }], value: percent(30) },
        { matches: [{ type: 'anyOf', values: [false] }], value: percent(70) },
      ],
      where: 'rate',
    },
  }
  const plan = pack('city', 'commercial', {
    requiresPolicy: true,
    lists: [{ name: 'special', match: 'prefix', items: ['XL01'] }],
    benefits: [
      simple('in', yuan(20000), table),
      simple('out', yuan(20000), table, {
        base: [{ category: 'ownPay' }],
        lines: cel("!inList(line.code, 'special')"),
      }),
      simple('drugs', yuan(20000), table, {
        base: [{ category: 'ownPay' }],
        lines: cel("inList(line.code, 'special')"),
      }),
    ],
  })
  const held = { ...policy('POL', 'city'), preExisting: false }
  const { payers, patient } = settled(
    bill(
      [
        line('1', { inScope: 240000 }),
        line('2', { ownPay: 120000 }),
        line('XL01B', { ownPay: 40000 }),
      ],
      { given: givenBasic(180000) },
    ),
    [plan],
    { ...NOBODY, policies: [held] },
  )
  expect(payers).toEqual({ '#fund': 180000, city: 112000 })
  expect(patient).toBe(108000)
})

test('case 133: marginal bands with a first band that pays nothing', () => {
  const rows = [
    { upTo: yuan(8000), rate: percent(0) },
    { upTo: yuan(30000), rate: percent(50) },
    { upTo: yuan(50000), rate: percent(60) },
    { rate: percent(70) },
  ]
  const { payers, patient } = settled(bill([line('1', { inScope: 45000 })]), [
    pack('major', 'major-illness', { benefits: [benefit('m', { bands: bands('m', rows) })] }),
  ])
  expect(payers).toEqual({ major: 20000 })
  expect(patient).toBe(25000)
})
