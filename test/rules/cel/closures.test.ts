import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { yearOfEpochDay } from '../../../src/rules/cel/calendar.ts'
import { checkExpression } from '../../../src/rules/cel/check.ts'
import { compileFlag } from '../../../src/rules/cel/closures.ts'
import { compileLists } from '../../../src/rules/cel/code-lists.ts'
import { FactMissing, ValueUndefined, type FactFrame } from '../../../src/rules/compiled.ts'
import { frame } from '../compile/pack-builder.ts'

function evaluate(source: string, facts: FactFrame): boolean {
  const context = { lines: true, policy: true, lists: [], result: 'bool' } as const
  const checked = checkExpression({ source, where: 'benefits[0].when' }, context)
  if (!checked.ok || checked.value.term.type !== 'bool') throw new Error(source)
  return compileFlag(checked.value.term, { lists: new Map(), where: 'benefits[0].when' })(facts)
}

describe('closures', () => {
  it('name a fact that is not stated', () => {
    expect(() => evaluate('person.age > 1', frame())).toThrow(
      new FactMissing('person.age', 'benefits[0].when'),
    )
    expect(() => evaluate('policy.preExisting', frame())).toThrow(FactMissing)
  })

  it('read left to right and stop as soon as the answer is known', () => {
    const facts = frame({ person: { retired: false, student: true } })
    expect(evaluate('person.retired && person.age > 1', facts)).toBe(false)
    expect(evaluate('person.student || person.age > 1', facts)).toBe(true)
    expect(() => evaluate('person.age > 1 || person.student', facts)).toThrow(FactMissing)
    expect(evaluate('has(person.age) && person.age > 1', facts)).toBe(false)
  })

  it('refuse what leaves the safe integers and zero divisors', () => {
    const facts = frame({ person: { age: Number.MAX_SAFE_INTEGER, tier: 0 } })
    expect(() => evaluate('person.age + 1 > 0', facts)).toThrow(
      new ValueUndefined('benefits[0].when', 'outOfRange'),
    )
    expect(() => evaluate('person.age / person.tier > 0', facts)).toThrow(
      new ValueUndefined('benefits[0].when', 'divisionByZero'),
    )
  })

  it('match patterns anywhere in the text, in linear time', () => {
    const facts = frame({ visit: { disease: `${'a'.repeat(50_000)}!` } })
    expect(evaluate('visit.disease.matches("(a+)+$")', facts)).toBe(false)
    expect(evaluate('visit.disease.matches("a!")', facts)).toBe(true)
  })
})

describe('code lists', () => {
  it('match prefixes as a plain search does', () => {
    const code = fc.stringMatching(/^[AC中][0-2]{0,3}$/)
    fc.assert(
      fc.property(fc.array(code, { maxLength: 12 }), code, (items, looked) => {
        const test = compileLists([{ name: 'list', match: 'prefix', items }]).get('list')
        expect(test?.(looked)).toBe(items.some((item) => looked.startsWith(item)))
      }),
    )
  })
})

describe('yearOfEpochDay', () => {
  it('agrees with the calendar on every year boundary', () => {
    for (let year = 1900; year <= 2400; year += 1) {
      const first = Date.UTC(year, 0, 1) / 86_400_000
      expect([yearOfEpochDay(first - 1), yearOfEpochDay(first)]).toEqual([year - 1, year])
    }
  })
})
