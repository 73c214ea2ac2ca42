import { assert } from '../assert.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { failureOf, success, type Result } from '../errors/problem.ts'
import { nationalNames, readFacts } from '../protocol/fact-sections.ts'
import { newFindings, placed, quoted, refuse, type Findings } from '../protocol/findings.ts'
import { isBlank, isObject } from '../protocol/section.ts'
import { policiesInBill } from './bill-policies.ts'
import type { FactDocument, FactText, HospitalEntry, PersonEntry } from './entries.ts'
import { registerPlainly } from './plain-register.ts'
import { compareText, holdsOn } from './read-periods.ts'

/** What the register has of a bill's person and hospital; undefined: nothing. */
export interface Registered {
  readonly person: PersonEntry | undefined
  readonly hospital: HospitalEntry | undefined
}

export interface RegisterContext {
  /** Day of settlement, days since 1970-01-01. */
  readonly day: number
  /** The hospital that sent the request. */
  readonly requestHospital: string
}

/** A bill document that states what the register knows. */
export interface CompletedBill {
  readonly document: Readonly<Record<string, unknown>>
  readonly jurisdiction: string
  readonly familyId?: string
  /** Ids of the person's policies whose counters belong to all their holders. */
  readonly sharedPolicies: readonly string[]
}

type Tree = Readonly<Record<string, unknown>>

/** The groups the register knows facts of. */
type Group = 'person' | 'hospital'

const FLAT_NAMES = {
  person: [...nationalNames('person')],
  hospital: [...nationalNames('hospital')],
} as const

/** Members that only the register states, beside identities. */
const REGISTER_ONLY = ['policies', 'familyId', 'counters'] as const

/**
 * The bill document `json` with what the register knows of its person and its hospital, to be read by `readBillDocument`; the
 * members of `json` are shared, never changed, and its lines not looked at. Refused, all problems at once:
 * `PERSON_UNKNOWN`, `HOSPITAL_UNKNOWN`, `COVERAGE_NOT_IN_FORCE`, `BILL_STATES_REGISTER`, `BILL_DIFFERS_FROM_REGISTER`. A stated
 * fact that is no value of its type is left for the reader to refuse. `registered.person` is the one whom
 * `billPerson(json)` names.
 */
export function withRegister(
  json: unknown,
  registered: Registered,
  context: RegisterContext,
): Result<CompletedBill> {
  const plain = registerPlainly(json, registered, context)
  return plain === undefined ? registerCarefully(json, registered, context) : success(plain)
}

/** As `withRegister`, of any bill. */
export function registerCarefully(
  json: unknown,
  registered: Registered,
  context: RegisterContext,
): Result<CompletedBill> {
  const findings = newFindings()
  if (!isObject(json)) refuse(findings, 'FIELD_NOT_OBJECT', '')
  const document = isObject(json) ? json : {}
  const stated = {
    person: statedFacts(document, 'person'),
    hospital: statedFacts(document, 'hospital'),
  }
  for (const key of REGISTER_ONLY) {
    if (!isBlank(document[key])) refuse(findings, 'BILL_STATES_REGISTER', key, { key })
  }
  const hospital = completeHospital(stated.hospital, registered.hospital, context, findings)
  const person = completePerson(stated.person, registered.person, context, findings)
  if (findings.problems.length > 0 || registered.person === undefined) {
    return failureOf(findings.problems)
  }
  const { familyId, jurisdiction } = registered.person
  const { policies, shared: sharedPolicies } = policiesInBill(registered.person.policies)
  const completed = copied(document)
  completed['person'] = withFacts(groupObject(document, 'person'), person)
  completed['hospital'] = withFacts(groupObject(document, 'hospital'), hospital)
  completed['policies'] = policies
  if (familyId === undefined) return success({ document: completed, jurisdiction, sharedPolicies })
  completed['familyId'] = familyId
  return success({ document: completed, jurisdiction, familyId, sharedPolicies })
}

function withFacts(own: Tree | undefined, facts: FactDocument): Tree {
  const both = copied(own ?? {})
  for (const key in facts) both[key] = facts[key]
  return both
}

/** Member by member: spreading objects whose shapes differ from bill to bill takes several times as long. */
function copied(tree: Tree): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const key in tree) copy[key] = tree[key]
  return copy
}

/** Id of the person whom a bill document names, in `person` or flat; undefined when it names none. */
export function billPerson(json: unknown): string | undefined {
  if (!isObject(json)) return undefined
  const own = groupObject(json, 'person')
  let id: unknown
  for (const written in own) {
    if (ID_NAMES.has(written) && !isBlank(own[written])) id = own[written]
  }
  // The flat one counts, as in `statedFacts`.
  for (const written of FLAT_ID_NAMES) if (!isBlank(json[written])) id = json[written]
  return idText(id)
}

const FLAT_ID_NAMES = FLAT_NAMES.person.filter(([, key]) => key === 'id').map(([name]) => name)
const ID_NAMES: ReadonlySet<string> = new Set(['id', ...FLAT_ID_NAMES])

interface StatedFact {
  readonly value: unknown
  readonly where: string
}

/** What the bill states of a group under our names; where it is stated flat and in the group, as the reader does, the flat one. */
function statedFacts(document: Tree, group: Group): ReadonlyMap<string, StatedFact> {
  const stated = new Map<string, StatedFact>()
  const own = groupObject(document, group)
  for (const written in own) {
    const value = own[written]
    if (isBlank(value)) continue
    const key = nationalNames(group).get(written) ?? written
    stated.set(key, { value, where: placed(group, written) })
  }
  for (const [written, key] of FLAT_NAMES[group]) {
    const value = document[written]
    if (!isBlank(value)) stated.set(key, { value, where: written })
  }
  return stated
}

function groupObject(document: Tree, group: Group): Tree | undefined {
  const own = document[group]
  return isObject(own) ? own : undefined
}

function completePerson(
  stated: ReadonlyMap<string, StatedFact>,
  person: PersonEntry | undefined,
  { day }: RegisterContext,
  findings: Findings,
): Record<string, FactText> {
  for (const key of ['identities', 'identityCodes']) {
    const fact = stated.get(key)
    if (fact !== undefined)
      refuse(findings, 'BILL_STATES_REGISTER', fact.where, { key: fact.where })
  }
  const id = stated.get('id')
  if (id === undefined) refuse(findings, 'FIELD_MISSING', 'person.id', { key: 'person.id' })
  else if (person === undefined) {
    refuse(findings, 'PERSON_UNKNOWN', id.where, { person: quoted(id.value) })
  }
  if (person === undefined || id === undefined) return {}
  assert(idText(id.value) === person.id, "the registered person is the bill's")
  const added: Record<string, FactText> = {}
  addFacts(added, 'person', person.facts, stated, findings)
  const date = formatEpochDay(day)
  const period = person.coverage.find((one) => holdsOn(one, date))
  if (period === undefined) {
    refuse(findings, 'COVERAGE_NOT_IN_FORCE', id.where, { person: person.id, date })
  } else addFacts(added, 'person', period.facts, stated, findings)
  added['identities'] = person.identities
    .filter((one) => holdsOn(one, date))
    .map(({ word }) => word)
  return added
}

function completeHospital(
  stated: ReadonlyMap<string, StatedFact>,
  hospital: HospitalEntry | undefined,
  { requestHospital }: RegisterContext,
  findings: Findings,
): Record<string, FactText> {
  const added: Record<string, FactText> = {}
  addFacts(added, 'hospital', { id: requestHospital }, stated, findings)
  if (hospital === undefined) {
    refuse(findings, 'HOSPITAL_UNKNOWN', 'hospital', { hospital: quoted(requestHospital) })
    return added
  }
  assert(hospital.id === requestHospital, "the registered hospital is the request's")
  addFacts(added, 'hospital', hospital.facts, stated, findings)
  return added
}

/** Puts each registered fact into `added` that the bill does not state; refuses one that it states otherwise. */
function addFacts(
  added: Record<string, FactText>,
  group: Group,
  facts: FactDocument,
  stated: ReadonlyMap<string, StatedFact>,
  findings: Findings,
): void {
  for (const key in facts) {
    const registered = facts[key]
    if (registered === undefined) continue
    const fact = stated.get(key)
    if (fact === undefined) added[key] = registered
    else if (fact.value !== registered && differs(group, key, fact.value, registered)) {
      const details = { key: fact.where, stated: shown(fact.value), registered: shown(registered) }
      refuse(findings, 'BILL_DIFFERS_FROM_REGISTER', fact.where, details)
    }
  }
}

/** Whether two spellings of a fact mean different values; lists are compared as sets of words. */
function differs(group: Group, key: string, stated: unknown, registered: FactText): boolean {
  const [one, other] = [factOf(group, key, stated), factOf(group, key, registered)]
  if (one === undefined || other === undefined) return false
  return typeof one === 'object' && typeof other === 'object'
    ? one.toSorted(compareText).join('|') !== other.toSorted(compareText).join('|')
    : one !== other
}

/** The value that a bill would state; undefined when it is none. */
function factOf(group: Group, key: string, value: unknown) {
  const fields = new Map([[key, value]])
  const section = {
    fields,
    writtenAs: new Map<string, string>(),
    where: '',
    findings: newFindings(),
  }
  return readFacts(section, group)[key]
}

function shown(value: unknown): string {
  return Array.isArray(value) ? quoted(value.join(', ')) : quoted(value)
}

function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}
