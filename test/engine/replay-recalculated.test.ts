import { expect, test } from 'vitest'
import { replayLedger } from '../../src/engine/replay/replay-ledger.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { basicAt, packsOf, REGISTER, sharer, Town } from '../workers/town.ts'

/** The history again, under the rules that it was settled with or with `packs` in force. */
function replayed(town: Town, packs: readonly string[] = [], jurisdiction = 'town') {
  const steps = replayLedger(town.store, { candidate: { jurisdiction, packs } })
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

const CITY_TEXT = `
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
`
const CITY = packsOf(CITY_TEXT)
const CITY_BETTER = packsOf(CITY_TEXT.replace('50%', '70%').replace('丁文件', '丁文件 修订'))

async function publishCity(town: Town): Promise<void> {
  const { rules } = town.engine
  for (const { profiles, packs } of [CITY, CITY_BETTER]) {
    const [profile] = profiles
    if (profile === undefined) throw new Error('a city has a profile')
    expect((await rules.publish({ profile, packs })).ok).toBe(true)
  }
  const [pack] = CITY.packs
  if (pack === undefined) throw new Error('a city has a pack')
  expect((await rules.activate({ jurisdiction: 'city', pack: pack.hash })).ok).toBe(true)
}

async function moveTo(town: Town, jurisdiction: string): Promise<void> {
  const person = REGISTER.find(({ id }) => id === 'A1')
  if (person?.kind !== 'person') throw new Error('A1 is a person')
  await town.register([{ ...person, entry: { ...(person.entry as object), jurisdiction } }])
}

type Report = ReturnType<typeof replayed>

function paidBy({ payers }: Report): ReadonlyMap<string, readonly [number, number]> {
  return new Map(payers.map(({ payer, before, after }) => [payer, [before, after]]))
}

test('who has moved is recalculated with the rules of the other place: a candidate there sees it, one of the first place no more', async () => {
  const town = await Town.open({ workers: 0 })
  await publishCity(town)
  const better = basicAt(70)
  const { rules } = town.engine
  expect((await rules.publish({ jurisdiction: 'town', packs: [better] })).ok).toBe(true)
  const inCity = CITY_BETTER.packs.map(({ hash }) => hash)
  settlementOf(await town.settle('A1', { yuan: 300 }))
  expect(paidBy(replayed(town, [better.hash]))).toEqual(new Map([['town-fund', [12_000, 14_000]]]))
  expect(replayed(town, inCity, 'city').settlements.seen).toBe(0)
  await moveTo(town, 'city')
  await submitted(town, 'recalculate', { person: 'A1', with: 'now' })
  const left = replayed(town, [better.hash])
  expect(left.settlements.seen).toBe(0)
  expect(paidBy(left)).toEqual(new Map([['town-fund', [0, 0]]]))
  const arrived = replayed(town, inCity, 'city')
  expect(arrived.settlements).toMatchObject({ seen: 1, changed: 1 })
  expect(paidBy(arrived)).toEqual(new Map([['city-fund', [15_000, 21_000]]]))
  await town.close()
})

test('who has moved and come back leaves counters as they would be, whichever place has the candidate', async () => {
  const town = await Town.open({ workers: 0 })
  await publishCity(town)
  const better = basicAt(70)
  const { rules } = town.engine
  expect((await rules.publish({ jurisdiction: 'town', packs: [better] })).ok).toBe(true)
  settlementOf(await town.settle('A1', { yuan: 300 }))
  for (const [index, place] of ['city', 'town'].entries()) {
    await moveTo(town, place)
    const request = { operation: 'recalculate' as const, hospital: '', requestId: `back-${index}` }
    const reply = await town.engine.submit({ ...request, body: { person: 'A1', with: 'now' } })
    expect(reply.kind).toBe('answer')
  }
  // Of the 900 yuan that the fund pays in a year there is left what the first settlement, by now, has left.
  settlementOf(await town.settle('A1', { yuan: 1500 }))
  expect(paidBy(replayed(town, [better.hash]))).toEqual(new Map([['town-fund', [90_000, 90_000]]]))
  const inCity = CITY_BETTER.packs.map(({ hash }) => hash)
  const elsewhere = replayed(town, inCity, 'city')
  expect(elsewhere.settlements).toMatchObject({ seen: 0, changed: 0 })
  await town.close()
})
