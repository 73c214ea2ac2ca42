import { problem, type Problem } from '../errors/problem.ts'
import type { FactType } from '../rules/facts.ts'
import type { CsvColumn, Part } from './csv-columns.ts'

export type Cells = Readonly<Record<string, unknown>>

/** What one row states, by the part of an entry that it fills; a part of which every cell is empty is absent. */
export interface CsvRow {
  readonly entry: Cells
  readonly facts: Cells | undefined
  /** A coverage period with its facts. */
  readonly coverage: Cells | undefined
  readonly identity: Cells | undefined
  readonly policy: Cells | undefined
}

/** Cells of rows to what they state. */
export class CsvRows {
  private readonly header: readonly string[]
  private readonly columnCount: number
  private readonly entry: CsvPart
  private readonly policy: CsvPart
  private readonly facts: SharedPart
  private readonly coverage: SharedPart
  private readonly identity: SharedPart

  constructor(header: readonly string[], columns: readonly CsvColumn[]) {
    const part = (...names: readonly Part[]) => {
      const placed = columns.map((column, index) => ({ ...column, index }))
      return new CsvPart(placed.filter((column) => names.includes(column.part)))
    }
    this.header = header
    this.columnCount = columns.length
    this.entry = part('entry')
    this.policy = part('policy')
    this.facts = new SharedPart(part('facts'))
    this.coverage = new SharedPart(part('coverage', 'coverageFacts'))
    this.identity = new SharedPart(part('identity'))
  }

  /** What is wrong with the row as a row goes to `problems`. */
  row(cells: readonly string[], line: number, problems: Problem[]): CsvRow {
    if (cells.length !== this.columnCount) {
      const details = { count: cells.length, columns: this.columnCount }
      problems.push({ ...problem('REGISTER_ROW_LENGTH', '', details), line })
    }
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index] ?? ''
      if (!isSpaced(cell)) continue
      const name = this.header[index] ?? ''
      const spaced = problem('REGISTER_CELL_SPACED', name, { name })
      problems.push({ ...spaced, line, column: index + 1 })
    }
    return {
      entry: this.entry.read(cells) ?? {},
      facts: this.facts.read(cells),
      coverage: this.coverage.read(cells),
      identity: this.identity.read(cells),
      policy: this.policy.read(cells),
    }
  }
}

function isSpaced(cell: string): boolean {
  return cell !== '' && cell.trim().length !== cell.length
}

interface PlacedColumn extends CsvColumn {
  readonly index: number
}

/** The columns of one part of an entry. */
class CsvPart {
  private readonly columns: readonly PlacedColumn[]

  constructor(columns: readonly PlacedColumn[]) {
    this.columns = columns
  }

  /** The same text for cells that state the same; '' for a part without columns. */
  text(cells: readonly string[]): string {
    let text = ''
    for (const { index } of this.columns) text += `${cells[index] ?? ''}\0`
    return text
  }

  /** Undefined when every cell is empty. */
  read(cells: readonly string[]): Record<string, unknown> | undefined {
    let part: Record<string, unknown> | undefined
    let facts: Record<string, unknown> | undefined
    for (const { index, key, part: name, type } of this.columns) {
      const cell = cells[index] ?? ''
      if (cell === '') continue
      part ??= {}
      const value = type === 'string' ? cell : cellValue(cell, type)
      if (name === 'coverageFacts') (facts ??= {})[key] = value
      else part[key] = value
    }
    if (part !== undefined && facts !== undefined) part['facts'] = facts
    return part
  }
}

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }

/**
 * A cell as the value that a document would hold: true, false, 1 and 0 where a boolean belongs, `a;b` as a list where one belongs,
 * else its text. What is none of these stays text, for the reader to refuse.
 */
function cellValue(cell: string, type: FactType): unknown {
  if (type === 'bool') return Object.hasOwn(BOOLEANS, cell) ? BOOLEANS[cell] : cell
  return type === 'strings' ? cell.split(';') : cell
}

const KEPT_MAX = 4_096

/**
 * A part that many rows state alike, such as the coverage of a year: made once and frozen, so that it is read once. Where hardly any
 * two rows do, it is made for every row.
 */
class SharedPart {
  private readonly part: CsvPart
  private kept: Map<string, Cells | undefined> | undefined = new Map()
  private found = 0

  constructor(part: CsvPart) {
    this.part = part
  }

  read(cells: readonly string[]): Cells | undefined {
    const { kept, part } = this
    if (kept === undefined) return part.read(cells)
    const text = part.text(cells)
    const known = kept.get(text)
    if (known !== undefined || kept.has(text)) {
      this.found += 1
      return known
    }
    const read = part.read(cells)
    if (kept.size >= KEPT_MAX) {
      this.kept = this.found < KEPT_MAX ? undefined : new Map()
      this.found = 0
    }
    this.kept?.set(text, read === undefined ? undefined : frozen(read))
    return read
  }
}

/** `value`, frozen to its last member. */
function frozen<T extends object>(value: T): Readonly<T> {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) frozen(member)
  }
  return Object.freeze(value)
}
