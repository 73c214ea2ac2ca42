import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalContent, plainContent } from '../../src/protocol/canonical-content.ts'
import { ContentWriter } from '../../src/protocol/content-writer.ts'
import { billSeeds } from '../hostile/bill-seeds.ts'
import { Chance } from '../hostile/chance.ts'
import { HOSTILE_TEXTS } from '../hostile/hostile-values.ts'
import { mutated } from '../hostile/mutate.ts'
import { billTree } from './documents.ts'

const ROOT = join(fileURLToPath(new URL('.', import.meta.url)), '../..')
const PREFIX = 'settle\nH1\n'
const writer = new ContentWriter()

/** Whether one pass makes the content of `body`; what is made is what the plain functions make, in both cases. */
function isMadeInOnePass(body: unknown, depthMax = 24): boolean {
  const plain = plainContent(body, depthMax, PREFIX)
  const made = canonicalContent(body, depthMax, PREFIX)
  if (made === undefined || plain === undefined) expect(made).toBe(plain)
  else {
    // Not `toStrictEqual`, which asks a member named constructor for a type.
    expect(isDeepStrictEqual(made.content, plain.content)).toBe(true)
    expect(JSON.stringify(made.content)).toBe(JSON.stringify(plain.content))
    expect(Buffer.from(made.bytes).toString('latin1')).toBe(
      Buffer.from(plain.bytes).toString('latin1'),
    )
  }
  const isOnePass = writer.write(PREFIX, body, depthMax) !== undefined
  if (isOnePass) expect(plain).toBeDefined()
  return isOnePass
}

test.each<[string, unknown]>([
  ['a bill', { bill: billTree() }],
  ['with an envelope', { msgid: 'M', sign: { a: [1] }, bill: billTree(), opter: null, a: 1.5 }],
  ['numbers, blanks, booleans', { b: [0, -0, 1e-7, 1.25, null, '', true, false], a: '', c: null }],
  ['texts of every width', { a: ['é', '注射用', '𠮷', '\u2028', '\u007f', '\ufffd'] }],
  ['nothing', {}],
  ['only an envelope', { msgid: 'M' }],
  ['a large text', { a: 'x'.repeat(3_000_000), b: '注'.repeat(70_000) }],
])('one pass makes %s', (_, body) => {
  expect(isMadeInOnePass(body)).toBe(true)
})

test.each<[string, unknown]>([
  ['an escape', { a: 'x"y' }],
  ['a key that is an index', { 10: 'a', 9: 'b', a: 'c' }],
  ['a Chinese key', { 药: 'a' }],
  ['half a pair', { a: '\ud800' }],
  ['half a pair before a letter', { a: '\ud800x' }],
  ['the second half', { a: '\udc00' }],
  ['half a pair in the envelope', { sign: '\ud800' }],
  ['no number', { a: Infinity }],
  ['a rounded number', { a: 2 ** 53 }],
  ['undefined in a list', { a: [undefined] }],
  ['a map', { a: new Map() }],
  ['a list', [1]],
  ['a text', 'x'],
  ['nothing at all', undefined],
  ['__proto__', JSON.parse('{"a":{"__proto__":1}}')],
])('%s is left to the plain functions', (_, body) => {
  expect(isMadeInOnePass(body)).toBe(false)
})

test('depth is bounded alike', () => {
  let body: unknown = 'x'
  for (let depth = 0; depth < 6; depth += 1) {
    expect(isMadeInOnePass({ a: body }, 5)).toBe(depth < 5)
    body = depth % 2 === 0 ? [body] : { a: body }
  }
})

test('any values, in any order of keys, one after the other', () => {
  const key = fc.oneof(
    fc.constantFrom('a', 'b', 'c', 'd', 'msgid', 'sign', 'A', '_', 'a.b', '10', '2', '__proto__'),
    fc.constantFrom(...HOSTILE_TEXTS),
  )
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom('', 'x', '1.50', ...HOSTILE_TEXTS),
  )
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.constantFrom(null, true, false, undefined, 1, -0, 0.1, 2 ** 53, Number.NaN),
      fc.double(),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'B'), text, { maxKeys: 4 }),
    ),
  }))
  let made = 0
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 5 }), (body) => {
      if (isMadeInOnePass(body)) made += 1
    }),
    { numRuns: 4_000 },
  )
  expect(made).toBeGreaterThan(300)
})

test('mutants of bills', () => {
  const chance = new Chance(5)
  const seeds = billSeeds(ROOT).map(({ tree }) => tree)
  let made = 0
  for (let count = 0; count < 4_000; count += 1) {
    if (isMadeInOnePass({ bill: mutated(chance.anyOf(seeds), chance) })) made += 1
  }
  expect(made).toBeGreaterThan(2_000)
})
