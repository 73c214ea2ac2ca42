import type { CsvPart } from '../../csv.ts'
import { REGISTRY_LIMITS } from '../../registry/limits.ts'
import { cellText } from './cell-text.ts'
import { XLSX_LIMITS } from './limits.ts'
import { openArchive } from './open-archive.ts'
import { parseXml, type XmlReader } from './parse-xml.ts'
import { readWorkbook, type Workbook } from './workbook.ts'
import { cellRefused, tooLarge, unreadable } from './xlsx-refused.ts'

/**
 * The rows of the first sheet of a workbook, as those of a CSV file: row n of the sheet is the n-th row. What the sheet says of its own size is
 * not believed; formulas are refused, never evaluated. Throws `XlsxRefused`, and what the file system throws.
 */
export async function* xlsxRows(path: string): AsyncGenerator<CsvPart> {
  const archive = await openArchive(path)
  try {
    const workbook = await readWorkbook(archive)
    const sheet = archive.part(workbook.sheet)
    if (sheet === undefined) throw unreadable(`${workbook.sheet}?`)
    const reader = new SheetReader(workbook)
    for await (const _ of parseXml(sheet, reader)) {
      const rows = reader.take()
      if (rows.length > 0) yield { ok: true, rows }
    }
  } finally {
    archive.close()
  }
}

const NO_ROW: readonly string[] = ['']

class SheetReader implements XmlReader {
  readonly #workbook: Workbook
  #rows: (readonly string[])[] = []
  /** Number of the row that was read last. */
  #row = 0
  #cells: string[] = []
  #column = 0
  #width = 0
  #place = ''
  #type = 'n'
  #format = 0
  #value = ''
  #hasFormula = false
  #isValue = false
  #isAside = false

  constructor(workbook: Workbook) {
    this.#workbook = workbook
  }

  /** The rows that have been read since. */
  take(): readonly (readonly string[])[] {
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  readonly open = (name: string, attributes: Readonly<Record<string, string>>): void => {
    if (name === 'c') this.#openCell(attributes)
    else if (name === 'row') this.#openRow(attributes['r'])
    else if (name === 'f') this.#hasFormula = true
    else if (name === 'rPh') this.#isAside = true
    else if (name === 'v' || name === 't') this.#isValue = !this.#isAside
  }

  readonly text = (text: string): void => {
    if (this.#isValue) this.#value += text
  }

  readonly close = (name: string): void => {
    if (name === 'c') this.#closeCell()
    else if (name === 'row') this.#closeRow()
    else if (name === 'rPh') this.#isAside = false
    else if (name === 'v' || name === 't') this.#isValue = false
  }

  #openRow(stated: string | undefined): void {
    const row = stated === undefined ? this.#row + 1 : Number(stated)
    if (!Number.isInteger(row) || row <= this.#row) throw unreadable(`row ${String(stated)}`)
    if (row > XLSX_LIMITS.rows) throw tooLarge(`row ${row}`, XLSX_LIMITS.rows)
    // Rows that a sheet leaves out are empty.
    for (let left = row - this.#row; left > 1; left -= 1) this.#rows.push(NO_ROW)
    this.#row = row
    this.#cells = []
    this.#column = 0
  }

  #openCell({ r, s = '0', t = 'n' }: Readonly<Record<string, string>>): void {
    const letters = /^([A-Z]{1,3})\d+$/.exec(r ?? '')?.[1]
    if (r !== undefined && letters === undefined) throw unreadable(`cell ${r.slice(0, 20)}`)
    const column = letters === undefined ? this.#column + 1 : columnOf(letters)
    if (column <= this.#column) throw unreadable(`cell ${r}`)
    this.#column = column
    this.#place = r ?? `${column}:${this.#row}`
    this.#type = t
    this.#format = Number(s)
    this.#value = ''
    this.#hasFormula = false
  }

  #closeCell(): void {
    const text = cellText(
      {
        place: this.#place,
        type: this.#type,
        format: this.#format,
        value: this.#value,
        hasFormula: this.#hasFormula,
      },
      this.#workbook,
    )
    if (text === '') return
    if (this.#column > REGISTRY_LIMITS.columns) throw cellRefused(this.#place, 'column')
    while (this.#cells.length < this.#column - 1) this.#cells.push('')
    this.#cells.push(text)
  }

  /** A sheet leaves out empty cells at the end of a row; the first row says how many there are. */
  #closeRow(): void {
    const cells = this.#cells
    if (cells.length === 0) {
      this.#rows.push(NO_ROW)
      return
    }
    if (this.#width === 0) this.#width = cells.length
    while (cells.length < this.#width) cells.push('')
    this.#rows.push(cells)
  }
}

function columnOf(letters: string): number {
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column
}
