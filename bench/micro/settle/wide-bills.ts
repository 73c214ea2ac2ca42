import { NO_COUNTERS } from '../../../src/adjudication/counter-sums.ts'
import { TABLE_ROWS } from './city-rules.ts'
import type { SettleCase } from './city-bills.ts'
import type { Draw } from './setup.ts'
import { drawsFrom } from './setup.ts'
import { fen } from '../../../src/money/fen.ts'

const WIDEST = 100_000

/**
 * The cases with diagnosis and codes drawn from the whole length of a pack of `rows`, half of the codes off its list.
 * Draws are of the same numbers for every length that divides 100,000, so the rates and the listed lines are the same.
 */
export function wideBills(cases: readonly SettleCase[], rows: number): SettleCase[] {
  const draw = drawsFrom(99)
  return cases.map(({ bill, coverage }) => ({
    coverage,
    counters: NO_COUNTERS,
    bill: {
      ...bill,
      visit: { ...bill.visit, diagnosis: `D${draw(WIDEST) % Math.min(rows, TABLE_ROWS)}` },
      lines: bill.lines.map((line) => ({
        ...line,
        classification: {
          ownPay: fen(0),
          overLimit: fen(0),
          preSelfPay: fen(0),
          inScope: line.amount,
        },
        facts: { ...line.facts, code: codeOf(draw, rows) },
      })),
    },
  }))
}

function codeOf(draw: Draw, rows: number): string {
  const number = draw(WIDEST) % rows
  return `${draw(2) === 0 ? 'K' : 'X'}${number}`
}
