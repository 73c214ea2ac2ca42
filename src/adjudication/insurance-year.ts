import { civilDate, formatEpochDay, parseEpochDay, type CivilDate } from '../catalog/epoch-day.ts'

/** `YYYY-MM` */
export function monthText(epochDay: number): string {
  return formatEpochDay(epochDay).slice(0, 7)
}

/** Four-digit insurance year that holds the day, for a year that begins on `start`. */
export function insuranceYear(
  epochDay: number,
  start: { readonly month: number; readonly day: number },
): string {
  const date = civilDate(epochDay)
  const begun = date.month > start.month || (date.month === start.month && date.day >= start.day)
  const year = begun ? date.year : date.year - 1
  return year > 999 ? String(year) : pad(year, 4)
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
  if (start.month !== 2 || start.day !== 29) return text
  return parseEpochDay(text) === undefined ? `${pad(year, 4)}-02-28` : text
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
