import { failureOf, success, type Result } from '../errors/problem.ts'
import { requireField } from '../protocol/bill-people.ts'
import { newFindings } from '../protocol/findings.ts'
import { codeAt } from '../protocol/scalars.ts'
import { isObject, openSection, shape } from '../protocol/section.ts'
import type { FactDocument } from './entries.ts'
import { readHeldPolicies } from './read-person.ts'

/** One insured person of a roster, and the policy. */
export interface RosterRow {
  readonly person: string
  readonly policy: FactDocument
}

const HOLDER_SHAPE = shape(['person'], { aliases: new Map([['psn_no', 'person']]) })
const HOLDER_NAMES: ReadonlySet<string> = new Set(['person', 'psn_no'])

/** `{ person, …facts of the policy, shared? }`; refused as the policies of a person are. */
export function readRosterRow(tree: unknown): Result<RosterRow> {
  const findings = newFindings()
  const members = isObject(tree) ? Object.entries(tree) : undefined
  const isHolder = ([key]: readonly [string, unknown]) => HOLDER_NAMES.has(key)
  const holder = members === undefined ? tree : Object.fromEntries(members.filter(isHolder))
  const section = openSection(holder, '', HOLDER_SHAPE, findings)
  if (members === undefined) return failureOf(findings.problems)
  requireField(section, 'person')
  const facts = Object.fromEntries(members.filter((member) => !isHolder(member)))
  const fields = new Map([['policies', [facts]]])
  const [policy] = readHeldPolicies({ ...section, fields, writtenAs: new Map() })
  const problems = findings.problems.map((item) => ({
    ...item,
    where: item.where.replace(/^policies\[0\]\.?/, ''),
  }))
  if (problems.length > 0 || policy === undefined) return failureOf(problems)
  return success({ person: codeAt(section, 'person') ?? '', policy })
}
