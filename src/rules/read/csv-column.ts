import { readCsv } from '../../csv.ts'

export type ColumnReading =
  | { readonly outcome: 'read'; readonly items: readonly string[] }
  | { readonly outcome: 'malformed' }
  | { readonly outcome: 'columnMissing'; readonly columns: readonly string[] }

/** Cells of one column below the header, empty ones left out, each once. */
export function readCsvColumn(text: string, column: string): ColumnReading {
  const reading = readCsv(text)
  const [header, ...body] = reading.ok ? reading.rows : []
  if (header === undefined) return { outcome: 'malformed' }
  const index = header.findIndex((name) => name.trim() === column)
  if (index < 0) return { outcome: 'columnMissing', columns: header.map((name) => name.trim()) }
  return { outcome: 'read', items: distinct(body.map((row) => row[index] ?? '')) }
}

/** Lines of a text, empty ones left out, each once. */
export function readLines(text: string): readonly string[] {
  return distinct(text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/))
}

function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))]
}
