import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readPacks } from '../../../src/rules/read/read-packs.ts'

const text = readFileSync(new URL('sample-packs.yaml', import.meta.url), 'utf8')

test('the sample of the design reads', () => {
  const read = readPacks(text, 'sample.yaml', () => undefined)
  expect(read).toMatchObject({ ok: true })
  if (!read.ok) return
  const [resident, citizen] = read.value.packs
  expect(resident).toMatchObject({
    id: 'demo/resident/basic',
    kind: 'basic',
    product: 'demo/resident/basic',
    title: { zh: '某市城乡居民基本医疗保险 一档', en: "Residents' basic insurance, tier 1" },
    payer: { id: 'demo-resident-fund', wire: 'hifp_pay', fundPayType: '390100' },
    effective: { from: 19358, to: 19722, by: 'settlement' },
    requiresPolicy: false,
    covers: { source: 'person.insutype == "390" && person.tier == 1', where: 'covers' },
    parameterSlots: { deductible: 'money', rate: 'rate' },
  })
  expect(resident?.parameters['deductible']).toEqual({
    type: 'table',
    table: {
      by: [{ source: 'hospital.level', where: 'parameters.deductible.by[0]' }],
      rows: [
        {
          matches: [{ type: 'anyOf', values: [1] }],
          value: { type: 'literal', num: 10000, den: 1 },
        },
        {
          matches: [{ type: 'anyOf', values: [2] }],
          value: { type: 'literal', num: 30000, den: 1 },
        },
        {
          matches: [{ type: 'anyOf', values: [3] }],
          value: { type: 'literal', num: 80000, den: 1 },
        },
      ],
      where: 'parameters.deductible',
    },
  })
  expect(resident?.benefits[0]).toMatchObject({
    id: 'inpatient',
    title: { zh: '住院统筹', en: '住院统筹' },
    base: [{ category: 'inScope' }],
    of: 'residual',
    deductible: {
      amount: { type: 'parameter', name: 'deductible' },
      counter: {
        id: 'demo/resident/basic:inpatient.deductible',
        owner: 'stay',
        period: { type: 'admission' },
        unit: 'fen',
      },
      taken: 'before',
    },
    bands: {
      axis: 'includingDeductible',
      counter: {
        id: 'demo/resident/basic:inpatient.bands',
        owner: 'stay',
        period: { type: 'visit' },
      },
      rows: [{ rate: { type: 'parameter', name: 'rate' } }],
      rounding: 'band',
    },
  })
  expect(citizen).toMatchObject({
    requiresPolicy: true,
    title: { zh: 'demo/citizen-plan/2022' },
    benefits: [
      {
        deductible: { counter: { owner: 'policy', period: { type: 'policyYear' } } },
        limits: [
          {
            id: 'limit-1',
            on: 'payment',
            amount: { type: 'literal', num: 100000000, den: 1 },
            counter: { id: 'demo/citizen-plan/2022:in-scope.limit-1', owner: 'policy' },
            overCap: 'base',
          },
        ],
      },
    ],
    cases: [
      {
        name: '第一次住院',
        given: { visit: { kind: 'inpatient', accident: false }, lines: [{ inScope: '50000.00' }] },
        expect: { payment: 2560000 },
      },
    ],
  })
  expect(citizen?.hash).toMatch(/^[0-9a-f]{64}$/)
})
