import type { Coverage } from '../adjudication/coverage.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { Profile } from '../rules/profile.ts'
import { listAt } from './bill-given.ts'
import { factShape, readFacts, type Facts } from './fact-sections.ts'
import { quoted } from './findings.ts'
import { LIMITS } from './limits.ts'
import * as read from './scalars.ts'
import { openSection, placeOf, refuseField, type Section, type Shape } from './section.ts'
import { stated } from './stated.ts'

const PERSON_SHAPE = factShape('person', ['identityCodes'])
const POLICY_SHAPE = factShape('policy')
const HOSPITAL_SHAPE = factShape('hospital')
const VISIT_SHAPE = factShape('visit')

/** Kinds of visit with a bed, whose length in days counts. */
const STAY_KINDS: ReadonlySet<unknown> = new Set(['inpatient', 'maternity', 'daySurgery'])

/**
 * The insured person and the policies. The profile turns identity codes into words and, unless `retired` is
 * stated, the prefix of `psnType` into it.
 */
export function readCoverage(document: Section, person: unknown, profile: Profile): Coverage {
  const section = openSection(person, 'person', PERSON_SHAPE, document.findings)
  requireField(section, 'id')
  const facts = readFacts(section, 'person')
  const identities = readIdentities(section, facts['identities'], profile)
  if (identities !== undefined) facts['identities'] = identities
  addRetired(facts, profile)
  return stated({
    person: facts,
    familyId: read.codeAt(document, 'familyId'),
    policies: readPolicies(document).map(({ facts }) => facts),
  })
}

/** Retired or not, by the type of person, where the bill does not say it and the profile can. */
export function addRetired(facts: Facts, { retiredPersonTypes }: Profile): void {
  const psnType = facts['psnType']
  if (typeof psnType === 'string' && retiredPersonTypes.length > 0) {
    facts['retired'] ??= retiredPersonTypes.some((prefix) => psnType.startsWith(prefix))
  }
}

/** The word of an identity code; undefined where the profile has none. */
export function identityWord(code: string, { identities }: Profile): string | undefined {
  return Object.hasOwn(identities, code) ? identities[code] : undefined
}

/** Words as stated, codes of the profile as their words, and `psn_idet_type` which must be such a code. */
function readIdentities(
  section: Section,
  words: unknown,
  profile: Profile,
): readonly string[] | undefined {
  const named: unknown[] = Array.isArray(words) ? words : []
  const meant = named.map((word) => identityWord(String(word), profile) ?? String(word))
  if (!section.fields.has('identityCodes')) return words === undefined ? undefined : meant
  const isList = Array.isArray(section.fields.get('identityCodes'))
  const single = isList ? undefined : read.codeAt(section, 'identityCodes')
  const listed = isList ? read.codesAt(section, 'identityCodes', LIMITS.listEntries) : undefined
  for (const code of listed ?? (single === undefined ? [] : [single])) {
    const word = identityWord(code, profile)
    if (word !== undefined) meant.push(word)
    else refuseField(section, 'identityCodes', 'IDENTITY_CODE_UNKNOWN', { text: quoted(code) })
  }
  return [...new Set(meant)]
}

/** The facts of a policy, and the object they stood in. */
export interface ReadPolicy {
  readonly facts: FactSheet
  readonly section: Section
}

/** The list `policies` of `document`, each an object of the shape `allowed`. */
export function readPolicies(
  document: Section,
  allowed: Shape = POLICY_SHAPE,
): readonly ReadPolicy[] {
  const seen = new Set<unknown>()
  return listAt(document, 'policies', LIMITS.policies).map((value, index) => {
    const where = `policies[${index}]`
    const section = openSection(value, where, allowed, document.findings)
    requireField(section, 'id')
    requireField(section, 'product')
    const facts = readFacts(section, 'policy')
    const { id, start, end } = { id: facts['id'], start: facts['start'], end: facts['end'] }
    if (id !== undefined && seen.has(id)) {
      refuseField(section, 'id', 'POLICY_REPEATED', { policy: quoted(id) })
    }
    seen.add(id)
    checkOrder(section, start, end)
    return { facts, section }
  })
}

/** The hospital; the profile turns its grade into the two levels unless they are stated. */
export function readHospital(document: Section, hospital: unknown, profile: Profile): FactSheet {
  const section = openSection(hospital, 'hospital', HOSPITAL_SHAPE, document.findings)
  requireField(section, 'id')
  const facts = readFacts(section, 'hospital')
  addLevels(facts, profile)
  return facts
}

/** The two levels of a hospital's grade, where the bill does not state them. */
export function addLevels(facts: Facts, profile: Profile): void {
  const grade = facts['grade']
  if (typeof grade !== 'string') return
  const level = levelOf(profile.hospitalLevels, grade)
  const priceLevel = levelOf(profile.priceLevels, grade)
  if (level !== undefined) facts['level'] ??= level
  if (priceLevel !== undefined) facts['priceLevel'] ??= priceLevel
}

/** `hosp_lv` is "02", or "2" where a system drops the zero. */
function levelOf(levels: Readonly<Record<string, number>>, grade: string): number | undefined {
  const code = Object.hasOwn(levels, grade) ? grade : grade.padStart(2, '0')
  return Object.hasOwn(levels, code) ? levels[code] : undefined
}

/** The visit; a stay with both dates and no stated `days` lasts end − start days, at least one. */
export function readVisit(document: Section, visit: unknown): Facts {
  const section = openSection(visit, 'visit', VISIT_SHAPE, document.findings)
  requireField(section, 'id')
  const id = section.fields.get('id')
  if (typeof id === 'string' && id.includes('#')) {
    // `#` divides a stay from its re-opened admission in counter keys.
    refuseField(section, 'id', 'TEXT_CHARACTER_FORBIDDEN', { character: '0023' })
  }
  const facts = readFacts(section, 'visit')
  checkOrder(section, facts['start'], facts['end'])
  addDays(facts)
  return facts
}

/** Days of a stay with both dates, where the bill does not state them. */
export function addDays(facts: Facts): void {
  const [start, end] = [facts['start'], facts['end']]
  if (isStay(facts) && typeof start === 'number' && typeof end === 'number') {
    facts['days'] ??= Math.max(1, end - start)
  }
}

export function isStay(visit: FactSheet): boolean {
  return STAY_KINDS.has(visit['kind'])
}

function checkOrder(section: Section, start: unknown, end: unknown): void {
  if (typeof start !== 'number' || typeof end !== 'number' || end >= start) return
  const details = { start: formatEpochDay(start), end: formatEpochDay(end) }
  refuseField(section, 'end', 'END_BEFORE_START', details)
}

export function requireField(section: Section, key: string): void {
  if (!section.fields.has(key))
    refuseField(section, key, 'FIELD_MISSING', { key: placeOf(section, key) })
}
