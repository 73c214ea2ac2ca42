import { describe, expect, test } from 'vitest'
import type { ShadowReport } from '../../src/engine/replay/shadow-runner.ts'
import { encodeRecords } from '../../src/ledger/record-codec.ts'
import { MemoryRows } from '../../src/store/memory-rows.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { generateHistory } from '../model/generate-history.ts'
import { describeHistory, type History } from '../model/history.ts'
import { PLACES } from '../model/rules.ts'
import { given } from '../store/places.ts'
import { HistoryRun, paidByBalances, paidByReport, replayed } from './replay/history-run.ts'
import { basic, codes, onePack, paid, plan, Town, type Tree } from './replay/town.ts'

const V1 = basic({ rate: '50%' })
const V2 = basic({ rate: '60%' })
const PLAN = plan({ rate: '40%' })

async function town(): Promise<Town> {
  const opened = await (await Town.open('2024-05-10')).found([V1, V2, PLAN], 40)
  await opened.activate(V1, '2020-01-01')
  await opened.activate(PLAN, '2020-01-01')
  return opened
}

/** Its report once it has seen everything. */
async function caughtUp(
  t: Pick<Town, 'engine'>,
  hash = V2.hash,
  place = 'town',
): Promise<ShadowReport> {
  for (;;) {
    const report = given(t.engine.shadowReport(place, hash))
    if (report.behind === 0 || report.failed !== undefined) return report
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Settlements of ten persons, some of them taken back, resettled, prepared. */
async function work(t: Town): Promise<void> {
  const settled: Tree[] = []
  for (let index = 0; index < 10; index += 1) {
    settled.push(await t.settle({ person: `P${index}`, inScope: `${900 + index * 70}.35` }))
    settled.push(await t.settle({ person: `P${index}`, inScope: '80.00', ownPay: '50.05' }))
  }
  const [first, second, third, fourth] = settled.map(({ settlement }) => settlement)
  await t.ask('reverse', { settlement: first })
  const lines = [{ id: 'R1', name: '项目', inScope: '40.00' }]
  await t.ask('resettle', { settlement: third, bill: { lines } })
  await t.ask('recalculate', { person: 'P0' })
  await t.ask('recalculate', { person: 'P1' })
  const prepared = await t.ask('prepare', { bill: t.bill({ person: 'P5' }) })
  await t.ask('cancel', { settlement: prepared['settlement'] })
  const asked = { person: 'P0', settlements: [second], packs: ['town/plan'] }
  await t.ask('supplement', asked)
  expect(fourth).toBeDefined()
}

describe('a shadow', () => {
  test('is begun with what is in the journal and follows what comes', async () => {
    const t = await town()
    await work(t)
    given(await t.engine.rules.shadow('town', V2.hash))
    const begun = await caughtUp(t)
    expect(begun.settlements).toMatchObject({ seen: 22, reversed: 2, refused: 0 })
    expect(begun.settlements.changed).toBeGreaterThan(10)
    await t.settle({ person: 'P20', inScope: '1100.00' })
    const after = await caughtUp(t)
    const change = (report: ShadowReport, payer: string) => {
      const found = report.payers.find((one) => one.payer === payer)
      return (found?.after ?? 0) - (found?.before ?? 0)
    }
    // 1,100.00 less 100.00: 500.00 under the version in force, 600.00 under the other.
    expect(change(after, 'town-fund') - change(begun, 'town-fund')).toBe(10_000)
    // The plan pays 40 % of what is left: 228.00 and 188.00.
    expect(change(after, 'town-insurer') - change(begun, 'town-insurer')).toBe(-4_000)
    expect(after.settlements.seen - begun.settlements.seen).toBe(1)
  })

  test('changes no answer and no byte of a settlement', async () => {
    const [shadowed, plain] = [await town(), await town()]
    given(await shadowed.engine.rules.shadow('town', V2.hash))
    // One record of the rules in both, so that the same request gets the same number.
    given(await plain.engine.rules.publish({ jurisdiction: 'town' }))
    await work(shadowed)
    await caughtUp(shadowed)
    await work(plain)
    const bytes = (t: Town) =>
      t
        .records()
        .filter(({ kind }) => kind !== 'rules')
        .map((record) => Buffer.from(encodeRecords([record])).toString('hex'))
    expect(bytes(shadowed)).toEqual(bytes(plain))
    expect(shadowed.engine.balances()).toEqual(plain.engine.balances())
    expect(shadowed.engine.counters('person:P1')).toEqual(plain.engine.counters('person:P1'))
  })

  test('begins again from the journal after a restart', async () => {
    const rows = new MemoryRows()
    const t = await (await Town.open('2024-05-10', openMemoryStore(rows))).found([V1, V2, PLAN], 40)
    await t.activate(V1, '2020-01-01')
    await t.activate(PLAN, '2020-01-01')
    given(await t.engine.rules.shadow('town', V2.hash))
    await work(t)
    const before = await caughtUp(t)
    await t.engine.close()
    const again = await Town.open('2024-05-10', openMemoryStore(rows))
    expect(await caughtUp(again)).toEqual(before)
  })

  test('ends with its activation, and begins again when that is rolled back', async () => {
    const t = await town()
    given(await t.engine.rules.shadow('town', V2.hash))
    await caughtUp(t)
    await t.activate(V2, '2024-05-01')
    const ended = t.engine.shadowReport('town', V2.hash)
    expect(ended.ok ? [] : ended.problems.map(({ code }) => code)).toEqual(['PACK_STATE_WRONG'])
    given(await t.engine.rules.rollBack({ jurisdiction: 'town', pack: 'town/basic' }))
    expect((await caughtUp(t)).failed).toBeUndefined()
    const unknown = t.engine.shadowReport('town', 'nothing')
    expect(unknown.ok ? [] : unknown.problems.map(({ code }) => code)).toEqual(['CONTENT_UNKNOWN'])
  })

  test('tells which bills it would refuse and which it would not', async () => {
    const asksMore = onePack(`
pack: town/basic
kind: basic
payer: { id: town-fund, wire: hifp_pay }
effective: { from: 2020-01-01 }
source: 甲文件 问别的
benefits:
  - id: all
    clause: 一
    when: visit.referred
    base: [inScope]
    rate: 50%`)
    const asksLess = onePack(`
pack: town/plan
kind: commercial
payer: { id: town-insurer }
effective: { from: 2020-01-01 }
source: 乙条款 不问
requires: policy
benefits:
  - id: rest
    clause: 二
    base: [inScope]
    rate: 10%`)
    const asks = onePack(`
pack: town/plan
kind: commercial
payer: { id: town-insurer }
effective: { from: 2020-01-01 }
source: 乙条款 问
requires: policy
benefits:
  - id: rest
    clause: 二
    when: visit.emergency
    base: [inScope]
    rate: 10%`)
    const t = await (await Town.open('2024-05-10')).found([V1, asks, asksMore, asksLess], 5)
    await t.activate(V1, '2020-01-01')
    await t.activate(asks, '2020-01-01')
    given(await t.engine.rules.shadow('town', asksMore.hash))
    given(await t.engine.rules.shadow('town', asksLess.hash))
    const refused = t.bill()
    expect((await t.submit('settle', { bill: refused })).kind).toBe('refused')
    const day = '2024-05-10'
    const visit = { id: 'VISIT', kind: 'inpatient', start: day, end: day, emergency: false }
    const lines = [{ id: 'LINE', name: '项目', inScope: '1000.00' }]
    const settled = await t.ask('settle', { bill: t.bill({ more: { visit, lines } }) })
    // A line is settled once, whatever the rules are: no refusal of theirs.
    const twice = await t.submit('settle', { bill: t.bill({ more: { visit, lines } }) })
    expect(codes(twice)).toEqual(['ALREADY_SETTLED'])
    const more = await caughtUp(t, asksMore.hash)
    expect(more.refusals.codes).toEqual([{ code: 'FACT_MISSING', count: 1 }])
    expect(more.refusals.first.map(({ settlement }) => settlement)).toEqual([settled['settlement']])
    expect(more.settlements).toMatchObject({ seen: 1, standing: 0, refused: 1 })
    expect(more.total).toEqual({ before: 0, after: 0 })
    await new Promise((resolve) => setImmediate(resolve))
    const less = await caughtUp(t, asksLess.hash)
    expect(less.gone.count).toBe(1)
    expect(less.refusals.codes).toEqual([])
    expect(more.gone.count).toBe(0)
  })
})

describe('a shadow and the settlements before it', () => {
  /** A scheduler that runs what is due one by one while `work` goes on. */
  function pump() {
    const due: (() => void)[] = []
    const schedule = (work: () => void) => void due.push(work)
    const pumped = async <T>(work: Promise<T>): Promise<T> => {
      let isDone = false
      const ended = work.finally(() => {
        isDone = true
      })
      while (!isDone) {
        due.shift()?.()
        for (let index = 0; index < 20; index += 1) await Promise.resolve()
      }
      return ended
    }
    return { schedule, pumped }
  }

  test('while settlements wait it does nothing; it goes on when they are answered', async () => {
    const { schedule, pumped } = pump()
    const t = await Town.open('2024-05-10', openMemoryStore(), { schedule })
    await pumped(t.found([V1, V2, PLAN], 40))
    await pumped(t.activate(V1, '2020-01-01'))
    await pumped(t.activate(PLAN, '2020-01-01'))
    await pumped(work(t))
    const { rules } = t.engine
    await pumped(rules.shadow('town', V2.hash))
    const before = given(t.engine.shadowReport('town', V2.hash))
    expect(before.behind).toBeGreaterThan(40)
    const seen: number[] = []
    const burst = Array.from({ length: 200 }, async (_, index) => {
      await t.settle({ person: `P${index % 40}` })
      seen.push(given(t.engine.shadowReport('town', V2.hash)).seen)
    })
    await pumped(Promise.all(burst))
    // Until the last slice of the writer at most the step that was due when they came.
    expect(seen).toHaveLength(200)
    expect(Math.max(...seen.slice(0, 150)) - before.seen).toBeLessThanOrEqual(8)
    for (let turn = 0; turn < 1_000; turn += 1) await pumped(Promise.resolve())
    expect(given(t.engine.shadowReport('town', V2.hash)).seen).toBe(t.engine.seq)
  })
})

describe('what a shadow says beforehand', () => {
  const SEEDS = Array.from({ length: 25 }, (_, index) => 500 + index)

  test(`is what a replay says, whenever it was begun (seeds ${SEEDS[0]} to ${SEEDS.at(-1)})`, async () => {
    const [place] = PLACES
    const pack = place?.later[1]
    if (place === undefined || pack === undefined) throw new Error('no pack')
    const { jurisdiction } = place
    for (const seed of SEEDS) {
      const history = generateHistory(seed)
      const run = await HistoryRun.start()
      const half = Math.floor(history.steps.length / 2)
      const others = history.steps.filter(
        (step) => step.kind !== 'activate' && step.kind !== 'rollBack',
      )
      const parts: readonly History[] = [
        { ...history, steps: others.slice(0, half) },
        { ...history, steps: others.slice(half) },
      ]
      const [before, after] = parts
      if (before !== undefined) await run.run(before)
      given(await run.engine.rules.shadow(jurisdiction, pack.hash))
      if (after !== undefined) await run.runOn(after)
      const report = await caughtUp(run, pack.hash, jurisdiction)
      const { seen, behind, gone, pack: _pack, jurisdiction: _place, ...said } = report
      expect([seen, behind]).toEqual([run.engine.seq, 0])
      expect(gone.count).toBeGreaterThanOrEqual(0)
      const replay = replayed(run.store, { candidate: { jurisdiction, packs: [pack.hash] } })
      expect(said, describeHistory(history)).toEqual(replay)
    }
  })

  test('is what a recalculation with the rules of then posts after its activation', async () => {
    const t = await town()
    await work(t)
    given(await t.engine.rules.shadow('town', V2.hash))
    const forecast = await caughtUp(t)
    await t.activate(V2, '2020-01-01')
    for (let index = 0; index < 10; index += 1) {
      await t.ask('recalculate', { person: `P${index}`, with: 'now' }, '')
    }
    const balances = new Map<string, number>()
    for (const { from, amount } of t.engine.balances()) {
      const payer = from.replace('payer:', '')
      if (payer !== 'patient') balances.set(payer, (balances.get(payer) ?? 0) + amount)
    }
    expect(paidByReport(forecast, 'after')).toEqual(balances)
    expect(forecast.patients.after).not.toBe(forecast.patients.before)
  })

  test('is what the same bills come to in a ledger where it is active', async () => {
    const forecast = await (async () => {
      const t = await town()
      given(await t.engine.rules.shadow('town', V2.hash))
      await work(t)
      return caughtUp(t)
    })()
    const active = await town()
    await active.activate(V2, '2020-01-01')
    await work(active)
    const balances = paidByBalances(active)
    expect(paidByReport(forecast, 'after')).toEqual(balances)
    expect(paid(await active.settle({ person: 'P30' }), 'town-fund')).toBe(54_000)
  })
})
