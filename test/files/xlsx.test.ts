import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { XLSX_LIMITS } from '../../src/files/xlsx/limits.ts'
import { XlsxRefused } from '../../src/files/xlsx/xlsx-refused.ts'
import { xlsxRows } from '../../src/files/xlsx/xlsx-rows.ts'
import { textRow, workbookOf, zipOf } from './workbooks.ts'

const folder = mkdtempSync(join(tmpdir(), 'xlsx-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

let files = 0

/** The rows of a workbook, or the code and place it is refused with. */
async function read(bytes: Uint8Array): Promise<unknown> {
  files += 1
  const path = join(folder, `${files}.xlsx`)
  writeFileSync(path, bytes)
  const rows: unknown[] = []
  try {
    for await (const part of xlsxRows(path)) if (part.ok) rows.push(...part.rows)
    return rows
  } catch (error) {
    if (!(error instanceof XlsxRefused)) throw error
    const { code, where } = error.problem('x')
    return `${code} ${where}`.trim()
  }
}

describe('a workbook', () => {
  it('gives texts, numbers, dates and booleans as a CSV file would have them', async () => {
    const rows =
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>' +
      '<row r="4"><c r="A4"><v>12</v></c><c r="C4" s="1"><v>45292</v></c></row>' +
      '<row r="5"><c r="A5" t="b"><v>1</v></c><c r="B5"><v>0.30000000000000004</v></c><c r="C5" s="2"><v>45657</v></c></row>'
    const sharedStrings =
      '<si><t>甲</t></si><si><r><t>b</t></r><r><t>c</t></r><rPh><t>x</t></rPh></si><si><t>&lt;d&gt;</t></si>'
    expect(await read(workbookOf(rows, { sharedStrings }))).toEqual([
      ['甲', 'bc', '<d>'],
      [''],
      [''],
      ['12', '', '2024-01-01'],
      ['true', '0.3', '2024-12-31'],
    ])
  })

  it('refuses a formula, an id that lost its digits, an error and a time, each with its cell', async () => {
    const cell = (inner: string) => read(workbookOf(`<row r="3">${inner}</row>`))
    const refused = (place: string) => `XLSX_CELL_REFUSED ${place}`
    expect(await cell('<c r="B3" t="str"><f>HYPERLINK("x")</f><v>x</v></c>')).toBe(refused('B3'))
    expect(await cell('<c r="A3"><v>110101199001011234</v></c>')).toBe(refused('A3'))
    expect(await cell('<c r="A3"><v>1.10101199001011E+17</v></c>')).toBe(refused('A3'))
    expect(await cell('<c r="A3" t="e"><v>#REF!</v></c>')).toBe(refused('A3'))
    expect(await cell('<c r="A3" s="1"><v>45292.5</v></c>')).toBe(refused('A3'))
    expect(await cell('<c r="A3" t="s"><v>7</v></c>')).toBe(refused('A3'))
    expect(await cell('<c r="XFD3"><v>7</v></c>')).toBe(refused('XFD3'))
  })

  it('does not believe what a sheet says of its own size', async () => {
    const rows = textRow(1, ['a', 'b'])
    expect(await read(workbookOf(rows, { dimension: 'A1:XFD1048576' }))).toEqual([['a', 'b']])
    expect(await read(workbookOf('<row r="99999999"/>'))).toBe('XLSX_TOO_LARGE')
    expect(await read(workbookOf('<row r="2"/><row r="1"/>'))).toBe('XLSX_UNREADABLE')
  })
})

describe('a hostile archive', () => {
  it('is refused by the size that it states, before anything is unpacked', async () => {
    const stated = XLSX_LIMITS.unpackedBytes + 1
    expect(await read(workbookOf('', { stated }))).toBe('XLSX_TOO_LARGE')
  })

  it('is refused as soon as it unpacks to more than it stated', async () => {
    const rows = textRow(1, ['a'.repeat(1_000_000)])
    expect(await read(workbookOf(rows, { stated: 1_000 }))).toBe('XLSX_UNREADABLE')
  })

  it('is refused for its entities, its depth, its number of files and a file twice', async () => {
    const prolog = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    expect(await read(workbookOf('<row><c><v>&b;</v></c></row>', { prolog }))).toBe(
      'XLSX_UNREADABLE',
    )
    expect(await read(workbookOf('<row><c><v>&nbsp;</v></c></row>'))).toBe('XLSX_UNREADABLE')
    expect(await read(workbookOf('<x>'.repeat(100_000)))).toBe('XLSX_TOO_LARGE')
    const many = Array.from({ length: XLSX_LIMITS.entries }, (_, at) => ({
      name: `${at}`,
      text: '',
    }))
    expect(await read(workbookOf('', { more: many }))).toBe('XLSX_TOO_LARGE')
    const twice = [{ name: 'xl/workbook.xml', text: '<workbook/>' }]
    expect(await read(workbookOf('', { more: twice }))).toBe('XLSX_UNREADABLE')
  })

  it('is refused when it is none, or no workbook', async () => {
    expect(await read(Buffer.from('person,id,product\n'))).toBe('XLSX_UNREADABLE')
    expect(await read(zipOf([{ name: 'a', text: 'b' }]))).toBe('XLSX_UNREADABLE')
    const whole = workbookOf(textRow(1, ['a']))
    expect(await read(whole.subarray(0, whole.length - 30))).toBe('XLSX_UNREADABLE')
    expect(await read(zipOf([{ name: '../../a', text: 'b' }]))).toBe('XLSX_UNREADABLE')
  })
})
