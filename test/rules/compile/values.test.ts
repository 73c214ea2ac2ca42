import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ValueUndefined } from '../../../src/rules/compiled.ts'
import { compilePack } from '../../../src/rules/compile/compile-pack.ts'
import { packCost } from '../../../src/rules/compile/pack-cost.ts'
import { packScope } from '../../../src/rules/compile/pack-scope.ts'
import { compileAmount, compileRate } from '../../../src/rules/compile/values.ts'
import type { RulePack, Value } from '../../../src/rules/pack.ts'
import { benefit, cel, counter, fact, formula, frame, literal, pack } from './pack-builder.ts'

function amount(value: Value, changes: Partial<RulePack> = {}, kind: 'money' | 'number' = 'money') {
  const scope = packScope(pack(changes))
  const read = compileAmount(value, kind, scope, 'here')
  expect(scope.problems).toEqual([])
  return read
}

function rate(value: Value) {
  const scope = packScope(pack())
  const read = compileRate(value, 'share', scope, 'here')
  expect(scope.problems).toEqual([])
  return read
}

function problemsOf(value: Value, kind: 'money' | 'number' | 'rate', changes = {}) {
  const scope = packScope(pack(changes))
  if (kind === 'rate') compileRate(value, 'share', scope, 'here')
  else compileAmount(value, kind, scope, 'here')
  return scope.problems.map(({ code }) => code)
}

/** `num / den` rounded half away from zero, 0 when negative. */
function roundedRatio(num: bigint, den: bigint): number {
  return num < 0n ? 0 : Number((2n * num + den) / (2n * den))
}

describe('amounts', () => {
  it('round once, at the end', () => {
    const third = formula('divide', literal(100), literal(3))
    expect(amount(formula('multiply', third, literal(3)))(frame())).toBe(100)
    expect(amount(third)(frame())).toBe(33)
    expect(amount(formula('divide', literal(1), literal(2)))(frame())).toBe(1)
  })

  it('are never negative', () => {
    expect(amount(formula('subtract', literal(1), literal(5)))(frame())).toBe(0)
    const left = formula('subtract', literal(1_000), fact('person.income'))
    expect(amount(left)(frame({ person: { income: 1_500 } }))).toBe(0)
    expect(amount(fact('person.accountBalance'))(frame({ person: { accountBalance: -1 } }))).toBe(0)
  })

  it('are exact for every fact and rate', () => {
    const safe = fc.maxSafeNat()
    fc.assert(
      fc.property(safe, fc.nat(10_000), fc.integer({ min: 1, max: 9_999 }), (income, num, den) => {
        fc.pre((BigInt(income) * BigInt(num)) / BigInt(den) < 2n ** 53n - 2n)
        const share = amount(formula('multiply', literal(num, den), fact('person.income')))
        const longer = amount(
          formula('add', formula('multiply', literal(num, den), fact('person.income')), literal(0)),
        )
        const bill = frame({ person: { income } })
        const expected = roundedRatio(BigInt(income) * BigInt(num), BigInt(den))
        expect(share(bill)).toBe(expected)
        expect(longer(bill)).toBe(expected)
      }),
    )
  })

  it('combine facts, counters and parameters', () => {
    const counters = { used: counter('test/basic:used') }
    const parameters = { cap: literal(100_000) }
    const rest = formula(
      'max',
      literal(0),
      formula('subtract', { type: 'parameter', name: 'cap' }, { type: 'counter', counter: 'used' }),
    )
    const bill = frame({
      readCounter: ({ definition }) => (definition.id === 'test/basic:used' ? 30_000 : 0),
    })
    expect(amount(rest, { counters, parameters })(bill)).toBe(70_000)
    const smaller = formula('min', rest, fact('bill.total'))
    const small = { ...bill, bill: { total: 10 } }
    expect(amount(smaller, { counters, parameters })(small)).toBe(10)
  })

  it('throw what is not defined', () => {
    const shared = amount(formula('divide', literal(100), fact('person.tier')))
    expect(() => shared(frame({ person: { tier: 0 } }))).toThrow(
      new ValueUndefined('here', 'divisionByZero'),
    )
    const huge = amount(formula('multiply', literal(1_000), fact('person.income')))
    expect(() => huge(frame({ person: { income: Number.MAX_SAFE_INTEGER } }))).toThrow(
      new ValueUndefined('here', 'outOfRange'),
    )
  })

  it('are refused where they can never be right', () => {
    expect(problemsOf({ type: 'parameter', name: 'cap' }, 'money')).toEqual([
      'VALUE_PARAMETER_UNKNOWN',
    ])
    expect(problemsOf({ type: 'counter', counter: 'cap' }, 'money')).toEqual([
      'VALUE_COUNTER_UNKNOWN',
    ])
    expect(problemsOf(formula('divide', literal(1), literal(0)), 'money')).toEqual([
      'VALUE_DIVIDES_BY_ZERO',
    ])
    expect(problemsOf(fact('person.age'), 'money')).toEqual(['EXPRESSION_RESULT_TYPE'])
    expect(problemsOf(fact('person.income'), 'number')).toEqual(['EXPRESSION_RESULT_TYPE'])
    expect(problemsOf(literal(3, 2), 'number')).toEqual(['VALUE_NOT_WHOLE'])
    const counters = { days: counter('test/basic:days', 'year', 'days') }
    expect(problemsOf({ type: 'counter', counter: 'days' }, 'money', { counters })).toEqual([
      'VALUE_UNIT',
    ])
    const squared = formula('multiply', literal(Number.MAX_SAFE_INTEGER), literal(2))
    expect(problemsOf(squared, 'money')).toEqual(['VALUE_TOO_LARGE'])
  })
})

describe('rates', () => {
  it('are exact and in lowest terms', () => {
    const byAge = formula(
      'add',
      literal(3, 4),
      formula('multiply', literal(1, 500), fact('person.age')),
    )
    expect(rate(byAge)(frame({ person: { age: 60 } }))).toEqual({ num: 87, den: 100 })
    expect(() => rate(byAge)(frame({ person: { age: 126 } }))).toThrow(
      new ValueUndefined('here', 'outOfRange'),
    )
    const capped = formula('min', byAge, literal(1))
    expect(rate(capped)(frame({ person: { age: 126 } }))).toEqual({ num: 1, den: 1 })
  })

  it('are refused outside 0..1 and as plain facts', () => {
    expect(problemsOf(literal(11, 10), 'rate')).toEqual(['VALUE_RATE_OUT_OF_RANGE'])
    expect(problemsOf(literal(-1, 10), 'rate')).toEqual(['VALUE_RATE_OUT_OF_RANGE'])
    expect(problemsOf(fact('person.age'), 'rate')).toEqual(['VALUE_UNIT'])
  })

  it('may exceed 1 only where they multiply a rate', () => {
    const adjusted = (op: 'multiply' | 'set') =>
      compilePack(pack({ benefits: [benefit({ adjustments: [{ op, rate: literal(6, 5) }] })] })).ok
    expect([adjusted('multiply'), adjusted('set')]).toEqual([true, false])
  })
})

describe('packCost', () => {
  it('grows by the nodes of its line conditions', () => {
    const one = pack({ benefits: [benefit({ lines: cel('line.chargeType == "09"') })] })
    const two = pack({
      benefits: [benefit({ lines: cel('line.chargeType == "09" || line.imported') })],
    })
    expect(packCost(two, 1_000) - packCost(one, 1_000)).toBe(2_000)
    expect(packCost(one, 2_000)).toBe(2 * packCost(one, 1_000))
  })

  it('counts a condition of the whole bill once', () => {
    const plain = pack()
    const covered = pack({ covers: cel('person.retired') })
    expect(packCost(covered, 1_000) - packCost(plain, 1_000)).toBe(1)
  })
})
