import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { LIMITS } from '../protocol/limits.ts'
import { quoted } from '../protocol/findings.ts'
import { isBlank, isObject } from '../protocol/section.ts'
import type { PersonEntry, ReadEntry, RegistryKind } from './entries.ts'
import { Holders, policiesOf } from './holders.ts'
import type { Lookup } from './lookup.ts'
import { readRegistryEntry } from './read-registry-entry.ts'
import { readRosterRow, type RosterRow } from './read-roster-row.ts'
import { Seen } from './seen.ts'
import type { SourceBatch, SourceItem } from './source.ts'

/** A person as a file states it: parts that the file says nothing of are absent and stay as they are registered. */
export type StatedPerson = Omit<PersonEntry, KeptPart> & Partial<Pick<PersonEntry, KeptPart>>

export type KeptPart = 'identities' | 'policies'

/** What may be written. */
export type Accepted =
  | { readonly person: StatedPerson }
  | { readonly entry: Exclude<ReadEntry, { kind: 'person' }> }
  | { readonly roster: RosterRow }

/** What one batch came to. */
export interface Checked {
  readonly accepted: readonly Accepted[]
  /** Each with its line, and its column where there is one. */
  readonly problems: readonly Problem[]
  /** Rows read, and rows left out because something in them, or in a row of the same person, is wrong. */
  readonly rows: number
  readonly refusedRows: number
}

/** What keeps somebody's rows of a roster from being taken, although they are right. */
export interface RosterRule {
  /** `person`: as registered. */
  readonly check: (row: RosterRow, person: unknown) => Problem | undefined
  /** What is said instead of a problem of the row with what is registered already. */
  readonly told: (found: Problem) => Problem
}

const ANYBODY: RosterRule = { check: () => undefined, told: (found) => found }

/** Checks the items of one file in their order: each by itself, against those before it and against the register. */
export class ItemChecker {
  private readonly kind: RegistryKind
  private readonly lookup: Lookup
  private readonly holders: Holders
  private readonly rule: RosterRule
  /** Id, or person and policy → line. */
  private readonly ids = new Seen()
  /** Of a roster: person → policies that the file adds. */
  private readonly added = new Seen()

  constructor(kind: RegistryKind, lookup: Lookup, rule: RosterRule = ANYBODY) {
    this.rule = rule
    this.kind = kind
    this.lookup = lookup
    const isPersons = kind === 'person'
    this.holders = new Holders(lookup, (person) => isPersons && this.ids.get(person) > 0)
  }

  check(batch: SourceBatch): Checked {
    const accepted: Accepted[] = []
    const problems: Problem[] = []
    let [rows, refusedRows] = [0, 0]
    for (const item of batch.items) {
      rows += item.rows
      const read = this.kind === 'policy' ? this.checkRoster(item) : this.checkEntry(item)
      if (read.ok) {
        accepted.push(read.value)
        continue
      }
      refusedRows += item.rows
      for (const found of read.problems) problems.push(located(found, item, batch))
    }
    for (const refused of batch.refused) {
      rows += refused.rows
      refusedRows += refused.rows
      problems.push(...refused.problems)
    }
    problems.sort((left, right) => (left.line ?? 0) - (right.line ?? 0))
    return { accepted, problems, rows, refusedRows }
  }

  private checkEntry({ line, tree }: SourceItem): Result<Accepted> {
    const read = readRegistryEntry(this.kind, tree)
    if (!read.ok) return read
    const entry = read.value
    const repeated = this.seen(entry.id, 'id', line)
    if (repeated !== undefined) return failure(repeated)
    if (entry.kind !== 'person') return success({ entry })
    const { policies } = entry.entry
    const holdings = policies.map((policy) => ({ person: entry.id, policy, line }))
    const problems = holdings.flatMap((holding, index) => {
      const found = this.holders.check(holding)
      return found === undefined ? [] : [{ ...found, where: `policies[${index}].id` }]
    })
    if (problems.length > 0) return failureOf(problems)
    for (const holding of holdings) this.holders.add(holding)
    return success({ person: statedPerson(entry.entry, tree) })
  }

  private checkRoster({ line, tree }: SourceItem): Result<Accepted> {
    const read = readRosterRow(tree)
    if (!read.ok) return read
    const roster = read.value
    const { person, policy } = roster
    const id = String(policy['id'])
    const repeated = this.seen(`${person}|${id}`, 'id', line)
    if (repeated !== undefined) return failure(repeated)
    const registered = this.lookup('person', person)
    if (registered === undefined) {
      return failure(problem('PERSON_UNKNOWN', 'person', { person: quoted(person) }))
    }
    const forbidden = this.rule.check(roster, registered)
    if (forbidden !== undefined) return failure(forbidden)
    const found = this.holders.check({ person, policy, line })
    if (found !== undefined) return failure(this.rule.told({ ...found, where: 'id' }))
    const held = policiesOf(registered)
    const others = held.filter((other) => other['id'] !== id).length
    const added = this.added.get(person) + (others === held.length ? 1 : 0)
    if (others + added > LIMITS.policies) {
      const details = { count: others + added, max: LIMITS.policies }
      return failure(this.rule.told(problem('LIST_TOO_LONG', 'person', details)))
    }
    if (added > 0) this.added.set(person, added)
    this.holders.add({ person, policy, line })
    return success({ roster })
  }

  /** Notes the id; a problem when the file has had it before. */
  private seen(id: string, where: string, line: number): Problem | undefined {
    const first = this.ids.get(id)
    if (first > 0) return problem('REGISTER_ID_REPEATED', where, { id: quoted(id), line: first })
    this.ids.set(id, line)
    return undefined
  }
}

function statedPerson(person: PersonEntry, tree: unknown): StatedPerson {
  if (!isObject(tree)) return person
  const [noIdentities, noPolicies] = [isBlank(tree['identities']), isBlank(tree['policies'])]
  if (!noIdentities && !noPolicies) return person
  const { coverage, facts, familyId, id, identities, jurisdiction, policies } = person
  const rest: StatedPerson =
    familyId === undefined
      ? { id, jurisdiction, facts, coverage }
      : { id, jurisdiction, familyId, facts, coverage }
  // Nearly every file states neither.
  if (noIdentities && noPolicies) return rest
  return noIdentities ? { ...rest, policies } : { ...rest, identities }
}

function located(found: Problem, item: SourceItem, batch: SourceBatch): Problem {
  const { column, field, line } = batch.locate(item, found.where)
  const placed = { ...found, where: field, line }
  return column === undefined ? placed : { ...placed, column }
}
