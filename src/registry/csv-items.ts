import type { CsvPart } from '../csv.ts'
import { problem, type Problem } from '../errors/problem.ts'
import { readColumns, type CsvColumn } from './csv-columns.ts'
import { CsvPersons } from './csv-persons.ts'
import { CsvRows, type Cells, type CsvRow } from './csv-rows.ts'
import type { RegistryKind } from './entries.ts'
import { REGISTRY_LIMITS } from './limits.ts'
import type { PartLines, Place, RefusedRows, SourceBatch, SourceItem } from './source.ts'

/**
 * The items of a CSV file whose first row names its columns. Rows of one person stand together and are one item. An empty cell
 * states nothing.
 */
export async function* csvItems(
  kind: RegistryKind,
  parts: AsyncIterable<CsvPart>,
): AsyncGenerator<SourceBatch> {
  const reader = new CsvReader(kind)
  for await (const part of parts) {
    const batch = part.ok ? reader.read(part.rows) : reader.stop(part)
    yield batch
    if (batch.stopped !== undefined) return
  }
  yield reader.end()
}

class CsvReader {
  private readonly kind: RegistryKind
  private rows: CsvRows | undefined
  private header: readonly string[] = []
  private columns: readonly CsvColumn[] = []
  private persons: CsvPersons | undefined
  /** Where the next row begins. */
  private line = 1
  private items: SourceItem[] = []
  private refused: RefusedRows[] = []

  constructor(kind: RegistryKind) {
    this.kind = kind
  }

  read(rows: readonly (readonly string[])[]): SourceBatch {
    for (const cells of rows) {
      const { line } = this
      this.line += 1 + lineEndsIn(cells)
      if (cells.length === 1 && cells[0] === '') continue
      if (this.rows !== undefined) this.readRow(cells, line, this.rows)
      else {
        const columns = readColumns(this.kind, cells)
        if (!columns.ok) return this.batch({ problems: columns.problems })
        this.open(cells, columns.value)
      }
    }
    return this.batch()
  }

  /** The last person, whose rows no other row has ended. */
  end(): SourceBatch {
    this.persons?.end()
    if (this.rows !== undefined) return this.batch()
    return this.batch({ problems: [problem('REGISTER_FILE_EMPTY', '')] })
  }

  stop({ line, why }: Extract<CsvPart, { ok: false }>): SourceBatch {
    const details = { from: this.line, line, max: REGISTRY_LIMITS.row }
    const code = why === 'tooLong' ? 'REGISTER_ROW_TOO_LONG' : 'REGISTER_CSV_MALFORMED'
    return this.batch({ problems: [{ ...problem(code, '', details), line: this.line }] })
  }

  private open(header: readonly string[], columns: readonly CsvColumn[]): void {
    this.header = header
    this.columns = columns
    this.rows = new CsvRows(header, columns)
    if (this.kind === 'person') this.persons = new CsvPersons(columns, this.items, this.refused)
  }

  private readRow(cells: readonly string[], line: number, rows: CsvRows): void {
    const problems: Problem[] = []
    const row = rows.row(cells, line, problems)
    if (this.persons !== undefined) this.persons.add(row, line, problems, this.locateName)
    else if (problems.length > 0) this.refused.push({ rows: 1, problems })
    else this.items.push({ tree: treeOf(row, this.kind), line, rows: 1 })
  }

  private batch(stopped?: { readonly problems: readonly Problem[] }): SourceBatch {
    const { items, locate, refused } = this
    const batch = { items: [...items], refused: [...refused], locate }
    items.length = 0
    refused.length = 0
    return stopped === undefined ? batch : { ...batch, stopped: stopped.problems }
  }

  private readonly locateName = (field: string, line: number): Place => {
    const written = this.header.indexOf(field)
    // A field that is missing is named as we name it.
    const index = written >= 0 ? written : this.columns.findIndex((one) => one.field === field)
    return { line, field: this.header[index] ?? field, ...(index >= 0 && { column: index + 1 }) }
  }

  private readonly locate = (item: SourceItem, path: string): Place => {
    const { list, index, name } = columnOf(path)
    const line = list === undefined ? undefined : item.parts?.[list][index]
    return this.locateName(name, line ?? item.line)
  }
}

const LIST_PREFIX = { coverage: 'coverage.', identities: 'identity.', policies: 'policy.' } as const

/** `coverage[1].facts.tier` is column `coverage.tier` of the row that states the second period. */
function columnOf(path: string): {
  readonly list: keyof PartLines | undefined
  readonly index: number
  readonly name: string
} {
  const whole = path.replace(/^facts\./, '').replace(/\[[0-9]+\]$/, '')
  const parts = /^(coverage|identities|policies)\[([0-9]+)\](?:\.facts)?(?:\.(.*))?$/.exec(whole)
  const [, list, index, name = ''] = parts ?? []
  if (list !== 'coverage' && list !== 'identities' && list !== 'policies') {
    return { list: undefined, index: 0, name: whole }
  }
  return { list, index: Number(index), name: LIST_PREFIX[list] + name }
}

function treeOf({ entry, facts }: CsvRow, kind: RegistryKind): Cells {
  if (kind !== 'hospital') return entry
  return { ...entry, facts: facts ?? {} }
}

function lineEndsIn(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) {
    if (cell.includes('\n') || cell.includes('\r')) count += cell.split(/\r\n|\n|\r/).length - 1
  }
  return count
}
