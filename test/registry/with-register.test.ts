import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEpochDay } from '../../src/catalog/epoch-day.ts'
import type { Result } from '../../src/errors/problem.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { parseJsonExact } from '../../src/protocol/json-exact.ts'
import {
  billPerson,
  withRegister,
  type CompletedBill,
  type Registered,
} from '../../src/registry/with-register.ts'
import { billTree, PROFILE, type Tree } from '../protocol/documents.ts'
import { hospital, person, refusals, valueOf } from './builders.ts'

const REGISTERED: Registered = { person: person(), hospital: hospital() }

/** The bill with the least it may state. */
function bareBill(changes: Tree = {}): Tree {
  return billTree({ person: { id: 'P1' }, hospital: undefined, ...changes })
}

function completed(
  bill: unknown,
  registered: Partial<Registered> = {},
  date = '2023-03-10',
): Result<CompletedBill> {
  const day = parseEpochDay(date)
  if (day === undefined) throw new TypeError(date)
  return withRegister(bill, { ...REGISTERED, ...registered }, { day, requestHospital: 'H1' })
}

describe('withRegister', () => {
  it('reads as the bill that states everything itself', () => {
    const { document, ...rest } = valueOf(completed(bareBill()))
    const read = valueOf(readBillDocument(document, PROFILE))
    const stated = valueOf(
      readBillDocument(
        billTree({
          person: { id: 'P1', insutype: '310', psnType: '1101', sex: '2', age: 35, identities: [] },
          hospital: { id: 'H1', grade: '02' },
          policies: [
            {
              id: 'X1',
              product: 'demo/other',
              start: '2023-01-01',
              end: '2023-12-31',
              priority: 2,
            },
            { id: 'X2', product: 'demo/plan', start: '2023-01-01', end: '2023-12-31' },
          ],
        }),
        PROFILE,
      ),
    )
    expect(read).toEqual(stated)
    expect(rest).toEqual({ jurisdiction: 'demo', sharedPolicies: ['X2'] })
  })

  it('takes the coverage period and the identities of the day', () => {
    const bill = bareBill({
      visit: { id: 'V1', kind: 'outpatient', start: '2022-12-31' },
      settlementDate: '2022-12-31',
      lines: [{ id: 'a', code: 'X1', amount: '1.00', date: '2022-12-31', inScope: '1.00' }],
    })
    const { document } = valueOf(completed(bill, {}, '2022-12-31'))
    const { coverage } = valueOf(readBillDocument(document, PROFILE))
    expect(coverage.person).toEqual({
      id: 'P1',
      sex: 'female',
      age: 35,
      insutype: '390',
      tier: 2,
      identities: ['低保'],
    })
  })

  it('gives the family to the bill and beside it', () => {
    const family = completed(bareBill(), { person: person({ familyId: 'F1' }) })
    const { document, familyId } = valueOf(family)
    expect(familyId).toBe('F1')
    expect(valueOf(readBillDocument(document, PROFILE)).coverage.familyId).toBe('F1')
  })

  it('leaves alone what the bill states as the register has it, in any spelling', () => {
    const bill = bareBill({
      person: { psn_no: 'P1', gend: 2, age: '' },
      insutype: 310,
      hospital: { fixmedins_code: 'H1', hosp_lv: '02', networks: ['A'] },
    })
    const { document } = valueOf(completed(bill))
    const { bill: read, coverage } = valueOf(readBillDocument(document, PROFILE))
    expect(coverage.person).toMatchObject({ id: 'P1', sex: 'female', age: 35, insutype: '310' })
    expect(read.hospital).toMatchObject({ id: 'H1', grade: '02', networks: ['A'] })
  })

  it('takes numbers as their source text', () => {
    const text = '{"psn_no": 10001, "age": 35.0, "visit": {"id": "V"}, "lines": []}'
    const bill = valueOf(parseJsonExact(text))
    expect(billPerson(bill)).toBe('10001')
    expect(completed(bill, { person: person({ id: 10001 }) }).ok).toBe(true)
  })

  it('leaves a wrong value to the reader, which refuses it', () => {
    const { document } = valueOf(completed(bareBill({ person: { id: 'P1', age: 'old' } })))
    expect(refusals(readBillDocument(document, PROFILE))).toEqual(['FACT_NOT_INTEGER person.age'])
  })

  it('does not change or copy the lines', () => {
    const bill = bareBill()
    const { document } = valueOf(completed(bill))
    expect(document['lines']).toBe(bill['lines'])
    expect(bill).toEqual(bareBill())
  })
})

describe('withRegister refuses', () => {
  const cases: readonly (readonly [string, Tree, Partial<Registered>, readonly string[]])[] = [
    ['a person without an entry', {}, { person: undefined }, ['PERSON_UNKNOWN person.id']],
    ['no person', { person: {} }, {}, ['FIELD_MISSING person.id']],
    ['a hospital without an entry', {}, { hospital: undefined }, ['HOSPITAL_UNKNOWN hospital']],
    [
      "another hospital than the request's",
      { fixmedins_code: 'H2' },
      {},
      ['BILL_DIFFERS_FROM_REGISTER fixmedins_code'],
    ],
    [
      'policies, family and counters',
      { policies: [], familyId: 'F', counters: {} },
      {},
      ['policies', 'familyId', 'counters'].map((key) => `BILL_STATES_REGISTER ${key}`),
    ],
    [
      'identities',
      { person: { id: 'P1', identities: ['低保'] }, psn_idet_type: '23' },
      {},
      ['person.identities', 'psn_idet_type'].map((key) => `BILL_STATES_REGISTER ${key}`),
    ],
    [
      'a fact that differs',
      { person: { id: 'P1', sex: 'male' }, psn_type: '1202', hospital: { level: 1, grade: '05' } },
      {},
      [
        'BILL_DIFFERS_FROM_REGISTER hospital.grade',
        'BILL_DIFFERS_FROM_REGISTER person.sex',
        'BILL_DIFFERS_FROM_REGISTER psn_type',
      ],
    ],
  ]
  it.each(cases)('%s', (_, changes, registered, expected) => {
    expect(refusals(completed(bareBill(changes), registered))).toEqual(expected)
  })

  it.each(['2021-12-31', '1999-01-01'])('a day in no coverage period, %s', (date) => {
    expect(refusals(completed(bareBill(), {}, date))).toEqual(['COVERAGE_NOT_IN_FORCE person.id'])
  })

  it('a gap between two periods, and takes both ends of each', () => {
    const gap = person({
      coverage: [
        { from: '2023-01-01', to: '2023-01-31' },
        { from: '2023-03-01', to: '2023-03-31' },
      ],
    })
    const outcome = ['01-01', '01-31', '02-01', '02-28', '03-01', '03-31', '04-01'].map(
      (date) => completed(bareBill(), { person: gap }, `2023-${date}`).ok,
    )
    expect(outcome).toEqual([true, true, false, false, true, true, false])
  })

  it('what is no object', () => {
    expect(refusals(completed('bill'))).toEqual(['FIELD_NOT_OBJECT ', 'FIELD_MISSING person.id'])
  })
})

const spelled = fc.record(
  {
    gend: fc.constantFrom('1', 'female', 9),
    age: fc.constantFrom('40', 7, '8.0'),
    income: fc.constantFrom('0', 12.5, '1234.50'),
    civilServant: fc.boolean(),
    tags: fc.subarray(['a', 'b', '丙']),
  },
  { requiredKeys: [] },
)
const periodFacts = fc.record(
  { psn_type: fc.constantFrom('1101', '1202'), tier: fc.constantFrom(1, '2') },
  { requiredKeys: [] },
)
/** Periods in order, each with the days up to the next one's first: 2023-03-01, -04, -07 … with a gap or none. */
const periods = fc.array(fc.record({ days: fc.constantFrom(2, 3), facts: periodFacts }), {
  minLength: 1,
  maxLength: 4,
})
const words = fc.array(
  fc.record({ word: fc.constantFrom('低保', '24', '特困'), from: fc.integer({ min: 1, max: 9 }) }),
  { maxLength: 3 },
)

function march(day: number): string {
  return `2023-03-${String(day).padStart(2, '0')}`
}

describe('withRegister and the reader', () => {
  it('come to what a bill that states everything comes to', () => {
    let inForce = 0
    const arbitrary = fc.tuple(
      spelled,
      periods,
      words,
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
    )
    fc.assert(
      fc.property(arbitrary, ([facts, parts, identities, day, isStated]) => {
        const coverage = parts.map((part, index) => {
          return { from: 1 + index * 3, to: index * 3 + part.days, facts: part.facts }
        })
        const unique = [...new Map(identities.map((one) => [one.word, one])).values()]
        const entry = person({
          facts,
          coverage: coverage.map((one) => ({ ...one, from: march(one.from), to: march(one.to) })),
          identities: unique.map((one) => ({
            word: one.word,
            from: march(one.from),
            to: march(9),
          })),
        })
        const bill = {
          person: { id: 'P1', ...(isStated ? facts : {}) },
          visit: { id: 'V1', kind: 'outpatient', start: march(1) },
          lines: [{ id: 'a', code: 'X', amount: '1.00', date: march(1), inScope: '1.00' }],
          settlementDate: march(day),
        }
        const result = completed(bill, { person: entry }, march(day))
        const period = coverage.find(({ from, to }) => from <= day && day <= to)
        expect(result.ok).toBe(period !== undefined)
        if (period === undefined) return
        inForce += 1
        const held = unique.filter(({ from }) => from <= day && day <= 9)
        held.sort((left, right) => left.from - right.from || (left.word < right.word ? -1 : 1))
        const whole = {
          ...bill,
          person: { id: 'P1', ...facts, ...period.facts, identities: held.map(({ word }) => word) },
          hospital: { id: 'H1', grade: '02' },
          policies: entry.policies.map(({ shared: _shared, ...policy }) => policy),
        }
        const read = readBillDocument(valueOf(result).document, PROFILE)
        expect(read).toEqual(readBillDocument(whole, PROFILE))
        expect(read.ok).toBe(true)
      }),
      { numRuns: 500 },
    )
    expect(inForce).toBeGreaterThan(100)
  })
})
