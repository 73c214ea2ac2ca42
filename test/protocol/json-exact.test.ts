import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJsonExact } from '../../src/protocol/json-exact.ts'

function codeOf(text: string): string {
  const read = parseJsonExact(text)
  return read.ok ? 'ok' : (read.problems[0]?.code ?? '')
}

const FRAGMENTS = '{ } [ ] " : , 1 01 - .5 1. true tru \\ a'.split(' ')

describe('numbers keep their source text', () => {
  test.each([
    ['{"a":4.50,"b":[1,-0,2e3]}', { a: '4.50', b: ['1', '-0', '2e3'] }],
    ['{"a":"4.50","b":true,"c":null}', { a: '4.50', b: true, c: null }],
    [
      '{"1":"say \\"2\\" \\\\","x": 38.61000000000001 }',
      { '1': 'say "2" \\', x: '38.61000000000001' },
    ],
    ['\uFEFF[9007199254740993]', ['9007199254740993']],
    ['7.00', '7.00'],
  ])('%s', (text, tree) => {
    expect(parseJsonExact(text)).toEqual({ ok: true, value: tree })
  })

  test('any tree reads as JSON.parse reads it, numbers as their texts', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value)
        const read = parseJsonExact(text)
        if (!read.ok) expect(read.problems[0]?.code).toBe('JSON_KEY_FORBIDDEN')
        else expect(read.value).toEqual(numbersAsText(JSON.parse(text)))
      }),
    )
  })

  test('no text makes it throw, and what JSON.parse refuses it refuses', () => {
    const fragment = fc.constantFrom(...FRAGMENTS)
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (fragments) => {
        const text = fragments.join('')
        const code = codeOf(text)
        if (isJson(text)) expect(['ok', 'JSON_KEY_REPEATED']).toContain(code)
        else expect(code).not.toBe('ok')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('hostile texts', () => {
  test.each([
    ['{"a":1,"a":2}', 'JSON_KEY_REPEATED'],
    ['{"a":1,"\\u0061":2}', 'JSON_KEY_REPEATED'],
    ['{"__proto__":{"x":1}}', 'JSON_KEY_FORBIDDEN'],
    ['{"\\u005f_proto__":{"x":1}}', 'JSON_KEY_FORBIDDEN'],
    [`${'['.repeat(1000)}${']'.repeat(1000)}`, 'JSON_TOO_DEEP'],
    ['{"a":01}', 'JSON_MALFORMED'],
    ['{1:2}', 'JSON_MALFORMED'],
    ['{"a":.5}', 'JSON_MALFORMED'],
    ['{"a":NaN}', 'JSON_MALFORMED'],
    ['{"a":1 2}', 'JSON_MALFORMED'],
    ['"never closed', 'JSON_MALFORMED'],
    ['', 'JSON_MALFORMED'],
    [`"${'x'.repeat(16 * 1024 * 1024)}"`, 'TEXT_TOO_LARGE'],
  ])('%.40s', (text, code) => {
    expect(codeOf(text)).toBe(code)
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function numbersAsText(value: unknown): unknown {
  if (typeof value === 'number') return JSON.stringify(value)
  if (Array.isArray(value)) return value.map(numbersAsText)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, numbersAsText(entry)]),
  )
}
