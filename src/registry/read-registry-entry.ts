import { unreachable } from '../assert.ts'
import { failureOf, success, type Result } from '../errors/problem.ts'
import { requireField } from '../protocol/bill-people.ts'
import { factShape, readFacts } from '../protocol/fact-sections.ts'
import { newFindings, placed, type Findings } from '../protocol/findings.ts'
import { booleanAt, codeAt, nameAt } from '../protocol/scalars.ts'
import { openSection, refuseField, shape } from '../protocol/section.ts'
import { stated } from '../protocol/stated.ts'
import type {
  HospitalEntry,
  PolicyEntry,
  ReadEntry,
  RegistryKind,
  SupplierEntry,
} from './entries.ts'
import { factDocument } from './fact-document.ts'
import { PERSON_SHAPE, readPerson } from './read-person.ts'

const HOSPITAL_SHAPE = shape(['id', 'facts'], { aliases: new Map([['fixmedins_code', 'id']]) })
const HOSPITAL_FACTS_SHAPE = factShape('hospital')
const HOSPITAL_APART: ReadonlySet<string> = new Set(['id'])
const POLICY_SHAPE = shape(['id', 'holder', 'shared', 'product'])
const SUPPLIER_SHAPE = shape(['id', 'name'])

/**
 * An entry of the register in its normal form. `tree` is what a bill document may be: objects, lists, text, booleans, numbers as
 * source text or as JavaScript numbers; null and "" are not stated.
 *
 * Refused, all problems at once: unknown members, values of another type, an end before its start, periods that overlap, a fact
 * both in the person's facts and in a period's, a policy twice.
 */
export function readRegistryEntry(kind: RegistryKind, tree: unknown): Result<ReadEntry> {
  const findings = newFindings()
  const read = readKind(kind, tree, findings)
  return findings.problems.length > 0 ? failureOf(findings.problems) : success(read)
}

function readKind(kind: RegistryKind, tree: unknown, findings: Findings): ReadEntry {
  switch (kind) {
    case 'person': {
      const entry = readPerson(openSection(tree, '', PERSON_SHAPE, findings))
      return { kind, id: entry.id, entry }
    }
    case 'policy': {
      const entry = readPolicy(tree, findings)
      return { kind, id: entry.id, entry }
    }
    case 'hospital': {
      const entry = readHospitalEntry(tree, findings)
      return { kind, id: entry.id, entry }
    }
    case 'supplier': {
      const entry = readSupplier(tree, findings)
      return { kind, id: entry.id, entry }
    }
    default:
      return unreachable(kind)
  }
}

function readPolicy(tree: unknown, findings: Findings): PolicyEntry {
  const section = openSection(tree, '', POLICY_SHAPE, findings)
  requireField(section, 'id')
  const id = codeAt(section, 'id') ?? ''
  const holder = codeAt(section, 'holder')
  const shared = booleanAt(section, 'shared')
  if ((holder === undefined) !== (shared === true)) {
    refuseField(section, 'holder', 'POLICY_HOLDER_UNCLEAR', { policy: id })
  }
  const product = codeAt(section, 'product')
  if (holder !== undefined) return { id, holder }
  return product === undefined ? { id, shared: true } : { id, shared: true, product }
}

function readHospitalEntry(tree: unknown, findings: Findings): HospitalEntry {
  const section = openSection(tree, '', HOSPITAL_SHAPE, findings)
  requireField(section, 'id')
  const id = codeAt(section, 'id') ?? ''
  const value = section.fields.get('facts')
  if (value === undefined) return { id, facts: {} }
  const facts = openSection(value, placed('', 'facts'), HOSPITAL_FACTS_SHAPE, findings)
  for (const key of HOSPITAL_APART) {
    if (facts.fields.has(key)) refuseField(facts, key, 'REGISTER_FACT_APART', { key })
  }
  return { id, facts: factDocument('hospital', readFacts(facts, 'hospital', HOSPITAL_APART)) }
}

function readSupplier(tree: unknown, findings: Findings): SupplierEntry {
  const section = openSection(tree, '', SUPPLIER_SHAPE, findings)
  requireField(section, 'id')
  return stated({ id: codeAt(section, 'id') ?? '', name: nameAt(section, 'name') })
}
