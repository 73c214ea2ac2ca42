import type { FactSheet } from '../rules/facts.ts'
import type { Profile } from '../rules/profile.ts'
import type { Bill } from './bill.ts'
import type { CounterBook } from './counter-book.ts'
import type { CounterKeys } from './counter-keys.ts'
import { isInpatient } from './select-layers.ts'

/**
 * The visit with `admissionNo` filled in where it was not stated: the number the stay already has, else one more than the person's
 * admissions of the year. The settlement that opens a stay counts it.
 */
export function visitWithAdmission(
  bill: Bill,
  person: FactSheet,
  profile: Profile,
  book: CounterBook,
  keys: CounterKeys,
): FactSheet {
  const { visit } = bill
  const start = visit['start']
  const id = person['id']
  if (!isInpatient(visit) || bill.supplement !== undefined) return visit
  if (typeof start !== 'number' || typeof id !== 'string') return visit
  const ofYear = keys.admissions(book, id, countingDay(bill, profile, start))
  const ofStay = keys.admission(book)
  const known = ofStay.now
  const stated = visit['admissionNo']
  if (known === 0) {
    const number = typeof stated === 'number' ? stated : ofYear.now + 1
    book.add(ofYear, 'times', 1)
    book.add(ofStay, 'times', number)
    return stated === number ? visit : { ...visit, admissionNo: number }
  }
  return typeof stated === 'number' ? visit : { ...visit, admissionNo: known }
}

/** The profile's date of the bill; a bill cut by line counts its admission where it began. */
function countingDay(bill: Bill, profile: Profile, start: number): number {
  const end = bill.visit['end']
  switch (profile.yearBy) {
    case 'settlement':
      return bill.settlementDay
    case 'discharge':
      return typeof end === 'number' ? end : start
    case 'admission':
    case 'line':
      return start
  }
}
