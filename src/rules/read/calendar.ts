const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const
const DAYS_BEFORE_1970 = daysBeforeYear(1970)

/** Days since 1970-01-01 of a date written `YYYY-MM-DD` (years 1900–9999); undefined for anything else. */
export function readEpochDay(text: string): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (parts === null) return undefined
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (year < 1900 || month < 1 || month > 12) return undefined
  if (day < 1 || day > daysInMonth(year, month)) return undefined
  const leapDay = month > 2 && isLeapYear(year) ? 1 : 0
  const daysBefore = DAYS_BEFORE_MONTH[month - 1] ?? 0
  return daysBeforeYear(year) + daysBefore + leapDay + day - 1 - DAYS_BEFORE_1970
}

/** Month and day written `MM-DD`, of a day that every year has; undefined for anything else. */
export function readMonthDay(text: string): { month: number; day: number } | undefined {
  const parts = /^(\d{2})-(\d{2})$/.exec(text)
  if (parts === null) return undefined
  const [month, day] = [Number(parts[1]), Number(parts[2])]
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(2023, month)
  return exists ? { month, day } : undefined
}

function daysBeforeYear(year: number): number {
  const years = year - 1
  return years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
