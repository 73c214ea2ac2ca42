import { expect, test } from 'vitest'
import { fen } from '../../src/money/fen.ts'
import type { BookRow } from '../../src/reconciliation/book-row.ts'
import { compareBooks } from '../../src/reconciliation/compare-books.ts'

/** Line 1 of the one settlement of `person`. */
function rowOf(person: string, amount: number, more: Partial<BookRow> = {}): BookRow {
  return {
    settlement: `S-${person}`,
    kind: 'settlement',
    day: '2025-03-01',
    hospital: 'H1',
    stay: `V-${person}`,
    person,
    line: '1',
    payer: 'patient',
    payee: 'provider:H1',
    amount: fen(amount),
    ...more,
  }
}

/** "kind effect: our rows | their rows", each as person/line/amount. */
function found(ours: readonly BookRow[], theirs: readonly BookRow[]): readonly string[] {
  const shown = (rows: readonly BookRow[]) =>
    rows.map(({ person, line, amount }) => `${person}/${line}/${amount}`).join(' ')
  return compareBooks(ours, theirs).discrepancies.map(
    (item) => `${item.kind} ${item.effect.join()}: ${shown(item.ours)} | ${shown(item.theirs)}`,
  )
}

test('a wrong amount is not the line of another person who pays as much', () => {
  expect(
    found([rowOf('A', 1_000), rowOf('B', 2_000)], [rowOf('A', 2_000), rowOf('B', 3_000)]),
  ).toEqual(['amountWrong 1000: A/1/1000 | A/1/2000', 'amountWrong 1000: B/1/2000 | B/1/3000'])
})

test('amounts of two persons that are exchanged cancel, no line is in another settlement', () => {
  expect(
    found([rowOf('A', 1_000), rowOf('B', 2_000)], [rowOf('A', 2_000), rowOf('B', 1_000)]),
  ).toEqual(['compensating 0: A/1/1000 B/1/2000 | A/1/2000 B/1/1000'])
})

test('a line open in both books is at home, also where another payer pays it', () => {
  const pool = { payer: 'payer:pool' }
  expect(
    found([rowOf('A', 1_000, pool), rowOf('B', 2_000)], [rowOf('A', 2_000), rowOf('B', 3_000)]),
  ).toEqual(['amountWrong 1000: B/1/2000 | B/1/3000', 'severalDiffer 1000: A/1/1000 | A/1/2000'])
})

test('a line that one settlement lacks and another has more is in another settlement', () => {
  const second = { line: '2' }
  const level = [rowOf('A', 1_000), rowOf('B', 2_000)]
  expect(found([...level, rowOf('A', 500, second)], [...level, rowOf('B', 500, second)])).toEqual([
    'movedLine 0: A/2/500 | B/2/500',
  ])
})

// Compared each with each, these take minutes.
const MANY = 20_000

function persons(prefix: string): readonly string[] {
  return Array.from({ length: MANY }, (_, index) => `${prefix}${index}`)
}

test('books of two days in which every line 1 costs the same have nothing in common', () => {
  const ours = persons('A').map((person) => rowOf(person, 1_000))
  const theirs = persons('B').map((person) => rowOf(person, 1_000, { day: '2025-03-02' }))
  const { discrepancies } = compareBooks(ours, theirs)
  const count = (kind: string) => discrepancies.filter((item) => item.kind === kind).length
  expect([count('missingTheirs'), count('missingOurs')]).toEqual([MANY, MANY])
  expect(discrepancies).toHaveLength(2 * MANY)
})
