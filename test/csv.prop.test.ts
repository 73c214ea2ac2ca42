import { CsvError, parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsv } from '../src/csv.ts'

/** What an established parser reads, or the word `refused`. */
function expected(text: string): string[][] | 'refused' {
  try {
    return parse(text, {
      bom: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    })
  } catch (error) {
    if (error instanceof CsvError) return 'refused'
    throw error
  }
}

function actual(text: string): string[][] | 'refused' {
  const reading = readCsv(text)
  return reading.ok ? reading.rows : 'refused'
}

test('any text of marks, quotes and letters is read or refused as csv-parse does', () => {
  const pieces = fc.array(fc.constantFrom('a', '药', ' ', ',', '"', '""', '\n', '\r\n', '\r'), {
    maxLength: 14,
  })
  fc.assert(
    fc.property(pieces, fc.boolean(), (parts, hasMark) => {
      const text = `${hasMark ? '\uFEFF' : ''}${parts.join('')}`
      expect(actual(text)).toEqual(expected(text))
    }),
    { numRuns: 5_000 },
  )
})

test('cells written with quotes come back, whatever is in them', () => {
  const rows = fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }))
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(rows, (table) => {
      const text = table.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
      expect(actual(text)).toEqual(table)
    }),
  )
})

test.each([
  ['a,"b', 1],
  ['a\r\n"b"c', 2],
  ['"1\n2"\nx"y', 3],
])('broken quotes are refused with their line: %j', (text, line) => {
  expect(readCsv(text)).toEqual({ ok: false, line })
})
