import { expect, test } from 'vitest'
import { replayLedger } from '../../src/engine/replay/replay-ledger.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { basicAt, packsOf, REGISTER, sharer, Town } from '../workers/town.ts'

/** The history again, under the rules that it was settled with or with `packs` in force. */
function replayed(town: Town, packs: readonly string[] = []) {
  const steps = replayLedger(town.store, { candidate: { jurisdiction: 'town', packs } })
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
  const report = replayed(town)
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

const CITY = packsOf(`
profile: city
title: { zh: 大城, en: City }
source: 重放测试
effective: { from: 2023-01-01 }
---
pack: city/basic
kind: basic
payer: { id: city-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 丁文件
benefits: [{ id: all, clause: 一, base: [inScope], rate: 50% }]
`)

test('who has moved was recalculated with the rules of the other place, which a candidate of the first does not touch', async () => {
  const town = await Town.open({ workers: 0 })
  const { rules } = town.engine
  const [profile] = CITY.profiles
  const [pack] = CITY.packs
  if (profile === undefined || pack === undefined)
    throw new Error('a city has a profile and a pack')
  expect((await rules.publish({ profile, packs: CITY.packs })).ok).toBe(true)
  expect((await rules.activate({ jurisdiction: 'city', pack: pack.hash })).ok).toBe(true)
  const better = basicAt(70)
  expect((await rules.publish({ jurisdiction: 'town', packs: [better] })).ok).toBe(true)
  settlementOf(await town.settle('A1', { yuan: 300 }))
  const person = REGISTER.find(({ id }) => id === 'A1')
  if (person?.kind !== 'person') throw new Error('A1 is a person')
  await town.register([{ ...person, entry: { ...(person.entry as object), jurisdiction: 'city' } }])
  await submitted(town, 'recalculate', { person: 'A1', with: 'now' })
  const paid = new Map(
    replayed(town, [better.hash]).payers.map(({ payer, after }) => [payer, after]),
  )
  expect(paid).toEqual(
    new Map([
      ['city-fund', 15_000],
      ['town-fund', 0],
    ]),
  )
  await town.close()
})
