import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unboxed } from '../../src/money/unboxed.ts'

test('a number stays the same, and −0 becomes 0', () => {
  const edges = [0, -0, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, Infinity, 0.5]
  for (const number of edges) expect(unboxed(number)).toBe(number + 0)
  fc.assert(fc.property(fc.double(), (number) => Object.is(unboxed(number), number + 0)))
  fc.assert(fc.property(fc.maxSafeInteger(), (number) => Object.is(unboxed(number), number + 0)))
})
