import { describe, expect, test } from 'vitest'
import { packText, problemsOf, readOneBenefit, readOnePack } from './one-pack.ts'

const POLICY = 'requires: policy'

function money(fen: number) {
  return { type: 'literal', num: fen, den: 1 }
}

function fraction(num: number, den: number) {
  return { type: 'literal', num, den }
}

describe('a short form is the long form', () => {
  test.each([
    ['deductible', 'deductible: 800.00', 'deductible: { per: visit, amount: 800.00 }'],
    ['rate', 'rate: 80%', 'bands: [{ rate: 80% }]'],
    ['weight', 'base: [preSelfPay: 50%]', 'base: [{ category: preSelfPay, weight: 50% }]'],
    ['first share', 'firstShare: 10%', 'firstShare: [{ rate: 10% }]'],
    [
      'social payers',
      'deductible: { per: year, amount: 1.00, filledBy: [social] }',
      'deductible: { per: year, amount: 1.00, filledBy: [basic, large-amount, major-illness, civil-servant, enterprise-supplement, medical-aid, tilt-aid] }',
    ],
    [
      'floor',
      'floor: { rate: 45% }',
      'floor: { rate: 45%, base: [inScope, preSelfPay, overLimit, ownPay] }',
    ],
    [
      'percent',
      'deductible: { per: year, amount: { percent: [5%, { fact: person.wage }] } }',
      'deductible: { per: year, amount: { multiply: [0.05, { fact: person.wage }] } }',
    ],
  ])('%s', (_, short, long) => {
    const rest = (form: string) =>
      [
        form,
        form.startsWith('base') ? '' : 'base: [inScope]',
        /^(rate|bands)/.test(form) ? '' : 'rate: 80%',
      ].join('\n')
    const [left, right] = [short, long].map((form) => readOnePack(packText(rest(form))).hash)
    expect(left).toBe(right)
  })
})

describe('counters', () => {
  const REST = 'base: [inScope]\nrate: 80%\n'

  test.each([
    ['visit', '', { type: 'visit' }, 'stay'],
    ['admission', '', { type: 'admission' }, 'stay'],
    ['claim', '', { type: 'claim' }, 'stay'],
    ['year', '', { type: 'year' }, 'person'],
    ['lifetime', '', { type: 'lifetime' }, 'person'],
    ['accident', '', { type: 'lifetime' }, 'accident'],
    ['transferChain', '', { type: 'lifetime' }, 'transferChain'],
    ['policyYear', POLICY, { type: 'policyYear' }, 'person'],
    ['{ policyYears: 6 }', POLICY, { type: 'policyYears', years: 6 }, 'person'],
  ])('per %s', (per, top, period, owner) => {
    const benefit = readOneBenefit(`${REST}deductible: { per: ${per}, amount: 1.00 }`, top)
    expect(benefit.deductible?.counter).toEqual({
      id: 'demo/one:one.deductible',
      owner,
      period,
      unit: 'fen',
    })
  })

  test('belong to the policy in a commercial pack held by policy', () => {
    const text = packText(`${REST}limits: [{ on: payment, per: policyYear, amount: 1.00 }]`, POLICY)
    const [benefit] = readOnePack(text.replace('kind: basic', 'kind: commercial')).benefits
    expect(benefit?.limits[0]?.counter.owner).toBe('policy')
    expect(benefit?.bands?.counter.owner).toBe('stay')
  })

  test('shared and continued ones keep their global id', () => {
    const { counters } = readOnePack(
      packText(
        REST,
        'counters: { a: { per: year }, city/b: { per: year, shared: true }, c: { per: year, owner: family, continues: old/pack:c } }',
      ),
    )
    expect(Object.entries(counters).map(([name, { id, owner }]) => [name, id, owner])).toEqual([
      ['a', 'demo/one:a', 'person'],
      ['city/b', 'city/b', 'person'],
      ['c', 'old/pack:c', 'family'],
    ])
  })

  test('quantities and capped items are counted for each code', () => {
    const benefit = readOneBenefit(
      `${REST}itemLimits: [{ per: item, within: month, amount: 1.00 }, { per: line, amount: 2.00 }]\nlimits: [{ on: quantity, per: month, amount: 3 }, { id: days, on: days, per: year, amount: 90 }]`,
    )
    expect(benefit.itemLimits).toMatchObject([
      { per: 'item', counter: { id: 'demo/one:one.item-1', key: { source: 'line.code' } } },
      { per: 'line' },
    ])
    expect(benefit.itemLimits[1]?.counter).toBeUndefined()
    expect(benefit.limits).toMatchObject([
      {
        id: 'limit-1',
        amount: fraction(3, 1),
        counter: { unit: 'quantity', key: { source: 'line.code' } },
      },
      { id: 'days', counter: { id: 'demo/one:one.limit-days', unit: 'days' } },
    ])
  })

  test('allowances count the days of the stay', () => {
    expect(readOneBenefit('fixed: { per: day, amount: 200.00, waitingDays: 3 }').fixed).toEqual({
      per: 'day',
      amount: money(20000),
      days: { type: 'fact', expression: { source: 'visit.days', where: 'benefits[0].fixed.days' } },
      waitingDays: fraction(3, 1),
    })
  })
})

describe('numbers are exact or refused', () => {
  const amountOf = (written: string) => `base: [inScope]\nrate: 1\ndeductible: ${written}`

  test.each([
    ['100.00', money(10000)],
    ['0.1', money(10)],
    ['"0.1"', money(10)],
    ['90071992547409.91', money(9007199254740991)],
  ])('amount %s', (written, value) => {
    expect(readOneBenefit(amountOf(written)).deductible?.amount).toEqual(value)
  })

  test.each([
    ['1e3', 'AMOUNT_MALFORMED'],
    ['.5', 'AMOUNT_MALFORMED'],
    ['0x10', 'AMOUNT_MALFORMED'],
    ['1_000', 'AMOUNT_MALFORMED'],
    ['1,000.00', 'AMOUNT_MALFORMED'],
    ['100.005', 'AMOUNT_NOT_WHOLE_FEN'],
    ['99999999999999.99', 'AMOUNT_OUT_OF_RANGE'],
    ['80%', 'AMOUNT_MALFORMED'],
    ['１００', 'AMOUNT_MALFORMED'],
  ])('amount %s', (written, code) => {
    expect(problemsOf(packText(amountOf(written))).map((found) => found.code)).toEqual([code])
  })

  test.each([
    ['80%', fraction(4, 5)],
    ['0.1', fraction(1, 10)],
    ['11.2%', fraction(14, 125)],
    ['2/37', fraction(2, 37)],
    ['1', fraction(1, 1)],
  ])('rate %s', (written, value) => {
    expect(readOneBenefit(`base: [inScope]\nrate: ${written}`).bands?.rows).toEqual([
      { rate: value },
    ])
  })
})

describe('a parameter is what it is used as', () => {
  test.each([
    ['limits: [{ on: base, per: year, amount: $p }]', 'money'],
    ['firstShare: $p', 'rate'],
    ['limits: [{ on: days, per: year, amount: $p }]', 'whole'],
    ['deductible: { multiply: [5%, $p] }', 'money'],
    ['deductible: { multiply: [$p, { yuan: "2000.00" }] }', 'factor'],
    ['deductible: { max: [$p, { percent: [5%, { fact: person.wage }] }] }', 'money'],
    ['deductible: { divide: [$p, 12] }', 'money'],
    ['deductible: { by: [person.retired], rows: { true: $p, false: 1.00 } }', 'money'],
    ['deductible: $q', 'money'],
    ['adjust: [{ multiply: $p }]', 'factor'],
    ['clause: 第一条', 'factor'],
  ])('%s', (use, slot) => {
    const written = use
      .replace(/^deductible: (.*)$/, 'deductible: { per: visit, amount: $1 }')
      .replace('clause: 第一条', '')
    const top = 'parameters: { p: 1.00, q: { multiply: [50%, $p] } }'
    const pack = readOnePack(packText(`base: [inScope]\nrate: 0.5\n${written}`, top))
    expect(pack.parameterSlots['p']).toBe(slot)
    expect(pack.parameters['p']).toEqual(slot === 'money' ? money(100) : fraction(1, 1))
  })
})

describe('table keys', () => {
  test.each([
    ['hospital.level', '"1|2"', { type: 'anyOf', values: [1, 2] }],
    ['person.age', '60..69', { type: 'range', from: 60, to: 69 }],
    ['person.age', '70..', { type: 'range', from: 70 }],
    ['person.age', '..59', { type: 'range', to: 59 }],
    ['person.retired', 'true', { type: 'anyOf', values: [true] }],
    ['person.insutype', '310', { type: 'anyOf', values: ['310'] }],
    ['person.insutype', '"*"', { type: 'any' }],
    ['person.wage', '..5000.00', { type: 'range', to: 500000 }],
    ["person.wage - yuan('100.00')", '0..10.5', { type: 'range', from: 0, to: 1050 }],
    ["'低保' in person.identities", 'false', { type: 'anyOf', values: [false] }],
    ['year(visit.start)', '2023', { type: 'anyOf', values: [2023] }],
    ['person.retired ? "a" : "b"', '01', { type: 'anyOf', values: ['01'] }],
  ])('%s: %s', (by, key, match) => {
    const rate = `{ by: [${JSON.stringify(by)}], rows: { ${key}: 80% }, otherwise: 0 }`
    const value = readOneBenefit(`base: [inScope]\nrate: ${rate}`).bands?.rows[0]?.rate
    expect(value?.type === 'table' ? value.table.rows[0]?.matches : []).toEqual([match])
  })

  test('nested maps and a list of rows are the same table', () => {
    const nested = 'rows: { 1: { true: 90%, false: 85% }, "2|3": { "*": 70% } }'
    const listed =
      'rows: [{ match: [1, true], value: 90% }, { match: [1, false], value: 85% }, { match: ["2|3", "*"], value: 70% }]'
    const [left, right] = [nested, listed].map((rows) => {
      const rate = `{ by: [hospital.level, person.retired], ${rows} }`
      return readOnePack(packText(`base: [inScope]\nrate: ${rate}`)).hash
    })
    expect(left).toBe(right)
  })
})

test.each([
  ['subtract: [2000.00]', 'subtract', 1],
  ['divide: [1000.00, 2, 5]', 'divide', 3],
  ['percent: [5%]', 'multiply', 1],
])('a formula of another number of values says how many it takes: %s', (form, op, count) => {
  const text = packText(
    `base: [inScope]\nrate: 80%\ndeductible: { per: year, amount: { ${form} } }`,
  )
  expect(problemsOf(text)).toContainEqual(
    expect.objectContaining({ code: 'PACK_FORMULA_ARGUMENTS', details: { op, count, wanted: 2 } }),
  )
})

test('every problem of a file is reported, in file order', () => {
  const text = packText(
    'base: [inScope, nothing]\nrate: 120%\ndeductible: { per: yeer, amount: -1 }',
    'payr: x',
  )
  expect(problemsOf(text).map(({ code, where }) => [code, where])).toEqual([
    ['PACK_UNKNOWN_KEY', 'payr'],
    ['PACK_NOT_ONE_OF', 'benefits[0].base[1]'],
    ['PACK_RATE_OUTSIDE', 'benefits[0].rate'],
    ['PACK_NOT_ONE_OF', 'benefits[0].deductible.per'],
    ['PACK_AMOUNT_NEGATIVE', 'benefits[0].deductible.amount'],
  ])
})
