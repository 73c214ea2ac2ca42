import { formatEpochDay } from '../../catalog/epoch-day.ts'
import type { Workbook } from './workbook.ts'
import { XLSX_LIMITS } from './limits.ts'
import { cellRefused } from './xlsx-refused.ts'

/** A cell as its sheet has it. */
export interface RawCell {
  /** Such as C5. */
  readonly place: string
  readonly type: string
  readonly format: number
  readonly value: string
  readonly hasFormula: boolean
}

/** Days from 1899-12-30 and from 1904-01-01 to 1970-01-01. */
const TO_1970 = 25_569
const FROM_1904_TO_1970 = 24_107
/** Before 1900-03-01 Excel counts a day that never was. */
const FIRST_SURE_DAY = 61
const LAST_DAY = 2_958_465
/** A spreadsheet keeps 15 digits of a number and turns the others into zeros. */
const EXACT_DIGITS = 15

/** The text of a cell as a CSV file would have it. Throws `XlsxRefused` for what has no such text. */
export function cellText(cell: RawCell, workbook: Workbook): string {
  const { place, type, value, hasFormula } = cell
  if (hasFormula) throw cellRefused(place, 'formula')
  switch (type) {
    case 's': {
      const text = /^\d+$/.test(value) ? workbook.sharedTexts[Number(value)] : undefined
      if (text === undefined) throw cellRefused(place, 'shared text?')
      return plainText(place, text)
    }
    case 'inlineStr':
    case 'str':
      return plainText(place, value)
    case 'b':
      return value === '' ? '' : value === '1' ? 'true' : 'false'
    case 'd':
      return plainText(place, value.replace(/T00:00:00(\.0+)?Z?$/, ''))
    case 'n':
      return value === '' ? '' : numberText(cell, workbook)
    default:
      throw cellRefused(place, type === 'e' ? value.slice(0, 20) : 'type?')
  }
}

function plainText(place: string, text: string): string {
  if (text.length > XLSX_LIMITS.cellCharacters) throw cellRefused(place, 'length')
  // Rows are counted by line: what is below would be said to stand elsewhere.
  if (/[\r\n]/.test(text)) throw cellRefused(place, 'line end')
  return text
}

function numberText({ place, value, format }: RawCell, workbook: Workbook): string {
  const number = /^-?[\d.]+(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN
  if (!Number.isFinite(number)) throw cellRefused(place, 'number?')
  if (workbook.isDate[format] === true) return dayText(place, number, workbook.from1904)
  const text = String(number)
  // Above it the number was once another one: a long id that was typed as a number.
  if (/e/i.test(text) || Math.abs(number) >= 10 ** EXACT_DIGITS) {
    throw cellRefused(place, `${EXACT_DIGITS} digits`)
  }
  return Number.isInteger(number) ? text : String(Number(number.toPrecision(EXACT_DIGITS)))
}

function dayText(place: string, serial: number, from1904: boolean): string {
  const first = from1904 ? 0 : FIRST_SURE_DAY
  if (!Number.isInteger(serial) || serial < first || serial > LAST_DAY) {
    throw cellRefused(place, 'date?')
  }
  return formatEpochDay(serial - (from1904 ? FROM_1904_TO_1970 : TO_1970))
}
