import { readCsvParts } from '../../src/csv.ts'
import type { Problem } from '../../src/errors/problem.ts'
import type { RegistryEntry } from '../../src/ledger/record.ts'
import { csvItems } from '../../src/registry/csv-items.ts'
import type { RegistryKind } from '../../src/registry/entries.ts'
import {
  importRegistry,
  type ImportMode,
  type ImportProgress,
  type ImportReport,
  type Spool,
} from '../../src/registry/import-registry.ts'
import { jsonItems } from '../../src/registry/json-items.ts'
import { REGISTRY_LIMITS } from '../../src/registry/limits.ts'
import type { PackedItems } from '../../src/registry/packed-items.ts'

/** A register in memory: what was written last stands. */
export class Register {
  readonly entries = new Map<string, unknown>()
  readonly batches: (readonly RegistryEntry[])[] = []

  readonly lookup = (kind: RegistryKind, id: string): unknown => this.entries.get(`${kind} ${id}`)

  readonly write = (entries: readonly RegistryEntry[]): Promise<void> => {
    this.batches.push(entries)
    for (const { entry, id, kind } of entries) {
      // Through text, as a store would have it.
      this.entries.set(`${kind} ${id}`, JSON.parse(JSON.stringify(entry)))
    }
    return Promise.resolve()
  }
}

/** Through text, as a file would have it. */
export function memorySpool(): Spool {
  const texts: string[] = []
  return {
    add: (items) => Promise.resolve(void texts.push(JSON.stringify(items))),
    async *read() {
      for (const text of texts) yield Promise.resolve(JSON.parse(text) as PackedItems)
    },
  }
}

export interface ImportCase {
  readonly kind?: RegistryKind
  readonly mode?: ImportMode
  readonly format?: 'csv' | 'ndjson'
  readonly chunk?: number
  readonly register?: Register
  readonly batch?: number
  readonly onProblems?: (problems: readonly Problem[]) => void
  readonly progress?: (progress: ImportProgress) => void
}

/** Imports a text, cut into chunks of `chunk` characters, into `register`. */
export async function importText(text: string, of: ImportCase = {}): Promise<ImportReport> {
  const { chunk = 7, format = 'csv', kind = 'person', mode = 'all', register = new Register() } = of
  async function* chunks() {
    const characters = Array.from(text)
    for (let start = 0; start < characters.length; start += chunk) {
      yield Promise.resolve(Buffer.from(characters.slice(start, start + chunk).join('')))
    }
  }
  const read = readCsvParts(chunks(), REGISTRY_LIMITS.row)
  return importRegistry({
    kind,
    mode,
    entries: format === 'csv' ? csvItems(kind, read) : jsonItems(chunks()),
    spool: memorySpool(),
    lookup: register.lookup,
    write: register.write,
    ...(of.batch === undefined ? {} : { batch: of.batch }),
    ...(of.onProblems === undefined ? {} : { onProblems: of.onProblems }),
    ...(of.progress === undefined ? {} : { progress: of.progress }),
  })
}

/** `line:column CODE field` of every listed problem. */
export function placesOf({ problems }: ImportReport): readonly string[] {
  return problems.map(({ code, column, line, where }) => {
    return `${line ?? '-'}:${column ?? '-'} ${code} ${where}`.trim()
  })
}

export function rows(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
