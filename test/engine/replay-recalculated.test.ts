import { expect, test } from 'vitest'
import { replayLedger } from '../../src/engine/replay/replay-ledger.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { sharer, Town } from '../workers/town.ts'

/** The history again under the rules that it was settled with. */
function replayedAsItWas(town: Town) {
  const steps = replayLedger(town.store, { candidate: { jurisdiction: 'town', packs: [] } })
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

function settlementOf(reply: EngineReply): unknown {
  expect(reply.kind).toBe('answer')
  return reply.kind === 'answer' ? reply.answer['settlement'] : undefined
}

async function submitted(
  town: Town,
  operation: 'supplement' | 'reverse' | 'recalculate',
  body: object,
) {
  const hospital = operation === 'recalculate' ? '' : 'H'
  const request = { operation, hospital, requestId: `${operation}-1`, body: { ...body } }
  const reply = await town.engine.submit(request)
  expect(reply.kind, JSON.stringify(reply)).toBe('answer')
  return reply.kind === 'answer' ? reply.answer : {}
}

async function expectUnchanged(town: Town): Promise<void> {
  const report = replayedAsItWas(town)
  expect(report.settlements).toMatchObject({ changed: 0, refused: 0 })
  expect(report.patients.after).toBe(report.patients.before)
  for (const { before, after } of report.payers) expect(after).toBe(before)
  expect((await verifyLedger(town.store)).findings.total).toBe(0)
  await town.close()
}

test('a recalculation leaves a settlement with a live supplement alone, and so does the replay', async () => {
  const town = await Town.open({ workers: 0 })
  const without = ['POL-B1']
  const first = settlementOf(await town.settle('B1', { yuan: 100, without }))
  const second = settlementOf(await town.settle('B1', { yuan: 300, without }))
  const packs = ['town/product']
  await submitted(town, 'supplement', { person: 'B1', settlements: [second], packs })
  await submitted(town, 'reverse', { settlement: first })
  const run = await submitted(town, 'recalculate', { person: 'B1' })
  expect(run).toMatchObject({ changed: [], left: [second] })
  await expectUnchanged(town)
})

test('what was contributed to a policy that has become a shared one is read where it is, in a replay too', async () => {
  const town = await Town.open({ workers: 0 })
  for (const yuan of [100, 100, 300]) settlementOf(await town.settle('B1', { yuan }))
  await town.register([sharer('B1')])
  const run = await submitted(town, 'recalculate', { person: 'B1', with: 'now' })
  expect(run).toMatchObject({ changed: [] })
  await expectUnchanged(town)
})
