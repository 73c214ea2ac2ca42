import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCarefully, parseJsonExact } from '../../src/protocol/json-exact.ts'
import { readPlainJson } from '../../src/protocol/plain-json.ts'
import { Chance } from '../hostile/chance.ts'
import { mutatedText } from '../hostile/mutate.ts'
import { billTree } from './documents.ts'

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

const asWritten = (token: string) => token

/** Whether `text` is read plainly; where it is, careful reading gives the same tree. */
function isPlain(text: string): boolean {
  const plain = readPlainJson(text, asWritten)
  if (plain === undefined) return false
  const careful = parseCarefully(text, asWritten)
  expect(careful).toStrictEqual({ ok: true, value: plain.tree })
  expect(careful.ok && JSON.stringify(careful.value)).toBe(JSON.stringify(plain.tree))
  return true
}

describe('the plain reader', () => {
  test.each([
    JSON.stringify(billTree()),
    JSON.stringify(billTree(), undefined, 2),
    '{"lines": [{"cnt": 1, "amount": 12.50 , "name":"a \\"b\\" \\\\"}, {"cnt":-0, "x":[true,null,0.10]}]}',
    '7.00',
    'null',
    '[1\t,\r\n2]',
    '"1"',
    '{"a":"1:2","1":3}',
  ])('reads %.60s', (text) => {
    expect(isPlain(text)).toBe(true)
  })

  test.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1},"a":1}',
    '{"__proto__":1}',
    '[1e5]',
    '{1:2}',
    '[01]',
    '[1 2]',
    '[-]',
  ])('leaves %s to the careful one', (text) => {
    expect(isPlain(text)).toBe(false)
  })

  test('any tree, with spaces and escapes', () => {
    let plain = 0
    const space = fc.constantFrom(0, 1, '\t', ' \r\n')
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), space, (value, by) => {
        if (isPlain(JSON.stringify(value, undefined, by))) plain += 1
      }),
      { numRuns: 1_000 },
    )
    expect(plain).toBeGreaterThan(300)
  })

  test('fragments and mutants', () => {
    const chance = new Chance(3)
    const seeds = ['{"a":[1,-2.50,{"b":"c","d":null}],"e":"\\u0061"}', JSON.stringify(billTree())]
    let plain = 0
    for (let made = 0; made < 20_000; made += 1) {
      if (isPlain(mutatedText(chance.anyOf(seeds) ?? '', chance))) plain += 1
      const parts = Array.from({ length: 1 + chance.below(9) }, () => chance.anyOf(FRAGMENTS))
      if (isPlain(parts.join(''))) plain += 1
    }
    expect(plain).toBeGreaterThan(500)
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
