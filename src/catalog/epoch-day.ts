import { assert } from '../assert.ts'
import type { EpochDay } from './entry.ts'

/** 9999-12-31: an entry without an end. */
export const LAST_EPOCH_DAY: EpochDay = 2_932_896

const DAYS_PER_ERA = 146_097
const EPOCH_OFFSET_DAYS = 719_468

/** Day number of a date written `YYYY-MM-DD` (years 1900–9999); undefined for anything else, 2023-02-29 included. */
export function parseEpochDay(text: string): EpochDay | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (parts === null) return undefined
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (year < 1900 || month < 1 || month > 12 || day < 1) return undefined
  const epochDay = epochDayOf(year, month, day)
  return formatEpochDay(epochDay) === text ? epochDay : undefined
}

export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** `YYYY-MM-DD` of a day number between the years 0 and 9999. */
export function formatEpochDay(epochDay: EpochDay): string {
  const { year, month, day } = civilDate(epochDay)
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`
}

/** Year, month and day of a day number. */
export function civilDate(epochDay: EpochDay): CivilDate {
  assert(Number.isSafeInteger(epochDay), 'an epoch day is a whole number')
  const shifted = epochDay + EPOCH_OFFSET_DAYS
  const era = Math.floor(shifted / DAYS_PER_ERA)
  const dayOfEra = shifted - era * DAYS_PER_ERA
  const leapDays =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const dayOfYear = dayOfEra - daysBeforeYear(yearOfEra)
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/** The proleptic Gregorian calendar in eras of 400 years that begin on 1 March, so that leap days come last. */
function epochDayOf(year: number, month: number, day: number): EpochDay {
  const shiftedYear = month <= 2 ? year - 1 : year
  const era = Math.floor(shiftedYear / 400)
  const shiftedMonth = month > 2 ? month - 3 : month + 9
  const dayOfYear = Math.floor((153 * shiftedMonth + 2) / 5) + day - 1
  const dayOfEra = daysBeforeYear(shiftedYear - era * 400) + dayOfYear
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_OFFSET_DAYS
}

function daysBeforeYear(yearOfEra: number): number {
  return yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
