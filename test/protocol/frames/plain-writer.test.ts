import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode, encodePlain } from '../../../src/protocol/codec.ts'
import { writePlainly } from '../../../src/protocol/frames/plain-writer.ts'
import { HOSTILE_TEXTS } from '../../hostile/hostile-values.ts'
import { billTree } from '../documents.ts'

/** Whether `tree` is written plainly, with maps and with records; if so, with the bytes of msgpackr. */
function isPlain(tree: unknown): boolean {
  const written = [false, true].map((isRecords) => {
    const bytes = writePlainly(tree, isRecords)
    if (bytes === undefined) return false
    const expected = isRecords ? encode(tree) : encodePlain(tree)
    expect(Buffer.from(bytes).toString('hex')).toBe(Buffer.from(expected).toString('hex'))
    return true
  })
  expect(written[1]).toBe(written[0])
  return written[0] === true
}

const lengths = [0, 1, 15, 16, 31, 32, 63, 64, 255, 256, 5_000]

test.each<[string, unknown]>([
  ['a bill', { bill: [billTree(), billTree()] }],
  [
    'numbers',
    [0, 31, 32, 63, 64, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32],
  ],
  ['numbers below zero', [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 31) - 1]],
  ['fractions', [0.1, -0, -1.5, Number.NaN, Infinity, 2 ** 53, 5e-324]],
  ['texts of every length', lengths.map((length) => 'x'.repeat(length))],
  [
    'texts that are not ASCII',
    lengths.flatMap((length) => ['é', '注', '𠮷', 'x注'].map((unit) => unit.repeat(length))),
  ],
  ['half surrogate pairs', ['\ud800', 'x\udc00y', `${'注'.repeat(70)}\ud800`, '\ud800'.repeat(30)]],
  ['lists of every length', lengths.map((length) => Array.from({ length }, () => null))],
  [
    'objects of every size',
    lengths.map((length) =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`k${index}`, true])),
    ),
  ],
  [
    'objects alike, and with their keys in another order',
    [{ a: 1, b: 2 }, { a: 3, b: 4 }, { b: 1, a: 2 }, { a: 1 }, {}, {}, { a: {} }],
  ],
  ['a large answer', Array.from({ length: 20_000 }, (_, index) => [String(index), index * 1_000])],
])('%s', (_, tree) => {
  expect(isPlain(tree)).toBe(true)
})

test.each<[string, unknown]>([
  ['undefined', { a: undefined }],
  ['a big integer', [1n]],
  ['a date', [new Date(0)]],
  ['bytes', [Buffer.from('x')]],
  ['a map', [new Map()]],
  ['an object without a prototype', [Object.create(null)]],
  ['constructor', [{ constructor: 'x' }]],
  ['__keys__', [{ __keys__: 'x' }]],
  ['a function', [() => 1]],
  ['a long text', ['x'.repeat(30_000)]],
  ['a long list', [Array.from({ length: 70_000 }, () => 1)]],
])('%s is left to msgpackr', (_, tree) => {
  expect(isPlain(tree)).toBe(false)
})

test('more lists of keys than records have numbers are left to msgpackr', () => {
  const objects = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ [`k${index}`]: 1 }))
  expect(isPlain(objects(64))).toBe(true)
  expect(writePlainly(objects(65), true)).toBeUndefined()
})

test('depth is bounded', () => {
  let tree: unknown = 'x'
  for (let depth = 0; depth < 33; depth += 1) {
    expect(isPlain(tree)).toBe(true)
    tree = depth % 2 === 0 ? [tree] : { a: tree }
  }
  expect(isPlain(tree)).toBe(false)
})

test('what was written stays as it is when more is written', () => {
  const written = Array.from({ length: 3_000 }, (_, index) =>
    writePlainly([index, 'x'.repeat(index % 90)], false),
  )
  written.forEach((bytes, index) => {
    expect(Buffer.from(bytes ?? []).equals(encodePlain([index, 'x'.repeat(index % 90)]))).toBe(true)
  })
})

test('any tree', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 80 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('', 'x', '10', 'toJSON', ...HOSTILE_TEXTS),
  )
  const { tree: trees } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.constantFrom(null, true, false, undefined, 1, -0, 0.1, 2 ** 53, Number.NaN),
      fc.integer(),
      fc.integer({ min: -300, max: 300 }),
      fc.double(),
      fc.array(tie('tree'), { maxLength: 20 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 20, noNullPrototype: true }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), text, { maxKeys: 3, noNullPrototype: true }),
    ),
  }))
  let plain = 0
  fc.assert(
    fc.property(trees, (tree) => {
      if (isPlain(tree)) plain += 1
    }),
    { numRuns: 4_000 },
  )
  expect(plain).toBeGreaterThan(1_500)
})
