import { describe, expect, it } from 'vitest'

import type { ErrorCode } from '../../../src/errors/codes.ts'
import { checkExpression, type ExpressionContext } from '../../../src/rules/cel/check.ts'

const CONTEXT: ExpressionContext = {
  lines: false,
  policy: false,
  lists: ['special-drugs'],
  result: 'bool',
}

function refusal(source: string, changes: Partial<ExpressionContext> = {}) {
  const checked = checkExpression({ source, where: 'covers' }, { ...CONTEXT, ...changes })
  return checked.ok ? checked.value.type : checked.problems[0]
}

const REFUSED: readonly (readonly [string, ErrorCode, Readonly<Record<string, unknown>>])[] = [
  ['person.age >', 'EXPRESSION_SYNTAX', { position: 13 }],
  ['', 'EXPRESSION_SYNTAX', { position: 1 }],
  ['person.agee > 1', 'EXPRESSION_NAME_UNKNOWN', { name: 'person.agee', nearest: 'person.age' }],
  ['persn.age > 1', 'EXPRESSION_NAME_UNKNOWN', { nearest: 'person.age' }],
  ['person.constructor == 1', 'EXPRESSION_NAME_UNKNOWN', {}],
  ['has(person.incom)', 'EXPRESSION_NAME_UNKNOWN', { nearest: 'person.income' }],
  ['inLst(person.sex, "a")', 'EXPRESSION_NAME_UNKNOWN', { nearest: 'inList' }],
  ['true && person.age > "a"', 'EXPRESSION_TYPES_DIFFER', { position: 9 }],
  ['person.income > 100', 'EXPRESSION_TYPES_DIFFER', {}],
  ['person.income * person.income > yuan("1")', 'EXPRESSION_TYPES_DIFFER', {}],
  ['person.income == visit.start', 'EXPRESSION_TYPES_DIFFER', {}],
  ['person.age in ["1"]', 'EXPRESSION_TYPES_DIFFER', {}],
  ['person.age ? true : false', 'EXPRESSION_TYPES_DIFFER', {}],
  ['daysBetween(visit.start) > 1', 'EXPRESSION_TYPES_DIFFER', {}],
  ['person.age', 'EXPRESSION_RESULT_TYPE', { expected: 'bool', found: 'int' }],
  ['person.age > 1.5', 'EXPRESSION_DECIMAL', { position: 14 }],
  ['double(person.age) > 1.0', 'EXPRESSION_NAME_UNKNOWN', {}],
  ['person.age < 9007199254740992', 'EXPRESSION_INTEGER_TOO_LARGE', {}],
  ['person.identities[0] == "a"', 'EXPRESSION_UNSUPPORTED', {}],
  ['person["age"] > 1', 'EXPRESSION_UNSUPPORTED', {}],
  ['person.age in []', 'EXPRESSION_UNSUPPORTED', {}],
  ['person.age in [person.tier]', 'EXPRESSION_UNSUPPORTED', {}],
  ['cel.bind(x, 1, x > 0)', 'EXPRESSION_UNSUPPORTED', {}],
  ['person.retired > false', 'EXPRESSION_UNSUPPORTED', {}],
  ['person.sex == null', 'EXPRESSION_UNSUPPORTED', {}],
  ['person.identities == person.tags', 'EXPRESSION_UNSUPPORTED', {}],
  [
    'person.tags.exists(i, visit.tags.exists(j, i == j))',
    'EXPRESSION_COMPREHENSION',
    { macro: 'exists' },
  ],
  ['["a"].exists(i, i == "a")', 'EXPRESSION_COMPREHENSION', {}],
  ['person.tags.filter(i, i == "a").size() > 0', 'EXPRESSION_COMPREHENSION', { macro: 'filter' }],
  ['line.imported', 'EXPRESSION_LINE_OUT_OF_PLACE', { fact: 'line.imported' }],
  ['policy.preExisting', 'EXPRESSION_POLICY_OUT_OF_PLACE', { fact: 'policy.preExisting' }],
  [
    'inList(visit.disease, "special-drug")',
    'EXPRESSION_LIST_UNKNOWN',
    { nearest: 'special-drugs' },
  ],
  ['inList(visit.disease, visit.disease)', 'EXPRESSION_LITERAL_NEEDED', {}],
  ['visit.disease.matches(visit.disease)', 'EXPRESSION_LITERAL_NEEDED', {}],
  ['person.income > yuan(person.sex)', 'EXPRESSION_LITERAL_NEEDED', { function: 'yuan' }],
  ['person.income > yuan("1.005")', 'EXPRESSION_LITERAL_MALFORMED', {}],
  ['visit.start > date("2023-02-29")', 'EXPRESSION_LITERAL_MALFORMED', { text: '2023-02-29' }],
  ['visit.disease.matches("(a)\\\\1")', 'EXPRESSION_PATTERN', {}],
  ['visit.disease.matches("(?=a)")', 'EXPRESSION_PATTERN', {}],
  ['visit.disease.matches("(")', 'EXPRESSION_PATTERN', {}],
  [`${'!'.repeat(2_001)}true`, 'EXPRESSION_TOO_LARGE', {}],
  [Array.from({ length: 101 }, () => 'true').join('||'), 'EXPRESSION_TOO_LARGE', {}],
  [`${'('.repeat(60)}true${')'.repeat(60)}`, 'EXPRESSION_TOO_LARGE', {}],
]

describe('checkExpression', () => {
  it.each(REFUSED)('refuses %s with %s', (source, code, details) => {
    expect(refusal(source)).toMatchObject({ code, where: 'covers', details })
  })

  it('accepts what the context provides', () => {
    expect(refusal('line.imported', { lines: true })).toBe('bool')
    expect(refusal('policy.preExisting', { policy: true })).toBe('bool')
    expect(refusal('person.age', { result: 'number' })).toBe('int')
    expect(refusal('person.income', { result: 'factor' })).toBe('money')
    expect(refusal('line.code + "x"', { lines: true, result: 'string' })).toBe('string')
    expect(refusal('visit.start', { result: 'key' })).toMatchObject({
      code: 'EXPRESSION_RESULT_TYPE',
    })
  })

  it('takes 200 nodes', () => {
    const source = Array.from({ length: 100 }, () => 'true').join('||')
    expect(refusal(source)).toBe('bool')
  })
})
