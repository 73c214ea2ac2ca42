import { readCsv } from '../../csv.ts'
import { PACK_LIMITS } from '../limits.ts'

export type ColumnReading =
  | { readonly outcome: 'read'; readonly items: readonly string[] }
  | { readonly outcome: 'malformed' }
  | { readonly outcome: 'columnMissing'; readonly columns: readonly string[] }

/** Cells of one column below the header, empty ones left out, each once. */
export function readCsvColumn(text: string, column: string): ColumnReading {
  const reading = readCsv(text)
  const [header, ...body] = reading.ok ? reading.rows : []
  if (header === undefined) return { outcome: 'malformed' }
  const names = header.map((name) => name.trim())
  const index = names.indexOf(column)
  if (index < 0) return { outcome: 'columnMissing', columns: names.slice(0, COLUMNS_SHOWN) }
  const items = new Set<string>()
  for (const row of body) {
    const item = (row[index] ?? '').trim()
    if (item !== '') items.add(item)
    // One more than is allowed, so that the caller sees it and a list of millions is not gathered.
    if (items.size > PACK_LIMITS.listItemsMax) break
  }
  return { outcome: 'read', items: [...items] }
}

/** Columns looked at for the nearest name. */
const COLUMNS_SHOWN = 200

/** Lines of a text, empty ones left out, each once. */
export function readLines(text: string): readonly string[] {
  return distinct(text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/))
}

function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))]
}
