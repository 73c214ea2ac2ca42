import { assert } from '../assert.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { unboxed } from './unboxed.ts'

declare const unit: unique symbol

/**
 * An amount of money in whole fen (1/100 yuan), a safe integer: |amount| ≤ 9,007,199,254,740,991 fen.
 * Never −0, so equal amounts are the same value and print the same bytes.
 */
export type Fen = number & { readonly [unit]: 'fen' }

export const ZERO_FEN: Fen = fen(0)

/** Longest text looked at; more is refused before any arithmetic. */
const AMOUNT_TEXT_CHARACTERS_MAX = 64
/** How much of a refused text is repeated in the problem. */
const QUOTED_CHARACTERS_MAX = 40

/** `amount` as fen; throws `InvariantError` unless it is a safe integer. */
export function fen(amount: number): Fen {
  assertFen(amount)
  return unboxed(amount) as Fen
}

function assertFen(amount: number): asserts amount is Fen {
  assert(Number.isSafeInteger(amount), 'an amount is a safe integer of fen')
}

/** Exact sum; throws `InvariantError` when it leaves the safe range. */
export function addFen(left: Fen, right: Fen): Fen {
  return fen(left + right)
}

/** Exact difference, possibly negative; throws `InvariantError` when it leaves the safe range. */
export function subtractFen(left: Fen, right: Fen): Fen {
  return fen(left - right)
}

/** Exact sum of `amounts`, zero for none; throws `InvariantError` when a partial sum leaves the safe range. */
export function sumFen(amounts: readonly Fen[]): Fen {
  let sum = ZERO_FEN
  for (const amount of amounts) sum = addFen(sum, amount)
  return sum
}

/**
 * Reads yuan such as "1234.50", "-3" or "0.5"; places beyond the second must be zeros.
 *
 * Refuses separators, exponents, a plus sign, spaces and full-width digits (`AMOUNT_MALFORMED`), parts of a fen
 * (`AMOUNT_NOT_WHOLE_FEN`) and amounts past the safe range (`AMOUNT_OUT_OF_RANGE`). Nothing is rounded.
 */
export function parseYuan(text: string): Result<Fen> {
  const details = { text: text.slice(0, QUOTED_CHARACTERS_MAX) }
  const parts =
    text.length > AMOUNT_TEXT_CHARACTERS_MAX
      ? null
      : /^(-?)([0-9]+)(?:\.([0-9]{1,2})([0-9]*))?$/.exec(text)
  if (parts === null) return failure(problem('AMOUNT_MALFORMED', '', details))
  const [, sign, yuan, hundredths = '', beyond = ''] = parts
  if (/[1-9]/.test(beyond)) return failure(problem('AMOUNT_NOT_WHOLE_FEN', '', details))
  // Past 2^53 each step may round, but never back into the safe range.
  const magnitude = Number(yuan) * 100 + Number(hundredths.padEnd(2, '0'))
  if (!Number.isSafeInteger(magnitude)) return failure(problem('AMOUNT_OUT_OF_RANGE', '', details))
  return success(fen(sign === '-' ? 0 - magnitude : magnitude))
}

/** Yuan with two places and no separators: "-1234.50". `parseYuan` reads it back to the same amount. */
export function formatYuan(amount: Fen): string {
  const magnitude = Math.abs(amount)
  const hundredths = magnitude % 100
  const yuan = (magnitude - hundredths) / 100
  const text = hundredths < 10 ? `${yuan}.0${hundredths}` : `${yuan}.${hundredths}`
  return amount < 0 ? `-${text}` : text
}

/** Yuan with two places and a comma before every third digit, for people: "-1,234.50". */
export function formatYuanGrouped(amount: Fen): string {
  return formatYuan(amount).replace(/\B(?=(?:[0-9]{3})+\.)/g, ',')
}
