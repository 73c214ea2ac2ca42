import { fen } from '../../src/money/fen.ts'
import type { BookRow } from '../../src/reconciliation/book-row.ts'
import type { NationalRow } from '../../src/reconciliation/national-row.ts'
import { Chance } from '../hostile/chance.ts'

const PAYERS = ['payer:pool', 'payer:major', 'payer:insurer', 'patient'] as const
const DAYS = ['2025-03-01', '2025-03-02', '2025-03-03'] as const
const COUNT = 12

/** Above 1.00 yuan and, within one book, practically never twice the same. */
function amountOf(chance: Chance): number {
  return 101 + chance.below(900_000)
}

/** Settlement `index` of a book; every fourth is reversed, the first ones never. */
export function settlementName(index: number): string {
  return `S${String(index + 1).padStart(12, '0')}`
}

/** A consistent book of two hospitals: settlements of several lines and payers, some of them reversed. */
export function randomBook(chance: Chance): readonly BookRow[] {
  const rows: BookRow[] = []
  for (let index = 0; index < COUNT; index += 1) {
    const hospital = `H${index % 2}`
    const settled = linesOf(chance, hospital).map((part) => ({
      settlement: settlementName(index),
      kind: 'settlement' as const,
      day: DAYS[index % 2 === 0 ? 0 : 1],
      hospital,
      // Two settlements in a row may be parts of one stay.
      stay: `V${hospital}-${Math.floor(index / 4)}`,
      person: `P-${hospital}-${Math.floor(index / 4)}`,
      ...part,
    }))
    rows.push(...settled)
    if (isReversed(index)) rows.push(...reversed(settled))
  }
  return rows
}

export function isReversed(index: number): boolean {
  return index >= 8 && index % 4 < 2
}

/** What takes rows back, on the last day. */
export function reversed(rows: readonly BookRow[]): readonly BookRow[] {
  return rows.map((row) => ({
    ...row,
    kind: 'reversal' as const,
    day: DAYS[2],
    amount: fen(0 - row.amount),
  }))
}

function linesOf(chance: Chance, hospital: string) {
  return Array.from({ length: 1 + chance.below(4) }, (_, line) => {
    const first = chance.below(3)
    const payers = new Set([PAYERS[first] ?? 'patient', 'patient'])
    if (chance.below(2) === 0) payers.add('payer:insurer')
    return [...payers].map((payer) => ({
      line: String(line + 1),
      payer,
      payee: `provider:${hospital}`,
      amount: fen(amountOf(chance)),
    }))
  }).flat()
}

/** A consistent 3202 file: settlements, some with their reversal under the same id. */
export function randomNational(chance: Chance): readonly NationalRow[] {
  const rows: NationalRow[] = []
  for (let index = 0; index < COUNT; index += 1) {
    const [fund, account, cash] = [amountOf(chance), amountOf(chance), amountOf(chance)]
    const row: NationalRow = {
      id: settlementName(index),
      visit: `V${Math.floor(index / 2)}`,
      person: `P${Math.floor(index / 2)}`,
      total: fen(fund + account + cash),
      fund: fen(fund),
      account: fen(account),
      reversal: false,
    }
    rows.push(row)
    if (isReversed(index)) rows.push(takenBack(row))
  }
  return rows
}

export function takenBack(row: NationalRow): NationalRow {
  const [total, fund, account] = [row.total, row.fund, row.account].map((part) => fen(0 - part))
  return {
    ...row,
    total: total ?? row.total,
    fund: fund ?? row.fund,
    account: account ?? row.account,
    reversal: true,
  }
}

export function shuffled<Row>(rows: readonly Row[], chance: Chance): readonly Row[] {
  const order = rows.map((row) => [chance.below(1_000_000), row] as const)
  return order.toSorted(([left], [right]) => left - right).map(([, row]) => row)
}
