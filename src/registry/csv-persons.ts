import { problem, type Problem } from '../errors/problem.ts'
import { quoted } from '../protocol/findings.ts'
import type { CsvColumn } from './csv-columns.ts'
import type { Cells, CsvRow } from './csv-rows.ts'
import { REGISTRY_LIMITS } from './limits.ts'
import type { Place, RefusedRows, SourceItem } from './source.ts'

type LocateName = (field: string, line: number) => Place

/** One person while its rows come. */
interface Open {
  readonly id: unknown
  readonly line: number
  rows: number
  entry: Cells
  facts: Cells
  readonly lists: Readonly<Record<ListName, ListOfPerson>>
  readonly problems: Problem[]
}

type ListName = 'coverage' | 'identities' | 'policies'

interface ListOfPerson {
  readonly entries: Cells[]
  readonly lines: number[]
  /** Text of each entry; unused while the person has one row. */
  readonly texts: Set<string>
}

/**
 * Gathers the rows of each person, which stand together: a person states its own facts in one row or the same in several, and each
 * row adds a coverage period, an identity or a policy, those that it repeats left out.
 */
export class CsvPersons {
  private open: Open | undefined
  private readonly items: SourceItem[]
  private readonly refused: RefusedRows[]
  private readonly hasIdentities: boolean
  private readonly hasPolicies: boolean

  /** Finished persons go to `items` or `refused`. */
  constructor(columns: readonly CsvColumn[], items: SourceItem[], refused: RefusedRows[]) {
    this.items = items
    this.refused = refused
    this.hasIdentities = columns.some(({ part }) => part === 'identity')
    this.hasPolicies = columns.some(({ part }) => part === 'policy')
  }

  add(row: CsvRow, line: number, problems: readonly Problem[], locate: LocateName): void {
    const id = row.entry['id'] ?? row.entry['psn_no']
    let { open } = this
    if (open === undefined || id === undefined || id !== open.id) {
      this.end()
      open = this.begin(row, id, line)
    } else {
      open.rows += 1
      if (open.rows > REGISTRY_LIMITS.personRows) {
        if (open.rows === REGISTRY_LIMITS.personRows + 1)
          open.problems.push(tooManyRows(open, line))
        return
      }
      open.entry = merged(open, open.entry, row.entry, line, locate)
      if (row.facts !== undefined) open.facts = merged(open, open.facts, row.facts, line, locate)
    }
    open.problems.push(...problems)
    addTo(open, 'coverage', row.coverage, line)
    addTo(open, 'identities', row.identity, line)
    addTo(open, 'policies', row.policy, line)
  }

  /** No further row belongs to the person that is open. */
  end(): void {
    const { open } = this
    if (open === undefined) return
    this.open = undefined
    const { line, lists, problems, rows } = open
    if (problems.length > 0) {
      this.refused.push({ rows, problems })
      return
    }
    const { coverage, identities, policies } = lists
    const tree = treeOf(open, this.hasIdentities, this.hasPolicies)
    if (rows === 1) this.items.push({ tree, line, rows })
    else {
      const parts = {
        coverage: coverage.lines,
        identities: identities.lines,
        policies: policies.lines,
      }
      this.items.push({ tree, line, rows, parts })
    }
  }

  private begin(row: CsvRow, id: unknown, line: number): Open {
    const lists = { coverage: emptyList(), identities: emptyList(), policies: emptyList() }
    const own = { entry: row.entry, facts: row.facts ?? {} }
    this.open = { id, line, rows: 1, ...own, lists, problems: [] }
    return this.open
  }
}

/** What a file has no column for it says nothing of. Written out: spreading the entry would cost more than reading it. */
function treeOf(open: Open, hasIdentities: boolean, hasPolicies: boolean): Cells {
  const { entry, facts, lists } = open
  const tree: Record<string, unknown> = {}
  for (const key in entry) tree[key] = entry[key]
  tree['facts'] = facts
  tree['coverage'] = lists.coverage.entries
  if (hasIdentities) tree['identities'] = lists.identities.entries
  if (hasPolicies) tree['policies'] = lists.policies.entries
  return tree
}

function emptyList(): ListOfPerson {
  return { entries: [], lines: [], texts: new Set() }
}

function addTo(open: Open, name: ListName, entry: Cells | undefined, line: number): void {
  if (entry === undefined) return
  const { entries, lines, texts } = open.lists[name]
  if (open.rows > 1) {
    if (texts.size === 0) for (const earlier of entries) texts.add(JSON.stringify(earlier))
    const text = JSON.stringify(entry)
    if (texts.has(text)) return
    texts.add(text)
  }
  entries.push(entry)
  lines.push(line)
}

/** `own` with what a further row states of the person itself, which may not differ from the rows before. */
function merged(open: Open, own: Cells, more: Cells, line: number, locate: LocateName): Cells {
  const both: Record<string, unknown> = { ...own }
  for (const [key, value] of Object.entries(more)) {
    const before = own[key]
    if (before === undefined) both[key] = value
    if (before === undefined || JSON.stringify(before) === JSON.stringify(value)) continue
    const { column, field } = locate(key, line)
    const details = { name: field, before: quoted(before), now: quoted(value) }
    const differs = { ...problem('REGISTER_ROWS_DIFFER', field, details), line }
    open.problems.push(column === undefined ? differs : { ...differs, column })
  }
  return both
}

function tooManyRows({ id }: Open, line: number): Problem {
  const details = { person: quoted(id), max: REGISTRY_LIMITS.personRows }
  return { ...problem('REGISTER_PERSON_ROWS_TOO_MANY', '', details), line }
}
