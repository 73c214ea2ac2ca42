import type { HospitalEntry, PersonEntry } from '../../src/registry/entries.ts'
import { isoDay } from './days.ts'
import type { Tree } from './model-split.ts'
import { Refused } from './refused.ts'

/** What the register says at one moment. */
export interface RegisterView {
  readonly person: PersonEntry | undefined
  readonly hospital: HospitalEntry | undefined
}

/** The bill with what the register knows (docs/ledger.md, section 4). */
export function completeBill(bill: Tree, hospital: string, day: number, view: RegisterView): Tree {
  const codes: string[] = []
  for (const key of ['policies', 'familyId', 'counters']) {
    if (bill[key] !== undefined) codes.push('BILL_STATES_REGISTER')
  }
  const stated = { person: objectOf(bill['person']), hospital: objectOf(bill['hospital']) }
  if (stated.person['identities'] !== undefined) codes.push('BILL_STATES_REGISTER')
  const place = { id: hospital, ...view.hospital?.facts }
  codes.push(...differing(stated.hospital, place))
  if (view.hospital === undefined) codes.push('HOSPITAL_UNKNOWN')
  const date = isoDay(day)
  const { person } = view
  let facts: Tree = {}
  if (stated.person['id'] === undefined) codes.push('FIELD_MISSING')
  else if (person === undefined) codes.push('PERSON_UNKNOWN')
  else {
    const period = person.coverage.find((one) => isWithin(one, date))
    if (period === undefined) codes.push('COVERAGE_NOT_IN_FORCE')
    facts = { ...person.facts, ...period?.facts }
    codes.push(...differing(stated.person, facts))
  }
  if (codes.length > 0 || person === undefined) throw new Refused(...codes)
  const words = person.identities.filter((one) => isWithin(one, date)).map(({ word }) => word)
  return {
    ...bill,
    person: { ...stated.person, ...facts, identities: words },
    hospital: { ...stated.hospital, ...place },
    policies: person.policies.map(({ shared: _shared, ...policy }) => policy),
    ...(person.familyId !== undefined && { familyId: person.familyId }),
  }
}

function differing(stated: Tree, registered: Tree): string[] {
  return Object.entries(registered)
    .filter(([key, value]) => stated[key] !== undefined && textOf(stated[key]) !== textOf(value))
    .map(() => 'BILL_DIFFERS_FROM_REGISTER')
}

function isWithin({ from, to }: { from: string; to?: string }, date: string): boolean {
  return from <= date && (to === undefined || date <= to)
}

/** Text or number of a document as text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function objectOf(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {}
}
