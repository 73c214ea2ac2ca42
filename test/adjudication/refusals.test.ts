import { expect, test } from 'vitest'
import type { Bill } from '../../src/adjudication/bill.ts'
import { settle } from '../../src/adjudication/settle.ts'
import { fen } from '../../src/money/fen.ts'
import { bill, line, profile } from '../oracle/build.ts'

function refusal(own: Bill): readonly (readonly [string, string])[] {
  const coverage = { person: { id: 'P' }, policies: [] }
  const answer = settle(own, coverage, new Map(), { profile: profile(), packs: [] })
  return answer.kind === 'refusal' ? answer.problems.map(({ code, where }) => [code, where]) : []
}

/** 1,000.00 yuan of which the fund of the basic layer paid `yuan` elsewhere, and the hospital bears 100.00. */
function paidElsewhere(yuan: number): Bill {
  return bill([line('1', { inScope: 800, ownPay: 200 })], {
    given: {
      payments: [{ kind: 'basic', payerId: 'fund', amount: fen(yuan * 100) }],
      kinds: ['basic'],
      hospitalShare: fen(100_00),
      accountPaid: fen(0),
      confirmed: true,
    },
  })
}

test('more paid elsewhere than the lines cost is refused, what they cost is not', () => {
  expect(refusal(paidElsewhere(900))).toEqual([])
  expect(refusal(paidElsewhere(900.01))).toEqual([['GIVEN_AMOUNT_TOO_LARGE', 'given']])
})

test('a line that neither bill nor catalogue classifies is refused by its name', () => {
  const { classification: _, ...unclassified } = line('2', { inScope: 10 })
  const own = bill([line('1', { inScope: 10 }), unclassified])
  expect(refusal(own)).toEqual([['LINE_NOT_CLASSIFIED', 'lines.2']])
})
