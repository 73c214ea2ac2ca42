import { expect, test } from 'vitest'
import { LAST_EPOCH_DAY } from '../../src/catalog/epoch-day.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { Town } from '../workers/town.ts'

async function run(town: Town, days: { readonly from?: string; readonly to?: string }) {
  const body = { person: 'A1', with: 'now', ...days }
  const requestId = JSON.stringify(days)
  return town.engine.submit({ operation: 'recalculate', hospital: '', requestId, body })
}

test('a day that cannot be written as a date is refused: the ledger keeps days as dates', async () => {
  const town = await Town.open({ workers: 0 })
  await town.settle('A1')
  for (const key of ['from', 'to']) {
    const reply = await run(town, { [key]: String(LAST_EPOCH_DAY + 1) })
    expect(reply).toMatchObject({ problems: [{ code: 'REQUEST_MALFORMED', where: key }] })
  }
  expect((await run(town, { to: String(LAST_EPOCH_DAY) })).kind).toBe('answer')
  expect((await run(town, { from: String(LAST_EPOCH_DAY) })).kind).toBe('answer')
  const made = town.records().filter(({ kind }) => kind === 'recalculation')
  expect(made).toHaveLength(1)
  expect((await verifyLedger(town.store)).findings.total).toBe(0)
  await town.close()
})
