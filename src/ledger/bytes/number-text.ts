import { NUMBER_TEXT_MAX, TAG } from './tags.ts'

const ZERO = 0x30
const NINE = 0x39
const POINT = 0x2e
const MINUS = 0x2d
/** Places of yuan. */
const YUAN_PLACES = 2
const NOTHING = 0

/**
 * How a text is kept as a number: a tag, or 0 when it is no number written as `numberText` would write it. Amounts and counts of
 * bills are texts; as numbers they take half the bytes.
 */
export function numberTag(text: string): number {
  const { length } = text
  if (length > NUMBER_TEXT_MAX) return NOTHING
  const isNegative = text.charCodeAt(0) === MINUS
  const start = isNegative ? 1 : 0
  let point = -1
  for (let index = start; index < length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit >= ZERO && unit <= NINE) continue
    if (unit !== POINT || point >= 0) return NOTHING
    point = index
  }
  const digits = (point < 0 ? length : point) - start
  if (digits === 0 || (digits > 1 && text.charCodeAt(start) === ZERO)) return NOTHING
  if (point < 0) return isNegative ? NOTHING : TAG.wholeText
  const places = length - point - 1
  if (places === YUAN_PLACES) return isNegative ? TAG.negativeYuanText : TAG.yuanText
  return isNegative || places === 0 ? NOTHING : TAG.decimalText
}

/** The digits of a text that has a tag. */
export function digitsOf(text: string): number {
  let value = 0
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit >= ZERO) value = value * 10 + (unit - ZERO)
  }
  return value
}

/** Digits behind the point. */
export function placesOf(text: string): number {
  return text.length - text.indexOf('.') - 1
}

/** The inverse: the text with `places` digits behind the point. */
export function numberText(value: number, places: number): string {
  const digits = String(value)
  if (places === 0) return digits
  const padded = digits.length > places ? digits : digits.padStart(places + 1, '0')
  const point = padded.length - places
  return `${padded.slice(0, point)}.${padded.slice(point)}`
}
