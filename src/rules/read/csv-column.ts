import { PACK_LIMITS } from '../limits.ts'

/** One field and what ends it: "," or the end of the row. */
interface Field {
  readonly text: string
  readonly isLast: boolean
  /** Where the next field begins. */
  readonly next: number
}

const PLAIN = /([^",\r\n]*)(,|\r\n|\r|\n|$)/y
const END = /,|\r\n|\r|\n|$/y

/** The field of RFC 4180 text that begins at `start`; undefined when a quote is not closed or stands inside a field. */
function fieldAt(text: string, start: number): Field | undefined {
  if (text[start] === '"') return quotedFieldAt(text, start)
  PLAIN.lastIndex = start
  const match = PLAIN.exec(text)
  if (match === null) return undefined
  const [whole, content = '', end] = match
  return { text: content, isLast: end !== ',', next: start + whole.length }
}

/** By search and not by a pattern: a pattern remembers every character of a field of megabytes and runs out of memory. */
function quotedFieldAt(text: string, start: number): Field | undefined {
  let close = text.indexOf('"', start + 1)
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close < 0) return undefined
  END.lastIndex = close + 1
  const end = END.exec(text)?.[0]
  if (end === undefined) return undefined
  const content = text.slice(start + 1, close).replaceAll('""', '"')
  return { text: content, isLast: end !== ',', next: close + 1 + end.length }
}

/** Rows of fields; the last one is undefined when it is malformed. */
function* rowsOf(text: string): Generator<readonly string[] | undefined> {
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    const row: string[] = []
    for (let isOpen = true; isOpen;) {
      const field = fieldAt(text, at)
      if (field === undefined) {
        yield undefined
        return
      }
      row.push(field.text)
      at = field.next
      isOpen = !field.isLast
    }
    yield row
  }
}

export type ColumnReading =
  | { readonly outcome: 'read'; readonly items: readonly string[] }
  | { readonly outcome: 'malformed' }
  | { readonly outcome: 'columnMissing'; readonly columns: readonly string[] }

/** Cells of one column below the header, empty ones left out, each once. */
export function readCsvColumn(text: string, column: string): ColumnReading {
  const items = new Set<string>()
  let index: number | undefined
  for (const row of rowsOf(text)) {
    if (row === undefined) return { outcome: 'malformed' }
    if (index === undefined) {
      const names = row.map((name) => name.trim())
      index = names.indexOf(column)
      if (index < 0) return { outcome: 'columnMissing', columns: names.slice(0, COLUMNS_SHOWN) }
      continue
    }
    const item = (row[index] ?? '').trim()
    if (item !== '') items.add(item)
    if (items.size > PACK_LIMITS.listItemsMax) break
  }
  return index === undefined ? { outcome: 'malformed' } : { outcome: 'read', items: [...items] }
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
