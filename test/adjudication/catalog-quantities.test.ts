import { expect, test } from 'vitest'
import type { BillLine } from '../../src/adjudication/bill.ts'
import { settle } from '../../src/adjudication/settle.ts'
import type { Settlement } from '../../src/adjudication/settlement.ts'
import type { CatalogEntry } from '../../src/catalog/entry.ts'
import { fen } from '../../src/money/fen.ts'
import { anEntry, day, units } from '../catalog/builders.ts'
import { bill, profile } from '../oracle/build.ts'

function charge(id: string, date: string, quantity: number, yuan: number): BillLine {
  const amount = fen(yuan * 100)
  const facts = { id, code: 'X1', amount, date: day(date), tags: [] }
  return { id, amount, day: day(date), quantity: units(quantity), facts }
}

/** In scope and own pay of each line, fen, by a catalogue of one entry. */
function classified(
  entry: CatalogEntry,
  lines: readonly BillLine[],
): readonly (readonly number[])[] {
  const catalog = { rowCount: 1, find: () => entry }
  const answer = settle(bill(lines), { person: { id: 'P' }, policies: [] }, new Map(), {
    profile: profile(),
    packs: [],
    catalog,
  })
  expect(answer.kind).toBe('settlement')
  const settled: readonly Settlement[] = answer.kind === 'settlement' ? [answer] : []
  return settled.flatMap(({ lines: all }) =>
    all.map(({ classification: { inScope, ownPay } }) => [inScope, ownPay]),
  )
}

test('a limit by month is used up within the calendar month and begins anew with the next', () => {
  const entry = anEntry({ quantityLimits: [{ per: 'month', tenThousandths: units(10) }] })
  // 8 of 10 in January, then 2 of 4; in February all 4 again.
  const lines = [
    charge('1', '2023-01-30', 8, 80),
    charge('2', '2023-01-31', 4, 40),
    charge('3', '2023-02-01', 4, 40),
  ]
  expect(classified(entry, lines)).toEqual([
    [80_00, 0],
    [20_00, 20_00],
    [40_00, 0],
  ])
})

test('a limit by day counts each day by itself', () => {
  const entry = anEntry({ quantityLimits: [{ per: 'day', tenThousandths: units(3) }] })
  const lines = [
    charge('1', '2023-01-30', 2, 20),
    charge('2', '2023-01-30', 2, 20),
    charge('3', '2023-01-31', 3, 30),
  ]
  expect(classified(entry, lines)).toEqual([
    [20_00, 0],
    [10_00, 10_00],
    [30_00, 0],
  ])
})
