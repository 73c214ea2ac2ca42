import { expect, test } from 'vitest'
import { canonicalBody } from '../../src/protocol/canonical-body.ts'

const HALF = '\ud800'

test('one form: keys in order, numbers as text, blanks left out', () => {
  const body = { b: 1.5, a: [null, true, { d: '', c: 'x' }], z: null }
  expect(JSON.stringify(canonicalBody(body, 9))).toBe('{"a":[null,true,{"c":"x"}],"b":"1.5"}')
})

test.each([
  [{ text: HALF }],
  [{ text: ['x'.repeat(100) + HALF] }],
  [{ [`key${HALF}`]: 'x' }],
  [{ number: Infinity }],
  [{ date: new Map() }],
])('what is not plain data in Unicode has none', (body) => {
  expect(canonicalBody(body, 9)).toBeUndefined()
})

test('whole surrogate pairs stay', () => {
  expect(canonicalBody({ text: '𠮷' }, 9)).toEqual({ text: '𠮷' })
})
