import { assert } from '../assert.ts'
import { formatEpochDay, parseEpochDay } from '../catalog/epoch-day.ts'

export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Year, month and day of a day number. */
export function civilDate(epochDay: number): CivilDate {
  const text = formatEpochDay(epochDay)
  return {
    year: Number(text.slice(0, 4)),
    month: Number(text.slice(5, 7)),
    day: Number(text.slice(8, 10)),
  }
}

/** Four-digit insurance year that holds the day, for a year that begins on `start`. */
export function insuranceYear(
  epochDay: number,
  start: { readonly month: number; readonly day: number },
): string {
  const date = civilDate(epochDay)
  const begun = date.month > start.month || (date.month === start.month && date.day >= start.day)
  return String(begun ? date.year : date.year - 1).padStart(4, '0')
}

/** First day (`YYYY-MM-DD`) of the block of `years` policy years, counted from `policyStart`, that holds the day. */
export function policyPeriod(epochDay: number, policyStart: number, years: number): string {
  const start = civilDate(policyStart)
  const now = civilDate(epochDay)
  let whole = now.year - start.year
  if (now.month < start.month || (now.month === start.month && now.day < start.day)) whole -= 1
  const block = Math.floor(whole / years) * years
  return anniversary(start, start.year + block)
}

/** 29 February becomes 28 in a year without it. */
function anniversary(start: CivilDate, year: number): string {
  const text = `${pad(year, 4)}-${pad(start.month, 2)}-${pad(start.day, 2)}`
  if (parseEpochDay(text) !== undefined) return text
  assert(start.month === 2 && start.day === 29, 'only 29 February is missing from a year')
  return `${pad(year, 4)}-02-28`
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
