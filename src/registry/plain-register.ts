import { formatEpochDay } from '../catalog/epoch-day.ts'
import { nationalNames } from '../protocol/fact-sections.ts'
import { isPlainObject } from '../protocol/plain-facts.ts'
import { isBlank } from '../protocol/section.ts'
import { policiesInBill } from './bill-policies.ts'
import type { FactDocument, FactText, PersonEntry } from './entries.ts'
import { holdsOn } from './read-periods.ts'
import type { CompletedBill, Registered, RegisterContext } from './with-register.ts'

/*
 * Nearly every bill names its person and states little of what the register knows, under our names. Such a bill is completed
 * here, without a map of what it states; at the first thing that is not plain this gives up, and `withRegister` looks at the bill
 * from its beginning and says what is wrong. test/registry/plain-register.test.ts compares the two.
 */

type Tree = Readonly<Record<string, unknown>>

/** Members of a bill that `withRegister` has to look at: facts beside their group, and what only the register states. */
const NOT_PLAIN: ReadonlySet<string> = new Set([
  ...nationalNames('person').keys(),
  ...nationalNames('hospital').keys(),
  'policies',
  'familyId',
  'counters',
])

/** Other names of a group's facts, and facts that only the register states. */
const NOT_PLAIN_IN = {
  person: new Set([...otherNames('person'), 'identities', 'identityCodes']),
  hospital: new Set(otherNames('hospital')),
} as const

function otherNames(group: 'person' | 'hospital'): readonly string[] {
  return [...nationalNames(group)].filter(([name, key]) => name !== key).map(([name]) => name)
}

/** The completed bill; undefined when it is not plain, whether right or wrong. */
export function registerPlainly(
  json: unknown,
  { person, hospital }: Registered,
  { day, requestHospital }: RegisterContext,
): CompletedBill | undefined {
  if (person === undefined || hospital?.id !== requestHospital) return undefined
  const document = copiedPlainly(json)
  if (document === undefined) return undefined
  const both = personOf(document['person'], person, dateOf(day))
  const own = document['hospital'] ?? {}
  const facts = stateAll(own, 'hospital', { id: requestHospital })
  if (both === undefined || !isPlainObject(own) || facts === undefined) return undefined
  if (!addFacts(facts, own, hospital.facts)) return undefined
  const { policies, shared: sharedPolicies } = policiesInBill(person.policies)
  document['person'] = both
  document['hospital'] = facts
  document['policies'] = policies
  const { familyId, jurisdiction } = person
  if (familyId === undefined) return { document, jurisdiction, sharedPolicies }
  document['familyId'] = familyId
  return { document, jurisdiction, familyId, sharedPolicies }
}

function copiedPlainly(json: unknown): Record<string, unknown> | undefined {
  if (!isPlainObject(json)) return undefined
  const copy: Record<string, unknown> = {}
  for (const key in json) {
    if (NOT_PLAIN.has(key)) return undefined
    copy[key] = json[key]
  }
  return copy
}

function personOf(own: unknown, person: PersonEntry, date: string): Tree | undefined {
  if (!isPlainObject(own) || own['id'] !== person.id) return undefined
  const period = person.coverage.find((one) => holdsOn(one, date))
  const both = stateAll(own, 'person', person.facts)
  if (period === undefined || both === undefined) return undefined
  if (!addFacts(both, own, period.facts)) return undefined
  const words: string[] = []
  for (const one of person.identities) if (holdsOn(one, date)) words.push(one.word)
  both['identities'] = words
  return both
}

/** What the bill states of a group, under our names, and then `facts`. */
function stateAll(
  own: unknown,
  group: keyof typeof NOT_PLAIN_IN,
  facts: FactDocument,
): Record<string, unknown> | undefined {
  if (!isPlainObject(own)) return undefined
  const both: Record<string, unknown> = {}
  for (const key in own) {
    const stated = own[key]
    if (isBlank(stated) || NOT_PLAIN_IN[group].has(key)) return undefined
    both[key] = stated
  }
  return addFacts(both, own, facts) ? both : undefined
}

/** Adds what the bill does not state; false where it does and writes it otherwise, which may mean the same. */
function addFacts(both: Record<string, unknown>, own: Tree, facts: FactDocument): boolean {
  for (const key in facts) {
    const registered: FactText | undefined = facts[key]
    if (registered === undefined) continue
    const stated = own[key]
    if (stated === undefined) both[key] = registered
    else if (stated !== registered) return false
  }
  return true
}

/** The day that was asked for last: nearly all bills are of the same one. */
let last = { day: 0, date: formatEpochDay(0) }

function dateOf(day: number): string {
  if (last.day !== day) last = { day, date: formatEpochDay(day) }
  return last.date
}
