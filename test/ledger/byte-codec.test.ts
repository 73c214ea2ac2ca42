import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader } from '../../src/ledger/bytes/byte-reader.ts'
import { ByteWriter } from '../../src/ledger/bytes/byte-writer.ts'
import { NumberText, numberText } from '../../src/ledger/bytes/number-text.ts'
import { NUMBER_TEXT_MAX, TAG } from '../../src/ledger/bytes/tags.ts'

function written(...values: readonly unknown[]): Uint8Array {
  const writer = new ByteWriter()
  for (const value of values) writer.value(value)
  return writer.copy()
}

function again(...values: readonly unknown[]): readonly unknown[] {
  const reader = new ByteReader(written(...values))
  const found = values.map(() => reader.value())
  expect(reader.left).toBe(0)
  return found
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.constantFrom('', '0', '00', '-0.00', '0.00', '-0', '1.', '.5', '08', '12.345', '2025-10-23'),
  fc.constantFrom(
    '\ud800',
    'a\udfff',
    '\u0000',
    '__proto__',
    '项目',
    'f'.repeat(32),
    'a'.repeat(64),
  ),
  fc.constantFrom('999999999999999', '9999999999999999', '9999999999999.99', '-1.5', '1e5'),
  fc.integer().map((value) => (value / 100).toFixed(2)),
)
const numbers = fc.oneof(
  fc.integer({ min: -70, max: 70 }),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-0, 2 ** 31, 2 ** 32, -(2 ** 31), Number.MAX_SAFE_INTEGER),
)
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    texts,
    numbers,
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(texts, tie('value'), { maxKeys: 6, noNullPrototype: true }),
    fc.array(fc.tuple(texts, tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
  ),
})).value

describe('values come back as they were', () => {
  test('of every kind, with the names in their order', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 8 }), (list) => {
        const found = again(...list)
        expect(found).toStrictEqual(list)
        expect(JSON.stringify(found)).toBe(JSON.stringify(list))
      }),
      { numRuns: 1_000 },
    )
  })

  test('numbers with their sign, and names', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), texts, texts, (number, left, right) => {
        const writer = new ByteWriter()
        writer.int(number)
        writer.text(right)
        writer.name(right)
        writer.looseHex(left)
        const reader = new ByteReader(writer.copy())
        expect(reader.int()).toBe(number)
        expect([reader.text(), reader.name(), reader.text()]).toEqual([right, right, left])
      }),
      { numRuns: 1_000 },
    )
  })

  test('more texts and shapes than can be referred to', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `text ${index % 18_000}`)
    const shapes = Array.from({ length: 300 }, (_, index) => ({ [`a${index % 200}`]: 1, b: index }))
    expect(again(many, shapes, many)).toEqual([many, shapes, many])
  })

  test('texts that one slot would have to hold', () => {
    const alike = Array.from(
      { length: 500 },
      (_, index) => `a${'x'.repeat(9)}${index}y${'z'.repeat(9)}`,
    )
    expect(again(alike, alike)).toEqual([alike, alike])
  })
})

describe('numbers written as text', () => {
  const number = new NumberText()
  const tagOf = (text: string) => number.read(text, text.length)
  const numeric = fc.string({ unit: fc.constantFrom('0', '1', '2', '9', '.', '-'), maxLength: 17 })

  test('are written again as they were', () => {
    fc.assert(
      fc.property(fc.oneof(texts, numeric), (text) => {
        if (tagOf(text) === 0) return
        const sign = text.startsWith('-') ? '-' : ''
        expect(sign + numberText(number.digits, number.places)).toBe(text)
      }),
      { numRuns: 5_000 },
    )
  })

  test('are told by one rule', () => {
    fc.assert(
      fc.property(fc.oneof(texts, numeric), (text) => {
        expect(tagOf(text)).toBe(plainTag(text))
      }),
      { numRuns: 5_000 },
    )
  })

  test('no other text is taken for one', () => {
    for (const text of ['12', '0', '1.50', '-0.05', '2.0000']) expect(tagOf(text)).not.toBe(0)
    for (const text of ['', '-', '.', '01', '1.', '.1', '-1', '1 ', '１', '+1', '1.2.3', '00.10']) {
      expect(tagOf(text)).toBe(0)
    }
  })
})

/** By patterns. */
function plainTag(text: string): number {
  if (text.length > NUMBER_TEXT_MAX) return 0
  if (/^(0|[1-9]\d*)$/.test(text)) return TAG.wholeText
  if (/^(0|[1-9]\d*)\.\d\d$/.test(text)) return TAG.yuanText
  if (/^-(0|[1-9]\d*)\.\d\d$/.test(text)) return TAG.negativeYuanText
  return /^(0|[1-9]\d*)\.\d+$/.test(text) ? TAG.decimalText : 0
}

test('the same values give the same bytes, whatever was written before', () => {
  fc.assert(
    fc.property(values, values, (earlier, value) => {
      const writer = new ByteWriter()
      writer.value(earlier)
      writer.restart()
      writer.value(value)
      expect(Buffer.compare(writer.copy(), written(value))).toBe(0)
    }),
  )
})

test('what is no plain data is not written', () => {
  for (const value of [1n, Symbol('a'), () => 1, new Date(), new Set()]) {
    expect(() => written(value)).toThrow(/broken invariant/)
  }
})

test('bytes that were cut or changed give other values or an error, and end', () => {
  fc.assert(
    fc.property(values, fc.nat(), fc.nat(255), (value, at, byte) => {
      const bytes = written(value)
      const changed = bytes.slice(0)
      changed[at % bytes.length] = byte
      for (const some of [bytes.subarray(0, at % bytes.length), changed]) {
        try {
          new ByteReader(some).value()
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }
    }),
    { numRuns: 2_000 },
  )
})
