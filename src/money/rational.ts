import { assert } from '../assert.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { fen, type Fen } from './fen.ts'

/**
 * An exact value inside a formula: `num / den` in lowest terms, `den` > 0. An amount of money is in fen.
 * Rounded once, at the end of the formula, by `roundToFen`.
 */
export interface Rational {
  readonly num: bigint
  readonly den: bigint
}

/** `num / den` reduced; throws `InvariantError` when `den` is zero. */
export function rational(num: bigint, den = 1n): Rational {
  assert(den !== 0n, 'the denominator of a rational is not zero')
  let [divisor, rest] = [num, den]
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest]
  if (divisor < 0n !== den < 0n) divisor = -divisor
  return { num: num / divisor, den: den / divisor }
}

/**
 * Exact sum that is not reduced: to reduce a long sum of unlike fractions at every step takes a hundred times as long. `rational` reduces
 * the last; `roundToFen` takes it as it is.
 */
export function addUnreduced(left: Rational, right: Rational): Rational {
  if (left.den === right.den) return { num: left.num + right.num, den: left.den }
  return { num: left.num * right.den + right.num * left.den, den: left.den * right.den }
}

/** Exact sum. */
export function addRational(left: Rational, right: Rational): Rational {
  return rational(left.num * right.den + right.num * left.den, left.den * right.den)
}

/** Exact difference. */
export function subtractRational(left: Rational, right: Rational): Rational {
  return rational(left.num * right.den - right.num * left.den, left.den * right.den)
}

/** Exact product. */
export function multiplyRational(left: Rational, right: Rational): Rational {
  return rational(left.num * right.num, left.den * right.den)
}

/** Exact quotient; `DIVISION_BY_ZERO` when `right` is zero. */
export function divideRational(left: Rational, right: Rational): Result<Rational> {
  if (right.num === 0n) return failure(problem('DIVISION_BY_ZERO', ''))
  return success(rational(left.num * right.den, left.den * right.num))
}

/** Exact order: negative, zero or positive as `left` is less than, equal to or greater than `right`. */
export function compareRational(left: Rational, right: Rational): number {
  const [a, b] = [left.num * right.den, right.num * left.den]
  return a < b ? -1 : Number(a > b)
}

/** The smaller one. */
export function minRational(left: Rational, right: Rational): Rational {
  return compareRational(left, right) <= 0 ? left : right
}

/** The larger one. */
export function maxRational(left: Rational, right: Rational): Rational {
  return compareRational(left, right) >= 0 ? left : right
}

/** `value` fen, reduced or not, rounded half away from zero; `AMOUNT_OUT_OF_RANGE` past the safe range. */
export function roundToFen(value: Rational): Result<Fen> {
  const magnitude = value.num < 0n ? -value.num : value.num
  const rounded = Number((2n * magnitude + value.den) / (2n * value.den))
  if (!Number.isSafeInteger(rounded)) {
    return failure(problem('AMOUNT_OUT_OF_RANGE', '', { text: `${value.num}/${value.den} fen` }))
  }
  return success(fen(value.num < 0n ? 0 - rounded : rounded))
}
