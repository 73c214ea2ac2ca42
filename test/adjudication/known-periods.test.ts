import fc from 'fast-check'
import { expect, test } from 'vitest'
import { insuranceYear, policyPeriod } from '../../src/adjudication/insurance-year.ts'
import { KnownPeriods } from '../../src/adjudication/known-periods.ts'

test('a period that is kept is the one written anew, whatever was asked before', () => {
  const yearStart = { month: 4, day: 1 }
  const known = new KnownPeriods(yearStart)
  // Few days, and some that share their places, so that periods are found, given up and asked for again.
  const day = fc.oneof(
    fc.integer({ min: 19_990, max: 20_010 }),
    fc.integer({ min: 0, max: 40_000 }),
  )
  const years = fc.integer({ min: 1, max: 3 })
  fc.assert(
    fc.property(day, day, years, (now, start, count) => {
      const year = insuranceYear(now, yearStart)
      const period = policyPeriod(now, start, count)
      for (let times = 0; times < 2; times += 1) {
        expect(known.year(now)).toMatchObject({ text: year, ending: `${year}|` })
        expect(known.policyPeriod(now, start, count)).toMatchObject({
          text: period,
          ending: `${period}|`,
        })
      }
    }),
    { numRuns: 2_000 },
  )
})
