import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histories } from './generators.ts'
import { largestRemainder } from './exact.ts'
import { oracleSettle } from './oracle-settle.ts'

test('the oracle settles nearly every generated bill and pays something on most', () => {
  const seen = { bills: 0, refused: 0, paid: 0 }
  fc.assert(
    fc.property(histories, ({ bills, coverage, profile, packs }) => {
      for (const bill of bills) {
        const answer = oracleSettle(bill, coverage, new Map(), { profile, packs })
        seen.bills += 1
        if ('refused' in answer) seen.refused += 1
        else if (answer.payers.size > 0) seen.paid += 1
      }
    }),
    { numRuns: 150, seed: 1 },
  )
  expect(seen.refused / seen.bills).toBeLessThan(0.05)
  expect(seen.paid / seen.bills).toBeGreaterThan(0.5)
})

test('an equal remainder goes to the lower cell', () => {
  const weights = new Map([
    [10, 1],
    [3, 1],
    [7, 1],
  ])
  expect([...largestRemainder(2, weights)]).toEqual([
    [3, 1],
    [7, 1],
  ])
})
