import { readEpochDay } from '../read/calendar.ts'

/** `YYYY-MM-DD` of a day between the years 1900 and 9999. */
export function dayText(day: number): string {
  const guess = 1970 + Math.floor(day / 365.2425)
  const year = (readEpochDay(`${guess + 1}-01-01`) ?? Infinity) <= day ? guess + 1 : guess
  const from = (readEpochDay(`${year}-01-01`) ?? Infinity) <= day ? year : year - 1
  const months = Array.from({ length: 12 }, (_, index) => `${from}-${padded(index + 1)}`)
  const month = months.findLast((text) => (readEpochDay(`${text}-01`) ?? Infinity) <= day)
  const first = month === undefined ? undefined : readEpochDay(`${month}-01`)
  return month === undefined || first === undefined ? '' : `${month}-${padded(day - first + 1)}`
}

function padded(value: number): string {
  return String(value).padStart(2, '0')
}
