import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsv } from '../src/csv.ts'

function actual(text: string): string[][] | 'refused' {
  const reading = readCsv(text)
  return reading.ok ? reading.rows : 'refused'
}

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
