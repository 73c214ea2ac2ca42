import { unreachable } from '../assert.ts'
import { FACTS, type FactGroup, type FactTrait, type FactValue } from '../rules/facts.ts'
import { quoted } from './findings.ts'
import { LIMITS } from './limits.ts'
import * as read from './scalars.ts'
import { refuseField, shape, type Section, type Shape } from './section.ts'

/** Facts under construction; becomes a `FactSheet`. */
export type Facts = Record<string, FactValue>

/** National spellings beside the one in `FACTS`. */
const MORE_ALIASES: Readonly<Partial<Record<FactGroup, Readonly<Record<string, string>>>>> = {
  person: { gend: 'sex', psn_idet_type: 'identityCodes' },
  hospital: { mdtrtarea_admdvs: 'region' },
  line: {
    init_feedetl_sn: 'refundOf',
    cnt: 'quantity',
    bilg_dept_name: 'department',
    medins_list_name: 'name',
    fulamt_ownpay_amt: 'ownPay',
    overlmt_amt: 'overLimit',
    preselfpay_amt: 'preSelfPay',
    inscp_scp_amt: 'inScope',
  },
}

/** Codes of the national interface that stand for a closed value of ours. */
export const CODED_VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'person.sex': { '0': 'unknown', '1': 'male', '2': 'female', '9': 'unknown' },
  'line.chargeLevel': { '01': 'A', '02': 'B', '03': 'C', '1': 'A', '2': 'B', '3': 'C' },
}

/** Facts of free text shown to people. */
export const NAMES: ReadonlySet<string> = new Set(['line.name'])

const TRAITS: Readonly<Record<FactGroup, ReadonlyMap<string, FactTrait>>> = {
  person: new Map(Object.entries(FACTS.person)),
  visit: new Map(Object.entries(FACTS.visit)),
  hospital: new Map(Object.entries(FACTS.hospital)),
  policy: new Map(Object.entries(FACTS.policy)),
  line: new Map(Object.entries(FACTS.line)),
  bill: new Map(Object.entries(FACTS.bill)),
}

/** National name → our name for every fact of `group` that a bill may state. */
export function nationalNames(group: FactGroup): ReadonlyMap<string, string> {
  return NATIONAL_NAMES[group]
}

const NATIONAL_NAMES: Readonly<Record<FactGroup, ReadonlyMap<string, string>>> = {
  person: namesOf('person'),
  visit: namesOf('visit'),
  hospital: namesOf('hospital'),
  policy: namesOf('policy'),
  line: namesOf('line'),
  bill: namesOf('bill'),
}

function namesOf(group: FactGroup): ReadonlyMap<string, string> {
  const names = new Map(Object.entries(MORE_ALIASES[group] ?? {}))
  for (const [key, trait] of TRAITS[group]) {
    if (trait.national !== undefined && trait.derived === undefined) names.set(trait.national, key)
  }
  return names
}

/** The keys an object of facts may have: the facts of `group`, `others` of the caller, national names. */
export function factShape(
  group: FactGroup,
  others: readonly string[] = [],
  ignored: readonly string[] = [],
): Shape {
  const traits = [...TRAITS[group]]
  const isDerived = ([, trait]: readonly [string, FactTrait]) => trait.derived === true
  return shape([...traits.filter((row) => !isDerived(row)).map(([key]) => key), ...others], {
    aliases: nationalNames(group),
    ignored: new Set(ignored),
    derived: new Set(
      traits
        .filter(isDerived)
        .flatMap(([key, { national }]) => (national ? [key, national] : [key])),
    ),
  })
}

/** Every stated fact of `group` in `section`, except `apart`, which the caller reads itself. */
export function readFacts(
  section: Section,
  group: FactGroup,
  apart: ReadonlySet<string> = new Set(),
): Facts {
  const facts: Facts = {}
  const traits = TRAITS[group]
  for (const key of section.fields.keys()) {
    const trait = traits.get(key)
    if (trait === undefined || apart.has(key)) continue
    const value = readFact(section, group, key, trait)
    if (value !== undefined) facts[key] = value
  }
  return facts
}

function readFact(
  section: Section,
  group: FactGroup,
  key: string,
  trait: FactTrait,
): FactValue | undefined {
  const value = factOfType(section, group, key, trait)
  if (value === undefined || trait.values === undefined) return value
  const decoded = CODED_VALUES[`${group}.${key}`]
  const known = typeof value === 'string' && decoded !== undefined ? decoded[value] : undefined
  const meant = known ?? value
  if (trait.values.some((allowed) => allowed === meant)) return meant
  const values = trait.values.join(', ')
  refuseField(section, key, 'FACT_NOT_ALLOWED', { text: quoted(value), values })
  return undefined
}

function factOfType(
  section: Section,
  group: FactGroup,
  key: string,
  { type }: FactTrait,
): FactValue | undefined {
  switch (type) {
    case 'int':
      return read.wholeAt(section, key)
    case 'bool':
      return read.booleanAt(section, key)
    case 'string':
      return NAMES.has(`${group}.${key}`) ? read.nameAt(section, key) : read.codeAt(section, key)
    case 'money':
      return read.moneyNotNegativeAt(section, key)
    case 'date':
      return read.dayAt(section, key)
    case 'strings':
      return read.codesAt(section, key, LIMITS.listEntries)
    default:
      return unreachable(type)
  }
}
