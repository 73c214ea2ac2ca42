import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCsv, readCsvParts } from '../src/csv.ts'

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

/** What `readCsvParts` makes of a text cut into chunks of `size` bytes. */
async function inParts(text: string, size: number, rowCharactersMax = 10_000) {
  async function* chunks() {
    const bytes = Buffer.from(text)
    for (let start = 0; start < bytes.length; start += size) {
      yield Promise.resolve(bytes.subarray(start, start + size))
    }
  }
  const rows: (readonly string[])[] = []
  for await (const part of readCsvParts(chunks(), rowCharactersMax)) {
    if (!part.ok) return { rows, refused: part.why }
    rows.push(...part.rows)
  }
  return { rows, refused: undefined }
}

test('a text in chunks of any size gives the rows of the whole, or is refused as the whole', async () => {
  const piece = fc.constantFrom('a', '乙', '🏥', '"', '""', ',', '\n', '\r\n', '\r', ' ')
  const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 9 }), async (text, size) => {
      const { refused, rows } = await inParts(text, size)
      expect(refused === undefined ? rows : 'refused').toEqual(actual(text))
    }),
    { numRuns: 500 },
  )
})

test('rows before a broken one are given, and a row beyond its bound is refused', async () => {
  expect(await inParts('a,b\n1,"2"3\n4,5\n', 3)).toEqual({
    rows: [['a', 'b']],
    refused: 'malformed',
  })
  const endless = `a,b\n1,"${'x,y\n'.repeat(5_000)}`
  expect(await inParts(endless, 1_000)).toEqual({ rows: [['a', 'b']], refused: 'tooLong' })
})
