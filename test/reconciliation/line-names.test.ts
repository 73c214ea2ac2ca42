import { beforeAll, expect, test } from 'vitest'
import { replayLedger } from '../../src/engine/replay/replay-ledger.ts'
import { settlementBook } from '../../src/reconciliation/settlement-book.ts'
import { basic, Town, type Tree } from '../engine/replay/town.ts'
import { checkThreeBooks } from './three-books.ts'

const PACK = basic({ rate: '50%' })
const DEVICE = { name: '支架', chargeType: '08', tags: ['supplier:maker'], inScope: '500.00' }
const OTHER = { name: '床位费', chargeType: '01', inScope: '40.00' }

let town: Town

beforeAll(async () => {
  town = await (await Town.open('2024-05-10')).found([PACK])
  await town.activate(PACK, '2020-01-01')
})

/** The lines as a bill may have them: without ids, which are then their places, or under the national name. */
const WRITTEN: readonly (readonly [string, Tree])[] = [
  ['lines without ids', { lines: [OTHER, DEVICE] }],
  ['lines under the national name', { lines: undefined, feedetail: [OTHER, DEVICE] }],
]

test.each(WRITTEN)('%s are paid to their supplier in every book', async (_name, more) => {
  const body = { bill: town.bill({ more }) }
  const answer = await town.ask('settle', body)
  const records = town.records()
  const told = [{ hospital: 'H', operation: 'settle', body, answer }]
  const own = records.filter(({ seq, kind }) => {
    return kind === 'settlement' && seq === town.record(answer).seq
  })
  expect(checkThreeBooks({ records: own, told })).toEqual([])
  const payees = settlementBook(own).map(({ line, payee }) => `${line} ${payee}`)
  expect(new Set(payees)).toEqual(new Set(['1 provider:H', '2 supplier:maker']))
})

test('a replay finds their charge types', () => {
  const steps = replayLedger(town.store, { candidate: { jurisdiction: 'town', packs: [] } })
  for (;;) {
    const step = steps.next()
    if (step.done !== true) continue
    const types = step.value.lineGroups.map(({ chargeType }) => chargeType)
    expect(new Set(types)).toEqual(new Set(['01', '08']))
    return
  }
})
