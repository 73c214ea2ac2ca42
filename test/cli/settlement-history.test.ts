import { expect, test } from 'vitest'
import { settlementHistory } from '../../src/cli/ledger/settlement-history.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { given } from '../store/places.ts'
import { Town } from '../workers/town.ts'

function idOf(reply: EngineReply): string {
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  const { settlement } = reply.answer
  if (typeof settlement !== 'string') throw new Error('a settlement has an id')
  return settlement
}

test('a settlement that was reversed is not due for a recalculation', async () => {
  const town = await Town.open({ workers: 0 })
  const [first, second] = [idOf(await town.settle('A1')), idOf(await town.settle('A1'))]
  const isDue = () => given(settlementHistory(town.store, second)).changedSince
  for (const [settlement, due] of [
    [first, true],
    [second, false],
  ] as const) {
    const request = { operation: 'reverse' as const, hospital: 'H', requestId: settlement }
    idOf(await town.engine.submit({ ...request, body: { settlement } }))
    expect(isDue()).toBe(due)
  }
  await town.close()
})
