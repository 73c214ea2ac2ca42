/** 0000-03-01 lies this many days before 1970-01-01. */
const DAYS_FROM_MARCH_ZERO = 719_468
const DAYS_IN_400_YEARS = 146_097
/** Days from 1 March to 31 December. */
const DAYS_MARCH_TO_DECEMBER = 306

/** Calendar year of a day counted from 1970-01-01, years 0 to 9999; allocates nothing, it runs once a line. */
export function yearOfEpochDay(epochDay: number): number {
  const day = epochDay + DAYS_FROM_MARCH_ZERO
  const era = Math.floor(day / DAYS_IN_400_YEARS)
  const dayOfEra = day - era * DAYS_IN_400_YEARS
  const leapDays =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365)
  const firstDay = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  const year = era * 400 + yearOfEra
  return dayOfEra - firstDay >= DAYS_MARCH_TO_DECEMBER ? year + 1 : year
}
