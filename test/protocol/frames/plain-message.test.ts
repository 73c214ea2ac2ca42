import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeForeign, encode, encodePlain } from '../../../src/protocol/codec.ts'
import { readPlainMessage } from '../../../src/protocol/frames/plain-message.ts'
import { hasRepairedText } from '../../../src/protocol/frames/repaired-text.ts'
import { HOSTILE_TEXTS } from '../../hostile/hostile-values.ts'
import { billTree } from '../documents.ts'

/** Whether `bytes` are read plainly; if so, msgpackr must read the same tree, its members in the same order, and repair nothing. */
function isPlain(bytes: Uint8Array): boolean {
  const read = readPlainMessage(bytes)
  if (read === undefined) return false
  const expected = decodeForeign(bytes)
  const isSame = isDeepStrictEqual(read, expected)
  if (!isSame || JSON.stringify(read) !== JSON.stringify(expected)) {
    throw new Error(Buffer.from(bytes).toString('hex'))
  }
  if (typeof expected === 'object' && expected !== null) {
    expect(hasRepairedText(expected, bytes)).toBe(false)
  }
  return true
}

const FRAME = { id: 'R-1', op: 'settle', body: { bill: billTree() } }

test.each<[string, unknown]>([
  ['a bill', FRAME],
  ['numbers', [0, 1, 63, 64, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 40, 1.5, -0]],
  ['numbers below zero', [-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31), -(2 ** 40)]],
  ['what is nothing, and booleans', { a: null, b: true, c: false, d: [], e: {}, f: '' }],
  [
    'texts of every width',
    ['é', '注射用', 'a注b射', '𠮷', '\u2028', '\ufffd', '\ufffdx', '注'.repeat(300)],
  ],
  [
    'long texts',
    ['x'.repeat(31), 'x'.repeat(32), 'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(9_000)],
  ],
  ['keys of every width', { 药: 1, é: 2, a: 3, ab: 4, abc: 5, abcd: 6, ['k'.repeat(40)]: 7 }],
  ['keys that are indices', { b: 1, 10: 2, 9: 3, a: 4 }],
  [
    'more members and items than fit in a token',
    Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `m${index}`,
        Array.from({ length: index }, () => 'x'),
      ]),
    ),
  ],
])('%s is read', (_, tree) => {
  // The keys are known the second time.
  for (let time = 0; time < 2; time += 1) expect(isPlain(encodePlain(tree))).toBe(true)
})

test.each<[string, Uint8Array]>([
  ['records', encode([FRAME, FRAME])],
  ['bytes', encodePlain({ a: Buffer.from('x') })],
  ['a date', encodePlain([new Date(0)])],
  ['a number of 64 bits', encodePlain([10n])],
  ['undefined', encodePlain([undefined])],
  ['a key that is a number', Uint8Array.from([0x81, 0x01, 0x02])],
  ['__proto__', Buffer.from([0x81, 0xa9, ...Buffer.from('__proto__'), 0x01])],
  ['a key of 63 bytes', encodePlain({ ['k'.repeat(63)]: 1 })],
  ['a byte order mark', encodePlain(['\ufeffx'])],
  ['a byte order mark before a long text', encodePlain([`\ufeff${'注'.repeat(100)}`])],
  ['nothing', new Uint8Array(0)],
  ['a message with a rest', Buffer.concat([encodePlain(FRAME), Buffer.from([0])])],
  ['half a message', encodePlain(FRAME).slice(0, -1)],
  ['a list that promises more than there is', Uint8Array.from([0xdc, 0xff, 0xff, 0x01])],
  ['GBK', Buffer.concat([Buffer.from([0xa4]), Buffer.from([0xd5, 0xc5, 0xc8, 0xfd])])],
  ['half a surrogate pair', Buffer.from([0xa3, 0xed, 0xa0, 0x80])],
  ['a character that is written too long', Buffer.from([0xa2, 0xc0, 0x80])],
])('%s is left to msgpackr', (_, bytes) => {
  expect(readPlainMessage(bytes)).toBeUndefined()
})

/** An object whose keys nobody has sent before. */
function fresh(count: number, name: string): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, index]))
}

test('many keys that nobody has sent before are left to msgpackr, and the reader goes on with others', () => {
  expect(isPlain(encodePlain(fresh(200, 'a')))).toBe(true)
  expect(isPlain(encodePlain(fresh(300, 'b')))).toBe(false)
  // More than it keeps, chained behind each other in one map after the other.
  const chain: Record<string, unknown> = {}
  let isLast = true
  for (let round = 0; round < 20; round += 1) {
    chain[`c${round}`] = fresh(150, `d${round}-`)
    isLast = isPlain(encodePlain({ ...chain, rest: round }))
    expect(isPlain(encodePlain(FRAME))).toBe(true)
  }
  expect(isLast).toBe(false)
})

test('many texts that the runtime would have to decode are left to msgpackr', () => {
  const emoji = (count: number) => Array.from({ length: count }, () => '😀')
  expect(isPlain(encodePlain(emoji(500)))).toBe(true)
  expect(isPlain(encodePlain(emoji(600)))).toBe(false)
  expect(isPlain(encodePlain(Array.from({ length: 2_000 }, () => 'é')))).toBe(true)
})

test('depth is bounded', () => {
  const deep = (depth: number) => {
    let tree: unknown = 'x'
    for (let level = 0; level < depth; level += 1) tree = level % 2 === 0 ? [tree] : { a: tree }
    return encodePlain(tree)
  }
  expect(isPlain(deep(32))).toBe(true)
  expect(isPlain(deep(33))).toBe(false)
  expect(isPlain(Buffer.alloc(1_000_000, 0x91))).toBe(false)
})

test('more keys than are kept', () => {
  for (let round = 0; round < 3; round += 1) {
    for (let first = 0; first < 3_000; first += 100) {
      const keys = Array.from({ length: 100 }, (_, index) => [`key ${first + index}`, first])
      expect(isPlain(encodePlain(Object.fromEntries(keys)))).toBe(true)
    }
  }
})

test('what is read keeps no hold of the message', () => {
  const bytes = Buffer.from(encodePlain(FRAME))
  const read = readPlainMessage(bytes)
  bytes.fill(0)
  expect(read).toStrictEqual(FRAME)
})

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', 'x', 'id', '1.50', '2025-02-13 10:00:00', ...HOSTILE_TEXTS),
)
const { tree: trees } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom(null, true, false, 1, -0, 0.1, 2 ** 53),
    fc.integer(),
    fc.double(),
    fc.array(tie('tree'), { maxLength: 20 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 20 }),
    fc.dictionary(fc.constantFrom('a', 'bb', 'ccc', 'dddd', 'e.e.e', '药'), text, { maxKeys: 6 }),
  ),
}))

test('any tree, in plain maps or records', () => {
  let plain = 0
  fc.assert(
    fc.property(trees, fc.boolean(), (tree, isRecords) => {
      if (isPlain(isRecords ? encode(tree) : encodePlain(tree))) plain += 1
    }),
    { numRuns: 3_000 },
  )
  expect(plain).toBeGreaterThan(1_000)
})

test('messages with other bytes, or fewer', () => {
  let plain = 0
  const places = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 })
  fc.assert(
    fc.property(fc.oneof(trees, fc.constant(FRAME)), places, fc.nat(), (tree, changes, cut) => {
      const bytes = Buffer.from(encodePlain(tree))
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte
      if (isPlain(cut % 4 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes)) plain += 1
    }),
    { numRuns: 6_000 },
  )
  expect(plain).toBeGreaterThan(1_000)
})
