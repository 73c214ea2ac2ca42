import type { Bill } from '../../src/adjudication/bill.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import type { FactSheet } from '../../src/rules/facts.ts'
import type { CounterDefinition, Period } from '../../src/rules/pack.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { isoDay, Refused } from './conditions.ts'

/** Where and when a layer counts: it decides the keys of its counters. */
export interface CountingPlace {
  readonly bill: Bill
  readonly coverage: Coverage
  readonly profile: Profile
  readonly policy: FactSheet
  /** Days since 1970-01-01. */
  readonly referenceDay: number
  /** 0, or k when the stay was opened again for the k-th time. */
  readonly reopened: number
}

/** Balances by key. Those of a `claim` live only here and never leave the settlement. */
export class Ledger {
  readonly before: ReadonlyMap<string, number>
  readonly now: Map<string, number>

  constructor(before: ReadonlyMap<string, number>) {
    this.before = before
    this.now = new Map(before)
  }

  read(key: string): number {
    return this.now.get(key) ?? 0
  }

  add(key: string, amount: number): void {
    this.now.set(key, this.read(key) + amount)
  }

  /** Balances that are not what they were, without those of the claim. */
  changed(): Map<string, number> {
    return new Map(
      [...this.now].filter(
        ([key, value]) => !key.startsWith('claim!') && value !== (this.before.get(key) ?? 0),
      ),
    )
  }
}

/** `owner:ownerId|counter id|period key|key`. */
export function counterKey(counter: CounterDefinition, place: CountingPlace, key: string): string {
  const claim = counter.period.type === 'claim' ? 'claim!' : ''
  const period = periodKey(counter.period, place)
  return `${claim}${counter.owner}:${ownerId(counter, place)}|${counter.id}|${period}|${key}`
}

function ownerId(counter: CounterDefinition, place: CountingPlace): string {
  const { bill, coverage, policy } = place
  switch (counter.owner) {
    case 'person':
      return stated('person.id', coverage.person['id'])
    case 'family':
      return coverage.familyId ?? stated('policy.familyId', policy['familyId'])
    case 'policy':
      return stated('policy.id', policy['id'])
    case 'group':
      return stated('policy.groupId', policy['groupId'])
    case 'stay':
      return bill.stayId
    case 'transferChain':
      return stated('visit.transferChain', bill.visit['transferChain'])
    case 'accident':
      return stated('visit.accidentId', bill.visit['accidentId'])
  }
}

function stated(fact: string, value: unknown): string {
  if (typeof value !== 'string') throw new Refused('FACT_MISSING', fact)
  return value
}

function periodKey(period: Period, place: CountingPlace): string {
  const day = isoDay(place.referenceDay)
  switch (period.type) {
    case 'claim':
    case 'lifetime':
      return ''
    case 'visit':
      return place.bill.stayId
    case 'admission':
      return place.reopened > 0 ? `${place.bill.stayId}#${place.reopened}` : place.bill.stayId
    case 'day':
      return day
    case 'month':
      return day.slice(0, 7)
    case 'year':
      return insuranceYear(place.referenceDay, place.profile)
    case 'policyYear':
      return policyPeriod(place, 1)
    case 'policyYears':
      return policyPeriod(place, period.years)
  }
}

export function insuranceYear(day: number, profile: Profile): string {
  const iso = isoDay(day)
  const start = `${two(profile.yearStart.month)}-${two(profile.yearStart.day)}`
  const year = Number(iso.slice(0, 4))
  return String(iso.slice(5) >= start ? year : year - 1)
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** First day of the block of `years` policy years that holds the reference day. */
export function policyPeriod(place: CountingPlace, years: number): string {
  const start = place.policy['start']
  if (typeof start !== 'number') throw new Refused('FACT_MISSING', 'policy.start')
  const iso = isoDay(start)
  const reference = isoDay(place.referenceDay)
  const shifted = (by: number): string => `${Number(iso.slice(0, 4)) + by}${iso.slice(4)}`
  let block = 0
  while (shifted(block + years) <= reference) block += years
  return shifted(block)
}
