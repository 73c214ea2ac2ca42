import { expect, test } from 'vitest'
import { exportLine, exportText, readingExport } from '../../src/reconciliation/export-rows.ts'
import { Chance } from '../hostile/chance.ts'
import { randomBook } from './random-books.ts'

function read(text: string) {
  const reading = readingExport()
  for (const row of text.split('\n')) if (!reading.take(row)) break
  return reading.end()
}

test('what is written is read back to the same rows', () => {
  const rows = randomBook(new Chance(3))
  expect(read(exportText(rows))).toEqual({ ok: true, value: rows })
})

test.each(['张三-1', 'a"b', 'a\\b', '\u2028', '𠮷'])('an id %j comes back as it was', (stay) => {
  const rows = randomBook(new Chance(3)).map((row) => ({ ...row, stay }))
  expect(read(exportText(rows))).toEqual({ ok: true, value: rows })
})

test('spaces, another order and escapes of JSON make no difference', () => {
  const rows = randomBook(new Chance(3))
  const loose = rows.map((row) => {
    const turned = Object.fromEntries(Object.entries(row).toReversed())
    return JSON.stringify(turned, null, 1).replaceAll('\n', ' ').replace('patient', '\\u0070atient')
  })
  expect(read(loose.join('\n'))).toEqual({ ok: true, value: rows })
})

test('one object a row, its members in a fixed order', () => {
  const [row] = randomBook(new Chance(3))
  if (row === undefined) throw new Error('no row')
  expect(Object.keys(JSON.parse(exportLine(row)) as object)).toEqual([
    'settlement',
    'kind',
    'day',
    'hospital',
    'stay',
    'person',
    'line',
    'payer',
    'payee',
    'amount',
  ])
})

const GOOD = {
  settlement: 'S1',
  kind: 'settlement',
  day: '2025-03-01',
  hospital: 'H',
  stay: 'V',
  person: 'P',
  line: '1',
  payer: 'patient',
  payee: 'provider:H',
  amount: 100,
}
const { line: _, ...WITHOUT_LINE } = GOOD

test.each([
  [JSON.stringify({ ...GOOD, amount: 1.5 }), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify({ ...GOOD, amount: 0 }), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify(GOOD).replace('100', '1e2'), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify(GOOD).replace('100', '9007199254740993'), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify({ ...GOOD, day: '2025-02-30' }), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify({ ...GOOD, kind: 'prepared' }), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify({ ...GOOD, payer: '' }), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify({ ...GOOD, stay: 'V\u001b[2J' }), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify({ ...GOOD, stay: ['V'] }), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify({ ...GOOD, stay: null }), 'RECONCILE_VALUE_MALFORMED'],
  [JSON.stringify(WITHOUT_LINE), 'RECONCILE_MEMBERS_DIFFER'],
  [JSON.stringify({ ...GOOD, more: 1 }), 'RECONCILE_MEMBERS_DIFFER'],
  ['[1]', 'RECONCILE_ROW_NOT_OBJECT'],
  ['"x"', 'RECONCILE_ROW_NOT_OBJECT'],
  ['{"settlement":', 'JSON_MALFORMED'],
  ['{"amount":1,"amount":2}', 'JSON_KEY_REPEATED'],
  [`${'['.repeat(9_000)}`, 'JSON_TOO_DEEP'],
])('refused: %s', (row, code) => {
  const result = read(`${JSON.stringify(GOOD)}\n${row}`)
  expect(result).toMatchObject({ ok: false, problems: [{ code, line: 2 }] })
})
