import { expect, test } from 'vitest'
import type { RegistryEntry } from '../../src/ledger/record.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { REGISTER, sharer, Town } from '../workers/town.ts'

async function recalculated(town: Town, requestId: string): Promise<unknown> {
  const body = { person: 'B1', with: 'now' }
  const request = { operation: 'recalculate' as const, hospital: '', requestId, body }
  const reply = await town.engine.submit(request)
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  return reply.answer['changed']
}

function alone(): RegistryEntry {
  const entry = REGISTER.find(({ kind, id }) => kind === 'person' && id === 'B1')
  if (entry === undefined) throw new Error('B1 is in the register')
  return entry
}

test('what was contributed to a policy of one person is not left out of what several have contributed', async () => {
  const town = await Town.open({ workers: 0 })
  await town.register([sharer('B1')])
  await town.settle('B1', { yuan: 110 })
  await town.register([alone()])
  await town.settle('B1', { yuan: 300 })
  // Left out, the second deductible of 50 yuan would make that of the first settlement 100 yuan.
  expect(await recalculated(town, 'first')).toEqual([])
  expect(await recalculated(town, 'again')).toEqual([])
  expect((await verifyLedger(town.store)).findings.total).toBe(0)
  await town.close()
})
