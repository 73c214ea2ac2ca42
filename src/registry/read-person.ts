import { readPolicies, requireField } from '../protocol/bill-people.ts'
import { listAt } from '../protocol/bill-given.ts'
import { factShape, readFacts } from '../protocol/fact-sections.ts'
import { placed, refuse, type Findings } from '../protocol/findings.ts'
import { LIMITS } from '../protocol/limits.ts'
import { booleanAt, codeAt } from '../protocol/scalars.ts'
import { isObject, openSection, refuseField, shape, type Section } from '../protocol/section.ts'
import type { CoveragePeriod, FactDocument, IdentityPeriod, PersonEntry } from './entries.ts'
import { factDocument } from './fact-document.ts'
import { compareText, inOrder, readPeriod, type Placed } from './read-periods.ts'

export const PERSON_SHAPE = shape(
  ['id', 'jurisdiction', 'familyId', 'facts', 'identities', 'coverage', 'policies'],
  { aliases: new Map([['psn_no', 'id']]) },
)
const FACTS_SHAPE = factShape('person', ['identityCodes'])
const IDENTITY_SHAPE = shape(['word', 'from', 'to'], {
  aliases: new Map([['psn_idet_type', 'word']]),
})
const COVERAGE_SHAPE = shape(['from', 'to', 'facts'])
const POLICY_SHAPE = factShape('policy', ['shared'])

/** Facts of a person that stand in the entry itself, identities with their periods. */
const APART: ReadonlySet<string> = new Set(['id', 'identities', 'identityCodes'])

/** The person of `section`; of use only when no problem was found. */
export function readPerson(section: Section): PersonEntry {
  for (const key of ['id', 'jurisdiction', 'coverage']) requireField(section, key)
  const id = codeAt(section, 'id') ?? ''
  const jurisdiction = codeAt(section, 'jurisdiction') ?? ''
  const familyId = codeAt(section, 'familyId')
  const facts = readPersonFacts(section)
  const identities = readIdentities(section)
  const coverage = readCoverage(section, facts)
  const policies = readHeldPolicies(section)
  // Written out: a million entries are made this way, and spreading objects costs more than reading them.
  return familyId === undefined
    ? { id, jurisdiction, facts, identities, coverage, policies }
    : { id, jurisdiction, familyId, facts, identities, coverage, policies }
}

/**
 * What parts of documents were read as that cannot change, because they are frozen to the last member, and in which nothing was
 * wrong: rows of a file that state the same share them.
 */
const READ_FACTS = new WeakMap<object, FactDocument>()
const READ_PERIODS = new WeakMap<object, CoveragePeriod>()

function readPersonFacts(section: Section): FactDocument {
  const value = section.fields.get('facts')
  if (value === undefined) return {}
  const known = isObject(value) ? READ_FACTS.get(value) : undefined
  if (known !== undefined) return known
  const own = openSection(value, placed(section.where, 'facts'), FACTS_SHAPE, section.findings)
  for (const key of APART) {
    if (own.fields.has(key)) refuseField(own, key, 'REGISTER_FACT_APART', { key })
  }
  const facts = factDocument('person', readFacts(own, 'person', APART))
  if (isKept(value, section.findings)) READ_FACTS.set(value, facts)
  return facts
}

function readIdentities(section: Section): readonly IdentityPeriod[] {
  const list = listAt(section, 'identities', LIMITS.listEntries)
  if (list.length === 0) return []
  const byWord = new Map<string, Placed<IdentityPeriod>[]>()
  for (const [index, value] of list.entries()) {
    const where = placed(section.where, `identities[${index}]`)
    const own = openSection(value, where, IDENTITY_SHAPE, section.findings)
    requireField(own, 'word')
    const word = codeAt(own, 'word')
    const period = readPeriod(own)
    if (word === undefined || period === undefined) continue
    const same = byWord.get(word)
    const read = { period: { word, ...period }, where }
    if (same === undefined) byWord.set(word, [read])
    else same.push(read)
  }
  const periods = [...byWord.values()].flatMap((same) => inOrder(same, section.findings))
  return periods.toSorted(
    (left, right) => compareText(left.from, right.from) || compareText(left.word, right.word),
  )
}

function readCoverage(section: Section, facts: FactDocument): readonly CoveragePeriod[] {
  const { findings } = section
  const list = listAt(section, 'coverage', LIMITS.listEntries)
  const periods: Placed<CoveragePeriod>[] = []
  for (let index = 0; index < list.length; index += 1) {
    const where = placed(section.where, `coverage[${index}]`)
    const period = readCoveragePeriod(list[index], where, findings)
    if (period === undefined) continue
    for (const key in period.facts) {
      if (facts[key] === undefined) continue
      refuse(findings, 'REGISTER_FACT_TWICE', placed(where, 'facts'), { key })
    }
    periods.push({ period, where })
  }
  return inOrder(periods, findings)
}

function readCoveragePeriod(
  value: unknown,
  where: string,
  findings: Findings,
): CoveragePeriod | undefined {
  const known = isObject(value) ? READ_PERIODS.get(value) : undefined
  if (known !== undefined) return known
  const section = openSection(value, where, COVERAGE_SHAPE, findings)
  const period = readPeriod(section)
  const facts = readPersonFacts(section)
  if (period === undefined) return undefined
  const { from, to } = period
  const read = to === undefined ? { from, facts } : { from, to, facts }
  if (isKept(value, findings)) READ_PERIODS.set(value, read)
  return read
}

function isKept(value: unknown, { problems }: Findings): value is object {
  return problems.length === 0 && typeof value === 'object' && isFixed(value)
}

function isFixed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isFixed)
}

/** The policies of a person as they are kept, by id. */
export function readHeldPolicies(section: Section): readonly FactDocument[] {
  const policies = readPolicies(section, POLICY_SHAPE).map(({ facts, section: own }) => {
    const document = factDocument('policy', facts)
    return booleanAt(own, 'shared') === true ? { ...document, shared: true } : document
  })
  return policies.length < 2
    ? policies
    : policies.toSorted((left, right) => compareText(String(left['id']), String(right['id'])))
}
