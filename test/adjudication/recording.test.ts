import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { cityBills, carryCounters, type SettleCase } from '../../bench/micro/settle/city-bills.ts'
import { cityCatalog } from '../../bench/micro/settle/city-catalog.ts'
import { cityRules } from '../../bench/micro/settle/city-rules.ts'
import type { Adjudication } from '../../src/adjudication/adjudication.ts'
import { openAdjudicator, type Adjudicator } from '../../src/adjudication/adjudicator.ts'
import { fen } from '../../src/money/fen.ts'

/* What a digest is taken over: equal for equal explanations, whatever was adjudicated before, and no other's. */

const city = cityCatalog()
const { sevenLayers } = cityRules(
  fileURLToPath(new URL('../../bench/micro/packs', import.meta.url)),
  city.catalog,
)
const cases = carryCounters(cityBills({ bills: 64, lines: 12, seed: 3 }, city.items), sevenLayers)

function adjudicated(adjudicator: Adjudicator, item: SettleCase): Adjudication {
  const result = adjudicator.adjudicate(item.bill, item.coverage, item.counters)
  if (result.kind === 'refusal') throw new Error(JSON.stringify(result.problems))
  return result
}

function bytesOf(adjudication: Adjudication): string {
  return adjudication.recording((bytes) => Buffer.from(bytes).toString('base64'))
}

/** The case with one thing of its first line, its counters or its person changed. */
function* variants(item: SettleCase): Generator<SettleCase> {
  const { bill, coverage, counters } = item
  const [first, ...rest] = bill.lines
  if (first === undefined) return
  const withFirst = (changes: Partial<typeof first>): SettleCase => ({
    ...item,
    bill: { ...bill, lines: [{ ...first, ...changes }, ...rest] },
  })
  yield withFirst({ id: `${first.id}x` })
  yield withFirst({ facts: { ...first.facts, name: 'another name' } })
  const amount = fen(first.amount + 1)
  yield withFirst({ amount, facts: { ...first.facts, amount } })
  yield { ...item, bill: { ...bill, deposit: fen(100) } }
  yield { ...item, coverage: { ...coverage, person: { ...coverage.person, id: 'another' } } }
  for (const [key] of counters) yield { ...item, counters: counters.plus([[key, 1]]) }
}

test('a recording does not depend on the adjudicator or on the bills before', () => {
  const kept = openAdjudicator(sevenLayers)
  const there = cases.map((item) => bytesOf(adjudicated(kept, item)))
  const back = cases.toReversed().map((item) => bytesOf(adjudicated(kept, item)))
  expect(back.toReversed()).toEqual(there)
  expect(cases.map((item) => bytesOf(adjudicated(openAdjudicator(sevenLayers), item)))).toEqual(
    there,
  )
})

test('two recordings are the same only where the explanations are', () => {
  const adjudicator = openAdjudicator(sevenLayers)
  let different = 0
  for (const item of cases) {
    const before = adjudicated(adjudicator, item)
    for (const variant of variants(item)) {
      const after = adjudicated(adjudicator, variant)
      const same = JSON.stringify(before.explanation()) === JSON.stringify(after.explanation())
      if (!same) {
        different += 1
        expect(bytesOf(after)).not.toBe(bytesOf(before))
      }
    }
  }
  expect(different).toBeGreaterThan(500)
})

test('amounts beyond 32 bits are written in full', () => {
  const adjudicator = openAdjudicator(sevenLayers)
  const [item] = cases
  if (item === undefined) throw new Error('no case')
  const [first, ...rest] = item.bill.lines
  if (first === undefined) throw new Error('no line')
  const of = (fenAmount: number) => {
    const amount = fen(fenAmount)
    const line = { ...first, amount, facts: { ...first.facts, amount } }
    return bytesOf(
      adjudicated(adjudicator, { ...item, bill: { ...item.bill, lines: [line, ...rest] } }),
    )
  }
  const amounts = [1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 33 + 1, 2 ** 40 + 2 ** 31]
  expect(new Set(amounts.map(of)).size).toBe(amounts.length)
})
