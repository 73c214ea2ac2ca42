import { fen, type Fen } from '../money/fen.ts'
import { cleanText } from './findings.ts'
import { LIMITS } from './limits.ts'
import { forbiddenCharacter } from './scalars.ts'

/*
 * Readers of values as nearly every bill writes them, character by character, for `readPlainBill`. Undefined: not written so,
 * which says nothing of whether it is right; what they give is what the readers of `scalars.ts` give.
 */

/** Characters of a plain amount or quantity: its digits are exact before they are scaled. */
const NUMBER_CHARACTERS_MAX = 15
const [ZERO, POINT, MINUS, SPACE] = [48, 46, 45, 32]

/** Yuan with at most two places. */
export function plainYuan(value: unknown): Fen | undefined {
  const amount = plainScaled(value, 2)
  return amount === undefined ? undefined : fen(amount)
}

/** As `plainYuan`, undefined below zero. */
export function plainYuanNotNegative(value: unknown): Fen | undefined {
  const amount = plainYuan(value)
  return amount !== undefined && amount >= 0 ? amount : undefined
}

/** A decimal with at most `places` places, in units of the last of them. */
export function plainScaled(value: unknown, places: number): number | undefined {
  if (typeof value !== 'string' || value.length > NUMBER_CHARACTERS_MAX) return undefined
  const first = value.charCodeAt(0) === MINUS ? 1 : 0
  let number = 0
  let point = value.length
  for (let at = first; at < value.length; at += 1) {
    const code = value.charCodeAt(at)
    if (code >= ZERO && code <= ZERO + 9) number = number * 10 + (code - ZERO)
    else if (code === POINT && point === value.length) point = at
    else return undefined
  }
  const decimals = value.length - point - 1
  // Neither ".5" nor "5.": a point stands between digits.
  if (point === first || decimals === 0 || decimals > places) return undefined
  for (let missing = places - Math.max(decimals, 0); missing > 0; missing -= 1) number *= 10
  if (!Number.isSafeInteger(number)) return undefined
  return first === 1 ? 0 - number : number
}

/** A whole number from 0 to `LIMITS.wholeNumber`; the register has them as numbers. */
export function plainWhole(value: unknown): number | undefined {
  if (typeof value === 'string' && value.startsWith('-')) return undefined
  const number = typeof value === 'number' ? value : plainScaled(value, 0)
  if (number === undefined || !Number.isInteger(number)) return undefined
  // Never −0.
  return number >= 0 && number <= LIMITS.wholeNumber ? number + 0 : undefined
}

/** A code or id. */
export function plainCode(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  if (value.length > LIMITS.codeCharacters) return undefined
  return isCommonText(value) || forbiddenCharacter(value) === undefined ? value : undefined
}

/** A name for people, as `nameAt` cleans it. */
export function plainName(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const isClean =
    value.length <= LIMITS.nameCharacters &&
    isCommonText(value) &&
    value.charCodeAt(0) !== SPACE &&
    value.charCodeAt(value.length - 1) !== SPACE
  return isClean ? value : cleanText(value)
}

/** Printable ASCII but for `|`, and the Chinese characters that bills are written in: nothing forbidden in a code or name. */
function isCommonText(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const isCommon =
      (code >= 0x20 && code <= 0x7e && code !== 0x7c) || (code >= 0x4e00 && code <= 0x9fff)
    if (!isCommon) return false
  }
  return true
}

/** A list of codes. */
export function plainCodes(value: unknown, max: number): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > max) return undefined
  if (value.length === 0) return []
  for (const entry of value as readonly unknown[]) {
    if (plainCode(entry) === undefined) return undefined
  }
  // A plain code is read as it is written.
  return [...(value as readonly string[])]
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
/** Days of a common year before each month. */
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const
/** Of the years 0 to 1969. */
const DAYS_BEFORE_1970 = 719_528

/** `YYYY-MM-DD`, or `YYYY-MM-DD HH:mm:ss`, as days since 1970-01-01. */
export function plainDay(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  if (value.length !== 10 && !(value.length === 19 && isTime(value))) return undefined
  if (value.charCodeAt(4) !== MINUS || value.charCodeAt(7) !== MINUS) return undefined
  const year = twoDigits(value, 0) * 100 + twoDigits(value, 2)
  const [month, day] = [twoDigits(value, 5), twoDigits(value, 8)]
  // NaN where a digit is none, and then every comparison is false.
  if (!(year >= 1900 && month >= 1 && month <= 12 && day >= 1)) return undefined
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const length = (MONTH_LENGTHS[month - 1] ?? 0) + (isLeap && month === 2 ? 1 : 0)
  if (day > length) return undefined
  const before = year - 1
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) + 1
  const ofYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + (isLeap && month > 2 ? 1 : 0) + day - 1
  return year * 365 + leapDays + ofYear - DAYS_BEFORE_1970
}

function isTime(text: string): boolean {
  if (text.charCodeAt(10) !== 0x20) return false
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return false
  return twoDigits(text, 11) <= 23 && twoDigits(text, 14) <= 59 && twoDigits(text, 17) <= 59
}

/** NaN unless both are digits. */
function twoDigits(text: string, at: number): number {
  const [tens, units] = [text.charCodeAt(at) - ZERO, text.charCodeAt(at + 1) - ZERO]
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN
}
