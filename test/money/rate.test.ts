import fc from 'fast-check'
import { Decimal } from 'decimal.js'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../src/assert.ts'
import {
  applyRate,
  applyRatio,
  formatRate,
  parseRate,
  rate,
  signedRate,
  type Rate,
} from '../../src/money/rate.ts'

/** ROUND_HALF_UP of decimal.js is half away from zero. */
const OracleDecimal = Decimal.clone({
  defaults: true,
  precision: 200,
  rounding: Decimal.ROUND_HALF_UP,
})

/** Everyday amounts, amounts around 949,000 yuan where products leave 2^53, and the edge of the safe range. */
const anyAmount = fc.oneof(
  fc.integer({ min: -100_000, max: 100_000 }),
  fc.integer({ min: 94_800_000, max: 95_000_000 }),
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 1000 }).map((below) => Number.MAX_SAFE_INTEGER - below),
)
const policyRate = fc
  .tuple(fc.constantFrom(10, 37, 100, 1000, 10_000, 1_000_000, 94_906_267), fc.nat())
  .map(([den, num]) => rate(num % (den + 1), den))
const hugeRate = fc
  .tuple(
    fc.maxSafeNat(),
    fc.maxSafeNat().filter((den) => den > 0),
  )
  .map(([left, right]) => rate(Math.min(left, right), Math.max(left, right)))
const unitRate = fc.oneof(policyRate, hugeRate)

function oracleRate(value: Rate): Decimal {
  return new OracleDecimal(value.num).div(value.den)
}

function exactProduct(amount: number, num: number, den: number): bigint {
  const twice = 2n * BigInt(amount) * BigInt(num)
  const magnitude = twice < 0n ? -twice : twice
  const rounded = (magnitude + BigInt(den)) / (2n * BigInt(den))
  return twice < 0n ? -rounded : rounded
}

describe('parseRate', () => {
  test.each([
    ['0.85', 17, 20],
    ['85%', 17, 20],
    ['11.2%', 14, 125],
    ['2/37', 2, 37],
    ['4/74', 2, 37],
    ['1', 1, 1],
    ['0', 0, 1],
    ['0%', 0, 1],
    ['0/5', 0, 1],
    ['100%', 1, 1],
    ['1.50', 3, 2],
    ['0.000000000000001', 1, 1_000_000_000_000_000],
  ])('%s is %d/%d', (text, num, den) => {
    expect(parseRate(text)).toEqual({ ok: true, value: { num, den } })
  })

  test.each([
    ['', 'RATE_MALFORMED'],
    ['-0.5', 'RATE_MALFORMED'],
    ['.5', 'RATE_MALFORMED'],
    ['5e-1', 'RATE_MALFORMED'],
    ['85 %', 'RATE_MALFORMED'],
    ['85\uff05', 'RATE_MALFORMED'],
    ['8折', 'RATE_MALFORMED'],
    ['1/2/3', 'RATE_MALFORMED'],
    ['1/2%', 'RATE_MALFORMED'],
    ['0x1', 'RATE_MALFORMED'],
    [`0.${'0'.repeat(100)}`, 'RATE_MALFORMED'],
    ['1/0', 'RATE_DENOMINATOR_ZERO'],
    ['0/0', 'RATE_DENOMINATOR_ZERO'],
    ['0.12345678901234567', 'RATE_OUT_OF_RANGE'],
    ['9007199254740992', 'RATE_OUT_OF_RANGE'],
    ['1/9007199254740993', 'RATE_OUT_OF_RANGE'],
  ])('%j is refused with %s', (text, code) => {
    const parsed = parseRate(text)
    expect(parsed.ok ? parsed.value : parsed.problems.map((item) => item.code)).toEqual([code])
  })

  test('agrees with decimal.js on decimals and percentages', () =>
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9]{1,3}\.[0-9]{1,10}$/),
        fc.constantFrom('', '%'),
        (digits, percent) => {
          const parsed = parseRate(digits + percent)
          const exact = new OracleDecimal(digits).div(percent === '%' ? 100 : 1)
          expect(parsed.ok && exact.times(parsed.value.den).eq(parsed.value.num)).toBe(true)
        },
      ),
    ))

  test('reads back what formatRate writes', () => {
    expect(formatRate(rate(17, 20))).toBe('85%')
    expect(formatRate(rate(14, 125))).toBe('11.2%')
    expect(formatRate(rate(1, 1))).toBe('100%')
    expect(formatRate(rate(0, 7))).toBe('0%')
    expect(formatRate(rate(2, 37))).toBe('2/37')
    expect(formatRate(signedRate(-1, 8))).toBe('-12.5%')
    fc.assert(
      fc.property(
        fc.oneof(
          unitRate,
          fc.nat(52).map((e) => rate(1, 2 ** e)),
        ),
        (value) => {
          expect(parseRate(formatRate(value))).toEqual({ ok: true, value })
        },
      ),
    )
  })
})

test('what is no rate is an invariant, not a number', () => {
  expect(() => rate(-1, 2)).toThrow(InvariantError)
  expect(() => rate(1, 0)).toThrow(InvariantError)
  expect(() => rate(0.5, 1)).toThrow(InvariantError)
})

describe('applyRate', () => {
  test.each([
    [1, 1, 2, 1],
    [-1, 1, 2, -1],
    [3, 1, 2, 2],
    [10, 1, 4, 3],
    [-10, 1, 4, -3],
    [9, 1, 4, 2],
    [-1, 1, 3, 0],
    [0, 17, 20, 0],
    [94_906_267, 94_906_265, 94_906_267, 94_906_265],
    [Number.MAX_SAFE_INTEGER, 1, 1, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, 1, 2, 4_503_599_627_370_496],
  ])('%d fen × %d/%d is %d fen', (amount, num, den, expected) => {
    expect(applyRate(amount, rate(num, den))).toBe(expected)
  })

  test('agrees with decimal.js, half away from zero', () =>
    fc.assert(
      fc.property(anyAmount, policyRate, (amount, value) => {
        const exact = oracleRate(value).times(amount)
        const expected = exact.toDecimalPlaces(0).toNumber() + 0
        expect(applyRate(amount, value)).toBe(expected)
      }),
      { numRuns: 2000 },
    ))

  test('agrees with integer arithmetic for any safe numerator and denominator', () =>
    fc.assert(
      fc.property(anyAmount, unitRate, fc.boolean(), (amount, value, negative) => {
        const num = negative ? -value.num : value.num
        expect(applyRatio(amount, num, value.den)).toBe(
          Number(exactProduct(amount, num, value.den)),
        )
      }),
      { numRuns: 2000 },
    ))

  test('exact ties go away from zero on both sides of the range', () =>
    fc.assert(
      fc.property(fc.nat(2 ** 51), (half) => {
        const odd = 2 * half + 1
        expect(applyRatio(odd, 1, 2)).toBe(half + 1)
        expect(applyRatio(-odd, 1, 2)).toBe(-half - 1)
        expect(applyRatio(odd, 50, 100)).toBe(half + 1)
      }),
    ))

  test('a result past the safe range is refused', () => {
    expect(() => applyRate(Number.MAX_SAFE_INTEGER, rate(2, 1))).toThrow(InvariantError)
    expect(() => applyRate(0.5, rate(1, 1))).toThrow(InvariantError)
  })
})
