import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../src/assert.ts'
import { allocateByLargestRemainder, allocateInto } from '../../src/money/allocate.ts'

/** The definition, in exact integers: floors, then one more for the largest remainders, earlier index first. */
function allocateBySorting(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, weight) => left + BigInt(weight), 0n)
  if (total === 0) return weights.map(() => 0)
  const cells = weights.map((weight, index) => ({
    index,
    share: (BigInt(total) * BigInt(weight)) / sum,
    remainder: (BigInt(total) * BigInt(weight)) % sum,
  }))
  const left = BigInt(total) - cells.reduce((floors, cell) => floors + cell.share, 0n)
  const ranked = cells.toSorted((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  )
  for (const cell of ranked.slice(0, Number(left))) cell.share += 1n
  return cells.map((cell) => Number(cell.share))
}

const smallWeights = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 80 })
const billWeights = fc.array(fc.integer({ min: 0, max: 300_000_000 }), {
  minLength: 1,
  maxLength: 120,
})
const vastWeights = fc.array(
  fc.maxSafeNat().map((weight) => Math.floor(weight / 64)),
  {
    minLength: 1,
    maxLength: 64,
  },
)
const allocation = fc
  .tuple(fc.oneof(smallWeights, billWeights, vastWeights), fc.maxSafeNat(), fc.boolean())
  .filter(([weights]) => weights.some((weight) => weight > 0))
  .map(([weights, seed, within]) => {
    const sum = weights.reduce((left, weight) => left + weight, 0)
    return { weights, sum, total: within ? seed % (sum + 1) : seed }
  })

describe('allocateByLargestRemainder', () => {
  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [101, [1, 1, 1], [34, 34, 33]],
    [1, [0, 5, 5], [0, 1, 0]],
    [0, [0, 0], [0, 0]],
    [7, [3, 4], [3, 4]],
    [5, [1, 2, 3, 4], [1, 1, 1, 2]],
    [10, [0, 1], [0, 10]],
    [0, [], []],
  ])('%d over %j is %j', (total, weights, expected) => {
    expect(allocateByLargestRemainder(total, weights)).toEqual(expected)
  })

  test('is the definition, whatever the size of total and weights', () =>
    fc.assert(
      fc.property(allocation, ({ total, weights }) => {
        expect(allocateByLargestRemainder(total, weights)).toEqual(
          allocateBySorting(total, weights),
        )
      }),
      { numRuns: 1000 },
    ))

  test('shares add up, are within one fen of exact and stay within their weight', () =>
    fc.assert(
      fc.property(allocation, ({ total, weights, sum }) => {
        const shares = allocateByLargestRemainder(total, weights)
        expect(shares.reduce((left, share) => left + BigInt(share), 0n)).toBe(BigInt(total))
        for (const [index, share] of shares.entries()) {
          const weight = weights[index] ?? 0
          const error = BigInt(share) * BigInt(sum) - BigInt(total) * BigInt(weight)
          expect(error < BigInt(sum) && error > -BigInt(sum)).toBe(true)
          if (total <= sum) expect(share).toBeLessThanOrEqual(weight)
          if (weight === 0) expect(share).toBe(0)
        }
      }),
      { numRuns: 1000 },
    ))

  test('one bill of 949,000 yuan and more keeps exact where products leave 2^53', () => {
    const weights = [94_906_267, 94_906_266, 94_906_265]
    expect(allocateByLargestRemainder(94_906_267, weights)).toEqual(
      allocateBySorting(94_906_267, weights),
    )
  })

  test.each([
    [-1, [1]],
    [0.5, [1]],
    [1, []],
    [1, [0, 0]],
    [1, [-1, 2]],
    [1, [0.5, 0.5]],
    [1, [Number.MAX_SAFE_INTEGER, 1]],
  ])('%d over %j is no allocation', (total, weights) => {
    expect(() => allocateByLargestRemainder(total, weights)).toThrow(InvariantError)
  })
})

describe('allocateInto', () => {
  test('looks at the first cells only and may write over its weights', () => {
    const weights = Float64Array.of(1, 1, 1, 77)
    allocateInto(100, weights, 3, weights)
    expect([...weights]).toEqual([34, 33, 33, 77])
  })

  test('carries nothing from one call to the next', () =>
    fc.assert(
      fc.property(allocation, allocation, (first, second) => {
        const out = new Float64Array(second.weights.length)
        allocateByLargestRemainder(first.total, first.weights)
        allocateInto(second.total, Float64Array.from(second.weights), out.length, out)
        expect([...out]).toEqual(allocateBySorting(second.total, second.weights))
      }),
    ))

  test('140,000 equal cells: ties go to the earlier ones', () => {
    const count = 140_000
    const out = new Float64Array(count)
    allocateInto(count + 70_001, new Float64Array(count).fill(3), count, out)
    expect(out.subarray(0, 70_001).every((share) => share === 2)).toBe(true)
    expect(out.subarray(70_001).every((share) => share === 1)).toBe(true)
  })
})
