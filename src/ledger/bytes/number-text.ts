import { unitAt } from '../../text-units.ts'
import { NUMBER_TEXT_MAX, TAG } from './tags.ts'

const ZERO = 0x30
const NINE = 0x39
const POINT = 0x2e
const MINUS = 0x2d
/** Places of yuan. */
const YUAN_PLACES = 2
const NOTHING = 0

/**
 * How a text is kept as a number. Amounts and counts of bills are texts; as numbers they take half the bytes. Read in one pass; what
 * was read stands here until the next.
 */
export class NumberText {
  /** All its digits as one number. */
  digits = 0
  /** Digits behind the point. */
  places = 0

  /** A tag, or 0 when it is no number written as `numberText` would write it. `length`: of the text. */
  read(text: string, length: number): number {
    if (length === 0 || length > NUMBER_TEXT_MAX) return NOTHING
    const first = unitAt(text, 0)
    if (first > NINE) return NOTHING
    const isNegative = first === MINUS
    const start = isNegative ? 1 : 0
    let point = -1
    let digits = 0
    for (let index = start; index < length; index += 1) {
      const unit = unitAt(text, index)
      if (unit >= ZERO && unit <= NINE) digits = digits * 10 + (unit - ZERO)
      else if (unit === POINT && point < 0) point = index
      else return NOTHING
    }
    this.digits = digits
    this.places = point < 0 ? 0 : length - point - 1
    const whole = (point < 0 ? length : point) - start
    if (whole === 0 || (whole > 1 && unitAt(text, start) === ZERO)) return NOTHING
    if (point < 0) return isNegative ? NOTHING : TAG.wholeText
    if (this.places === YUAN_PLACES) return isNegative ? TAG.negativeYuanText : TAG.yuanText
    return isNegative || this.places === 0 ? NOTHING : TAG.decimalText
  }
}

/** The inverse: the text with `places` digits behind the point. */
export function numberText(value: number, places: number): string {
  const digits = String(value)
  if (places === 0) return digits
  const padded = digits.length > places ? digits : digits.padStart(places + 1, '0')
  const point = padded.length - places
  return `${padded.slice(0, point)}.${padded.slice(point)}`
}
