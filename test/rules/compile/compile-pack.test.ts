import { describe, expect, it } from 'vitest'

import { compilePack } from '../../../src/rules/compile/compile-pack.ts'
import {
  anyOf,
  benefit,
  cel,
  counter,
  fact,
  formula,
  frame,
  literal,
  pack,
  table,
} from './pack-builder.ts'

describe('compilePack', () => {
  it('compiles every expression and value of a pack', () => {
    const result = compilePack(
      pack({
        covers: cel('person.insutype == "390"'),
        effective: { from: 0, by: 'line' },
        lists: [{ name: 'special', match: 'prefix', items: ['XL01'] }],
        parameters: {
          deductible: {
            type: 'table',
            table: table(
              ['hospital.level'],
              [
                [[anyOf(1)], literal(10_000)],
                [[anyOf(2)], literal(30_000)],
                [[anyOf(3)], literal(80_000)],
              ],
            ),
          },
        },
        packages: [
          {
            id: 'appendix',
            title: { zh: '阑尾炎', en: 'appendicitis' },
            clause: '附表',
            when: cel('visit.disease == "K35"'),
            standard: literal(330_000),
          },
        ],
        benefits: [
          benefit({
            when: cel('visit.kind == "inpatient"'),
            lines: cel('inList(line.code, "special")'),
            deductible: {
              amount: { type: 'parameter', name: 'deductible' },
              counter: counter('test/basic:inpatient.deductible', 'admission'),
              taken: 'before',
              from: [
                { type: 'category', category: 'ownPay' },
                { type: 'lines', lines: cel('line.imported') },
              ],
              filledBy: [],
            },
            bands: {
              axis: 'includingDeductible',
              counter: counter('test/basic:inpatient.bands', 'visit'),
              rows: [
                { upTo: literal(1_000_000), rate: literal(4, 5) },
                {
                  rate: formula(
                    'add',
                    literal(3, 4),
                    formula('multiply', literal(1, 500), fact('person.age')),
                  ),
                },
              ],
              rounding: 'band',
            },
            limits: [
              {
                id: 'limit-1',
                on: 'payment',
                amount: literal(10_000_000),
                counter: counter('test/basic:cap', 'month'),
                overCap: 'base',
              },
            ],
          }),
        ],
      }),
    )
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    const { value } = result
    const bill = frame({
      person: { insutype: '390', age: 50 },
      visit: { kind: 'inpatient', disease: 'K35' },
      hospital: { level: 2 },
      line: { code: 'XL01AB', imported: true },
    })
    expect(value.covers?.(bill)).toBe(true)
    expect(value.packages[0]?.standard(bill)).toBe(330_000)
    const [compiled] = value.benefits
    expect(compiled?.when?.(bill)).toBe(true)
    expect(compiled?.lines?.(bill)).toBe(true)
    expect(compiled?.deductible?.amount(bill)).toBe(30_000)
    expect(compiled?.bands?.rows.map((row) => row.rate(bill))).toEqual([
      { num: 4, den: 5 },
      { num: 17, den: 20 },
    ])
    expect(value.finestPeriod).toBe('month')
    expect(value.basis).toBe('line')
  })

  it('collects every problem with its place', () => {
    const result = compilePack(
      pack({
        covers: cel('person.insutyp == "390"', 'covers'),
        benefits: [
          benefit({
            when: cel('line.imported', 'benefits[0].when'),
            lines: cel('policy.preExisting', 'benefits[0].lines'),
            bands: {
              axis: 'includingDeductible',
              counter: counter('c'),
              rows: [{ rate: literal(11, 10) }, { rate: { type: 'parameter', name: 'rat' } }],
              rounding: 'band',
            },
          }),
        ],
      }),
    )
    expect(result).toMatchObject({
      ok: false,
      problems: [
        {
          code: 'EXPRESSION_NAME_UNKNOWN',
          where: 'covers',
          details: { nearest: 'person.insutype' },
        },
        { code: 'EXPRESSION_LINE_OUT_OF_PLACE', where: 'benefits[0].when' },
        { code: 'EXPRESSION_POLICY_OUT_OF_PLACE', where: 'benefits[0].lines' },
        { code: 'VALUE_RATE_OUT_OF_RANGE', where: 'benefits[0].bands[0].rate' },
        { code: 'VALUE_PARAMETER_UNKNOWN', where: 'benefits[0].bands[1].rate' },
      ],
    })
  })
})
