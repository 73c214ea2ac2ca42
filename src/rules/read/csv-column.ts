/** Rows of RFC 4180 text: quoted fields, doubled quotes, CRLF or LF; undefined when a quote is not closed. */
function parseRows(text: string): readonly (readonly string[])[] | undefined {
  const rows: string[][] = []
  let row: string[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\r|\n|$)/y
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  while (field.lastIndex < body.length) {
    const match = field.exec(body)
    if (match === null) return undefined
    const [, quoted, plain = '', end] = match
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') {
      if (field.lastIndex === body.length) row.push('')
      else continue
    }
    rows.push(row)
    row = []
  }
  return rows
}

export type ColumnReading =
  | { readonly outcome: 'read'; readonly items: readonly string[] }
  | { readonly outcome: 'malformed' }
  | { readonly outcome: 'columnMissing'; readonly columns: readonly string[] }

/** Cells of one column below the header, empty ones left out, each once. */
export function readCsvColumn(text: string, column: string): ColumnReading {
  const rows = parseRows(text)
  const [header, ...body] = rows ?? []
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
