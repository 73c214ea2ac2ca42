import { expect, test } from 'vitest'
import { decode, encode } from '../../src/protocol/codec.ts'
import { transferable } from '../../src/workers/transferable.ts'

test('objects of many shapes are read as they were, and later encoding leaves the copy alone', () => {
  const values = Array.from({ length: 400 }, (_, index) => ({
    [`member${index}`]: { text: String(index), [`deep${index % 90}`]: [index, -1 - index, true] },
    same: index,
  }))
  const copies = [values, values.toReversed()].map((value) => transferable(encode(value)))
  encode('x'.repeat(50_000))
  expect(copies.map((copy) => decode(Buffer.from(copy)))).toEqual([values, values.toReversed()])
})
