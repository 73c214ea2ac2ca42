import { expect, test } from 'vitest'
import type { Bill } from '../../src/adjudication/bill.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import { fen } from '../../src/money/fen.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import type { Profile } from '../../src/rules/profile.ts'
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
import { oracleSettle, type OracleSettlement } from './oracle-settle.ts'

/** Rules of the specification that no published case shows, worked out by hand beside each test. */

const NOBODY: Coverage = { person: { id: 'P' }, policies: [] }

function settled(
  oneBill: Bill,
  packs: readonly RulePack[],
  coverage = NOBODY,
  rules: Profile = profile(),
): OracleSettlement {
  const answer = oracleSettle(oneBill, coverage, new Map(), { profile: rules, packs })
  if ('refused' in answer) throw new Error(`refused: ${answer.refused.join()}`)
  return answer
}

test('a package price below the cost: the hospital bears the difference on every cell in proportion', () => {
  const packs = [
    pack('basic', 'basic', {
      packages: [
        {
          id: 'p',
          title: { zh: 'p', en: 'p' },
          clause: '一',
          when: cel('true'),
          standard: yuan(80),
        },
      ],
      benefits: [benefit('b', { bands: bands('b', [{ rate: percent(50) }]) })],
    }),
  ]
  const answer = settled(bill([line('1', { inScope: 75 }), line('2', { ownPay: 25 })]), packs)
  // 20.00 over 75.00 and 25.00 is 15.00 and 5.00; half of the 60.00 in scope is 30.00.
  expect(Object.fromEntries(answer.payers)).toEqual({
    '#hospital': 20_00,
    'basic||basic/payer': 30_00,
  })
  expect(answer.residual.get('1')).toEqual([0, 30_00, 0, 0, 0, 0, 0])
  expect(answer.residual.get('2')).toEqual([0, 0, 0, 0, 0, 0, 20_00])
})

test('a deductible taken after the rate comes off the payment', () => {
  const packs = [
    pack('basic', 'basic', {
      benefits: [
        benefit('b', {
          deductible: deductible('b', yuan(30), { taken: 'afterRate' }),
          bands: bands('b', [{ rate: percent(80) }]),
        }),
      ],
    }),
  ]
  const answer = settled(bill([line('1', { inScope: 100 })]), packs)
  expect(answer.payers.get('basic||basic/payer')).toBe(50_00)
  expect(answer.counters.get('person:P|b.deductible|2023|')).toBe(30_00)
})

test('a stop-loss raises the payment until the share of the patient is the limit', () => {
  const packs = [
    pack('basic', 'basic', {
      benefits: [
        benefit('b', {
          deductible: deductible('b', yuan(20)),
          bands: bands('b', [{ rate: percent(50) }]),
          limits: [limit('b', 'patientShare', yuan(35))],
        }),
      ],
    }),
  ]
  const answer = settled(bill([line('1', { inScope: 100 })]), packs)
  // 40.00 by the band leaves 60.00; 25.00 more leaves 35.00, off the co-insurance first.
  expect(answer.payers.get('basic||basic/payer')).toBe(65_00)
  expect(answer.residual.get('1')).toEqual([20_00, 15_00, 0, 0, 0, 0, 0])
})

test('policies of equal rank share what there is in proportion to what each would pay alone', () => {
  const plan = (id: string, owed: number) =>
    pack(id, 'commercial', {
      requiresPolicy: true,
      benefits: [
        benefit('b', {
          deductible: deductible(id, yuan(owed), { counter: counter(`${id}.d`, 'policyYear') }),
          bands: bands(id, [{ rate: percent(100) }]),
          limits: [
            limit(id, 'payment', yuan(500), {
              counter: counter(`${id}.l`, 'policyYear', 'policy'),
            }),
          ],
        }),
      ],
    })
  const held = (id: string, product: string) => ({
    id,
    product,
    start: DAY_2023,
    end: DAY_2023 + 364,
    priority: 1,
  })
  const coverage = { ...NOBODY, policies: [held('X', 'a'), held('Y', 'b')] }
  const order = [{ kinds: ['commercial' as const], sharing: 'equal' as const }]
  const answer = settled(
    bill([line('1', { inScope: 300 })]),
    [plan('a', 0), plan('b', 200)],
    coverage,
    profile({ order }),
  )
  // Alone 300.00 and 100.00; of 300.00 that is 225.00 and 75.00.
  expect(Object.fromEntries(answer.payers)).toEqual({ 'a|X|a/payer': 225_00, 'b|Y|b/payer': 75_00 })
  expect(answer.counters.get('policy:Y|b.l|2023-01-01|')).toBe(75_00)
  expect(answer.counters.get('person:P|b.d|2023-01-01|')).toBe(200_00)
  expect(answer.patient).toBe(0)
})

test('a stay across new year by the date of the line has the deductible of each year', () => {
  const newYear = DAY_2023 + 365
  const packs = [
    pack('basic', 'basic', {
      effective: { from: 0, by: 'line' },
      benefits: [
        benefit('b', {
          deductible: deductible('b', yuan(50)),
          bands: bands('b', [{ rate: percent(50) }]),
        }),
      ],
    }),
  ]
  const answer = settled(
    bill([
      line('1', { inScope: 100 }, { date: newYear - 1 }),
      line('2', { inScope: 300 }, { date: newYear }),
    ]),
    packs,
  )
  expect(answer.lines.get('1')?.get('basic||basic/payer')).toBe(25_00)
  expect(answer.lines.get('2')?.get('basic||basic/payer')).toBe(125_00)
  expect(answer.counters.get('person:P|b.deductible|2023|')).toBe(50_00)
  expect(answer.counters.get('person:P|b.deductible|2024|')).toBe(50_00)
})

test.each([
  ['FACT_MISSING', { benefits: [benefit('b', { when: cel('person.age > 60') })] }, []],
  ['PACK_VERSIONS_OVERLAP', {}, [pack('basic', 'basic', { hash: 'f'.repeat(64) })]],
])('refuses with %s', (code, more, others) => {
  const answer = oracleSettle(bill([line('1', { inScope: 1 })]), NOBODY, new Map(), {
    profile: profile(),
    packs: [pack('basic', 'basic', more), ...others],
  })
  expect(answer).toEqual({ refused: [code] })
})

test('refuses refunds of more than the line', () => {
  const original = line('1', { inScope: 10 })
  const refund = { ...line('2', {}), refundOf: '1', amount: fen(-11_00) }
  const answer = oracleSettle(bill([original, refund]), NOBODY, new Map(), {
    profile: profile(),
    packs: [],
  })
  expect(answer).toEqual({ refused: ['BILL_LINE_REFUNDED_BELOW_ZERO'] })
})
