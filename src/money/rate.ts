import { Decimal } from 'decimal.js'
import { assert } from '../assert.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { unboxed } from './unboxed.ts'

/**
 * An exact rate: `num / den` in lowest terms, both safe integers, `den` > 0. 85 % is 17/20.
 * Negative only where a function says so.
 */
export interface Rate {
  readonly num: number
  readonly den: number
}

const RATE_TEXT_CHARACTERS_MAX = 80
const QUOTED_CHARACTERS_MAX = 40

/** Private settings: every accepted text is held digit for digit whatever other code does to decimal.js. */
const RateDecimal = Decimal.clone({ defaults: true, precision: 4 * RATE_TEXT_CHARACTERS_MAX })

/** `num / den` reduced; throws `InvariantError` unless num ≥ 0 and den > 0 are safe integers. */
export function rate(num: number, den: number): Rate {
  assert(num >= 0, 'a rate is not negative')
  return signedRate(num, den)
}

/** As `rate`, but `num` may be negative. */
export function signedRate(num: number, den: number): Rate {
  assert(Number.isSafeInteger(num), 'the numerator of a rate is a safe integer')
  assert(
    Number.isSafeInteger(den) && den > 0,
    'the denominator of a rate is a positive safe integer',
  )
  const divisor = greatestCommonDivisor(Math.abs(num), den)
  return { num: num / divisor + 0, den: den / divisor }
}

function greatestCommonDivisor(left: number, right: number): number {
  let [larger, smaller] = [left, right]
  while (smaller !== 0) [larger, smaller] = [smaller, larger % smaller]
  return larger
}

/**
 * Reads a non-negative rate: "0.85", "1", "85%", "11.2%" or "2/37". Rates above 1 are read too; whether one is
 * meaningful is for the reader of the pack to say.
 *
 * Refuses with `RATE_MALFORMED`, `RATE_DENOMINATOR_ZERO` or `RATE_OUT_OF_RANGE`.
 */
export function parseRate(text: string): Result<Rate> {
  const details = { text: text.slice(0, QUOTED_CHARACTERS_MAX) }
  if (text.length > RATE_TEXT_CHARACTERS_MAX) return failure(problem('RATE_MALFORMED', '', details))
  const fraction = /^([0-9]+)\/([0-9]+)$/.exec(text)
  if (fraction !== null) {
    const [num, den] = [BigInt(fraction[1] ?? ''), BigInt(fraction[2] ?? '')]
    if (den === 0n) return failure(problem('RATE_DENOMINATOR_ZERO', '', details))
    return reducedRate(num, den, details.text)
  }
  const decimal = /^([0-9]+(?:\.[0-9]+)?)(%?)$/.exec(text)
  if (decimal === null) return failure(problem('RATE_MALFORMED', '', details))
  const value = new RateDecimal(decimal[1] ?? '')
  const scale = 10n ** BigInt(value.decimalPlaces())
  const num = BigInt(value.times(scale.toString()).toFixed())
  return reducedRate(num, decimal[2] === '%' ? scale * 100n : scale, details.text)
}

function reducedRate(num: bigint, den: bigint, text: string): Result<Rate> {
  let [divisor, rest] = [num < 0n ? -num : num, den]
  while (rest !== 0n) [divisor, rest] = [rest, divisor % rest]
  const [reducedNum, reducedDen] = [Number(num / divisor), Number(den / divisor)]
  if (!Number.isSafeInteger(reducedNum) || !Number.isSafeInteger(reducedDen)) {
    return failure(problem('RATE_OUT_OF_RANGE', '', { text }))
  }
  return success({ num: reducedNum, den: reducedDen })
}

/** A percentage when that is finite ("85%", "11.2%"), else the fraction ("2/37"); `parseRate` reads it back. */
export function formatRate(value: Rate): string {
  const places = decimalPlaces(value.den)
  if (places === undefined) return fractionText(value)
  const decimal = (BigInt(value.num) * 10n ** BigInt(places)) / BigInt(value.den)
  return `${new RateDecimal(decimal.toString()).times(`1e${2 - places}`).toFixed()}%`
}

function fractionText(value: Rate): string {
  return `${value.num}/${value.den}`
}

/** Places that `1 / den` has as a decimal; undefined when it never ends. */
function decimalPlaces(den: number): number | undefined {
  let rest = den
  let twos = 0
  let fives = 0
  for (; rest % 2 === 0; rest /= 2) twos += 1
  for (; rest % 5 === 0; rest /= 5) fives += 1
  return rest === 1 ? Math.max(twos, fives) : undefined
}

/**
 * `amount` × `rate` in fen, rounded half away from zero: 0.5 fen becomes 1, −0.5 fen becomes −1.
 * Exact for every safe amount; throws `InvariantError` when the result leaves the safe range.
 */
export function applyRate(amount: number, rate: Rate): number {
  return applyRatio(amount, rate.num, rate.den)
}

/** `amount` × `num` / `den` rounded as `applyRate`; safe integers, `den` > 0, no need to be reduced. */
export function applyRatio(amount: number, num: number, den: number): number {
  assert(Number.isSafeInteger(amount), 'an amount is a safe integer of fen')
  assert(den > 0, 'a denominator is positive')
  const product = Math.abs(amount * num)
  if (product > Number.MAX_SAFE_INTEGER) return applyRatioBeyondSafe(amount, num, den)
  const magnitude = divideRoundingHalfUp(product, den)
  return unboxed(amount < 0 !== num < 0 ? 0 - magnitude : magnitude)
}

/** Both safe integers, `dividend` ≥ 0: the floor of their rounded quotient is exact, and so is the rest. */
function divideRoundingHalfUp(dividend: number, divisor: number): number {
  const quotient = Math.floor(dividend / divisor)
  const rest = dividend - quotient * divisor
  return rest >= divisor - rest ? quotient + 1 : quotient
}

/** Whole denominators first, so that ordinary rates need no bigint even at the edge of the safe range. */
function applyRatioBeyondSafe(amount: number, num: number, den: number): number {
  const magnitude = Math.abs(amount)
  const factor = Math.abs(num)
  const rest = magnitude % den
  const whole = ((magnitude - rest) / den) * factor
  const part = rest * factor
  const result =
    whole <= Number.MAX_SAFE_INTEGER && part <= Number.MAX_SAFE_INTEGER
      ? whole + divideRoundingHalfUp(part, den)
      : divideBeyondSafe(magnitude, factor, den)
  assert(Number.isSafeInteger(result), 'an amount times a rate stays in the safe range')
  return amount < 0 !== num < 0 ? 0 - result : result
}

function divideBeyondSafe(magnitude: number, factor: number, den: number): number {
  const twice = 2n * BigInt(magnitude) * BigInt(factor)
  return Number((twice + BigInt(den)) / (2n * BigInt(den)))
}
