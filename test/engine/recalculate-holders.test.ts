import { expect, test } from 'vitest'
import { StoreRows } from '../../src/engine/store-rows.ts'
import { replayLedger } from '../../src/engine/replay/replay-ledger.ts'
import { counterRow } from '../../src/ledger/holders.ts'
import type { RegistryEntry } from '../../src/ledger/record.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { REGISTER, sharer, Town } from '../workers/town.ts'

async function recalculated(
  town: Town,
  requestId: string,
  { person, with: rules = 'now' }: { readonly person: string; readonly with?: string },
): Promise<unknown> {
  const body = { person, with: rules }
  const request = { operation: 'recalculate' as const, hospital: '', requestId, body }
  const reply = await town.engine.submit(request)
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  return reply.answer['changed']
}

function personOf(id: string): RegistryEntry {
  const entry = REGISTER.find((one) => one.kind === 'person' && one.id === id)
  if (entry === undefined) throw new Error(`${id} is in the register`)
  return entry
}

/** With a policy of the product that others hold, too. */
function member(id: string): RegistryEntry {
  const { kind, entry } = personOf(id)
  const days = { start: '2024-01-01', end: '2024-12-31' }
  const policies = [{ id: 'POL-F', product: 'town/product', shared: true, ...days }]
  return { kind, id, entry: { ...(entry as object), policies } }
}

/** Deductible of the policy that its members have used up, fen. */
function deductibleUsed(town: Town): number {
  const counters = counterRow(new StoreRows(town.store), 'policy:POL-F')?.counters
  return counters?.amountOf('policy:POL-F', 'town/product:rest.deductible', '2024-01-01|') ?? 0
}

function paidBy(changed: unknown): unknown {
  return (changed as readonly { payers: unknown }[]).map(({ payers }) => payers)
}

test('what was contributed to a policy of one person is not left out of what several have contributed', async () => {
  const town = await Town.open({ workers: 0 })
  await town.register([sharer('B1')])
  await town.settle('B1', { yuan: 110 })
  await town.register([personOf('B1')])
  await town.settle('B1', { yuan: 300 })
  // Left out, the second deductible of 50 yuan would make that of the first settlement 100 yuan.
  expect(await recalculated(town, 'first', { person: 'B1' })).toEqual([])
  expect(await recalculated(town, 'again', { person: 'B1' })).toEqual([])
  expect((await verifyLedger(town.store)).findings.total).toBe(0)
  await town.close()
})

/** Two members whose policy was registered late: A1 had been settled without it, A2 has used the deductible up. */
async function lateMembers(): Promise<Town> {
  const town = await Town.open({ workers: 0 })
  await town.settle('A1', { yuan: 300 })
  await town.register([member('A1'), member('A2')])
  await town.settle('A2', { yuan: 300 })
  return town
}

test('a shared policy that a recalculation brings counts with what its members have used', async () => {
  const town = await lateMembers()
  expect(deductibleUsed(town)).toBe(5_000)
  // Half of the 180 yuan that the fund leaves: no second deductible.
  expect(paidBy(await recalculated(town, 'first', { person: 'A1' }))).toEqual([
    [{ id: 'town-insurer', kind: 'commercial', policyId: 'POL-F', amount: 9_000 }],
  ])
  expect(await recalculated(town, 'again', { person: 'A1' })).toEqual([])
  expect(deductibleUsed(town)).toBe(5_000)
  expect((await verifyLedger(town.store)).findings.total).toBe(0)
  await town.close()
})

test('what a recalculation has put to a shared policy is given back to it, in the ledger and in a replay', async () => {
  const town = await Town.open({ workers: 0 })
  const settled = await town.settle('A1', { yuan: 300 })
  await town.register([member('A1'), member('A2')])
  await recalculated(town, 'first', { person: 'A1' })
  expect(deductibleUsed(town)).toBe(5_000)
  await town.settle('A2', { yuan: 300 })
  const settlement = settled.kind === 'answer' && settled.answer['settlement']
  const request = { operation: 'reverse' as const, hospital: 'H', requestId: 'back' }
  expect((await town.engine.submit({ ...request, body: { settlement } })).kind).toBe('answer')
  expect(deductibleUsed(town)).toBe(0)
  // A2 had read it as used up: by now it is the first that uses it.
  const changed = await recalculated(town, 'then', { person: 'A2', with: 'then' })
  expect(paidBy(changed)).toEqual([
    [{ id: 'town-insurer', kind: 'commercial', policyId: 'POL-F', amount: -2_500 }],
  ])
  expect(deductibleUsed(town)).toBe(5_000)
  expect((await verifyLedger(town.store)).findings.total).toBe(0)
  const report = replayed(town)
  expect(report.settlements).toMatchObject({ standing: 1, reversed: 1, changed: 0, refused: 0 })
  await town.close()
})

function replayed({ store }: Town) {
  const steps = replayLedger(store, { candidate: { jurisdiction: 'town', packs: [] } })
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
