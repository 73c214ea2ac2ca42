import fc from 'fast-check'
import { Decimal } from 'decimal.js'
import { describe, expect, test } from 'vitest'
import { InvariantError } from '../../src/assert.ts'
import { applyRate, rate } from '../../src/money/rate.ts'
import {
  addRational,
  compareRational,
  divideRational,
  maxRational,
  minRational,
  multiplyRational,
  rational,
  roundToFen,
  subtractRational,
  type Rational,
} from '../../src/money/rational.ts'

const OracleDecimal = Decimal.clone({
  defaults: true,
  precision: 200,
  rounding: Decimal.ROUND_HALF_UP,
})
const finite = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 8 }))
  .map(([num, places]) => rational(num, 10n ** BigInt(places)))

function oracle(value: Rational): Decimal {
  return new OracleDecimal(value.num.toString()).div(value.den.toString())
}

describe('rationals', () => {
  test('are reduced with a positive denominator', () => {
    expect(rational(6n, -4n)).toEqual({ num: -3n, den: 2n })
    expect(rational(-6n, -4n)).toEqual({ num: 3n, den: 2n })
    expect(rational(0n, -4n)).toEqual({ num: 0n, den: 1n })
    expect(() => rational(1n, 0n)).toThrow(InvariantError)
  })

  test('add, subtract, multiply, compare, min and max agree with decimal.js', () =>
    fc.assert(
      fc.property(finite, finite, (left, right) => {
        const [a, b] = [oracle(left), oracle(right)]
        expect(oracle(addRational(left, right)).eq(a.plus(b))).toBe(true)
        expect(oracle(subtractRational(left, right)).eq(a.minus(b))).toBe(true)
        expect(oracle(multiplyRational(left, right)).eq(a.times(b))).toBe(true)
        expect(Math.sign(compareRational(left, right))).toBe(a.cmp(b))
        expect(oracle(minRational(left, right)).eq(OracleDecimal.min(a, b))).toBe(true)
        expect(oracle(maxRational(left, right)).eq(OracleDecimal.max(a, b))).toBe(true)
      }),
    ))

  test('dividing and multiplying back gives the same value; zero is refused', () => {
    fc.assert(
      fc.property(
        finite,
        finite.filter((value) => value.num !== 0n),
        (left, right) => {
          const quotient = divideRational(left, right)
          expect(quotient.ok && multiplyRational(quotient.value, right)).toEqual(left)
        },
      ),
    )
    const refused = divideRational(rational(1n), rational(0n))
    expect(refused.ok || refused.problems[0]?.code).toBe('DIVISION_BY_ZERO')
  })
})

describe('roundToFen', () => {
  test.each([
    [1n, 2n, 1],
    [-1n, 2n, -1],
    [-1n, 3n, 0],
    [5n, 2n, 3],
    [-5n, 2n, -3],
    [0n, 1n, 0],
  ])('%d/%d fen is %d', (num, den, expected) => {
    expect(roundToFen(rational(num, den))).toEqual({ ok: true, value: expected })
  })

  test('agrees with decimal.js and refuses what leaves the safe range', () =>
    fc.assert(
      fc.property(finite, (value) => {
        const expected = oracle(value).toDecimalPlaces(0)
        const rounded = roundToFen(value)
        if (expected.abs().lte(Number.MAX_SAFE_INTEGER)) {
          expect(rounded).toEqual({ ok: true, value: expected.toNumber() + 0 })
        } else {
          expect(rounded.ok || rounded.problems[0]?.code).toBe('AMOUNT_OUT_OF_RANGE')
        }
      }),
    ))

  test('a product of amount and rate rounds as applyRate does', () =>
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(1000), (amount, permille) => {
        const value = rate(permille, 1000)
        const product = multiplyRational(
          rational(BigInt(amount)),
          rational(BigInt(value.num), BigInt(value.den)),
        )
        expect(roundToFen(product)).toEqual({ ok: true, value: applyRate(amount, value) })
      }),
    ))
})
