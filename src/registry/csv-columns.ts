import { failureOf, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { nationalNames } from '../protocol/fact-sections.ts'
import { quoted } from '../protocol/findings.ts'
import { nearestWord } from '../rules/read/nearest.ts'
import { FACTS, type FactTrait, type FactType } from '../rules/facts.ts'
import type { RegistryKind } from './entries.ts'
import { REGISTRY_LIMITS } from './limits.ts'

/** The object of an item that a column fills. */
export type Part = 'entry' | 'facts' | 'coverage' | 'coverageFacts' | 'identity' | 'policy'

export interface CsvColumn {
  readonly part: Part
  /** Name in that object, as it is written. */
  readonly key: string
  readonly type: FactType
  /** The same for every name of one field. */
  readonly field: string
}

type Known = ReadonlyMap<string, CsvColumn>

/** Columns without which no row can be right; several names of one. */
const REQUIRED: Readonly<Record<RegistryKind, readonly (readonly string[])[]>> = {
  person: [['id', 'psn_no'], ['jurisdiction'], ['coverage.from']],
  policy: [['person', 'psn_no'], ['id'], ['product']],
  hospital: [['id', 'fixmedins_code']],
  supplier: [['id']],
}

const KNOWN: Readonly<Record<RegistryKind, Known>> = {
  person: new Map([
    ...members('entry', '', ['id', 'jurisdiction', 'familyId']),
    ...member('entry', 'psn_no', 'id'),
    ...facts('facts', '', 'person', ['id', 'identities']),
    ...members('coverage', 'coverage.', ['from', 'to']),
    ...facts('coverageFacts', 'coverage.', 'person', ['id', 'identities']),
    ...members('identity', 'identity.', ['word', 'from', 'to']),
    ...facts('policy', 'policy.', 'policy'),
    ...shared('policy.'),
  ]),
  policy: new Map([
    ...member('entry', 'person'),
    ...member('entry', 'psn_no', 'person'),
    ...facts('entry', '', 'policy'),
    ...shared('', 'entry'),
  ]),
  hospital: new Map([
    ...member('entry', 'id'),
    ...member('entry', 'fixmedins_code', 'id'),
    ...facts('facts', '', 'hospital', ['id']),
  ]),
  supplier: new Map(members('entry', '', ['id', 'name'])),
}

type Row = readonly [string, CsvColumn]

function member(part: Part, key: string, field: string = key): readonly Row[] {
  return [[key, { part, key, type: 'string', field }]]
}

function members(part: Part, prefix: string, keys: readonly string[]): readonly Row[] {
  return keys.map((key) => [prefix + key, { part, key, type: 'string', field: prefix + key }])
}

function shared(prefix: string, part: Part = 'policy'): readonly Row[] {
  return [[`${prefix}shared`, { part, key: 'shared', type: 'bool', field: `${prefix}shared` }]]
}

/** Every fact of `group` under our name and the national ones. */
function facts(
  part: Part,
  prefix: string,
  group: 'person' | 'hospital' | 'policy',
  apart: readonly string[] = [],
): readonly Row[] {
  const traits: readonly (readonly [string, FactTrait])[] = Object.entries(FACTS[group])
  const names = [...nationalNames(group)]
  return traits
    .filter(([key]) => !apart.includes(key))
    .flatMap(([key, { type }]) => {
      const written = [key, ...names.flatMap(([name, ours]) => (ours === key ? [name] : []))]
      return written.map((name): Row => [
        prefix + name,
        { part, key: name, type, field: prefix + key },
      ])
    })
}

/**
 * What the columns of a file mean, in their order. Refused: an unknown name, two columns of one field, a missing column, more
 * columns than `REGISTRY_LIMITS.columns`.
 */
export function readColumns(
  kind: RegistryKind,
  header: readonly string[],
): Result<readonly CsvColumn[]> {
  const max = REGISTRY_LIMITS.columns
  if (header.length > max) {
    return failureOf([problem('REGISTER_COLUMNS_TOO_MANY', '', { count: header.length, max })])
  }
  const known = KNOWN[kind]
  const problems: Problem[] = []
  const columns: CsvColumn[] = []
  const fields = new Map<string, string>()
  for (const [index, name] of header.entries()) {
    const meaning = known.get(name)
    const place = { line: 1, column: index + 1 }
    const details = { name: quoted(name) }
    if (meaning === undefined) {
      const nearest = nearestWord(name, [...known.keys()])
      const unknown = problem('REGISTER_COLUMN_UNKNOWN', details.name, { ...details, nearest })
      problems.push({ ...unknown, ...place })
      continue
    }
    const other = fields.get(meaning.field)
    if (other !== undefined) {
      const twice = problem('REGISTER_COLUMN_REPEATED', details.name, { ...details, other })
      problems.push({ ...twice, ...place })
    }
    fields.set(meaning.field, name)
    columns.push(meaning)
  }
  for (const names of REQUIRED[kind]) {
    if (names.some((name) => header.includes(name))) continue
    const name = names.join(' / ')
    problems.push({ ...problem('REGISTER_COLUMN_MISSING', name, { name }), line: 1 })
  }
  return problems.length > 0 ? failureOf(problems) : success(columns)
}
