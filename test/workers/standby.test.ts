import { afterEach, expect, test } from 'vitest'
import { watched } from '../../src/engine/layer-watch.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import type { Fault } from '../../src/workers/fault.ts'
import { openPool } from '../../src/workers/open-pool.ts'
import { Standby, STANDBY_DEFAULTS } from '../../src/workers/standby.ts'
import { basicAt, essence, packOf, settledInline, Town, townProfile } from './town.ts'

/*
 * A machine of few cores: the writer adjudicates by itself, and a worker stands by for packs that turn slow. The clock is the test's.
 */

const PRODUCT = packOf('town/product').hash
const { slowMs, quickToClear } = STANDBY_DEFAULTS

/** Stands still, or shows at each look that twice as much has passed as at the one before: the last layer of a bill takes most. */
class TestClock {
  isSlow = false
  #at = 0
  #step = slowMs

  readonly now = (): number => {
    if (this.isSlow) {
      this.#at += this.#step
      this.#step *= 2
    }
    return this.#at
  }
}

let town: Town
const open = async (clock: TestClock, faults: readonly Fault[] = []): Promise<Town> => {
  town = await Town.open({ standby: { now: clock.now }, faults, timeBudgetMs: 500 })
  return town
}
afterEach(async () => {
  await town.close()
  expect(town.errors).toEqual([])
})

/** One bill of the product that takes the writer long: it is settled, and the product is a suspect. */
async function turnSlow(clock: TestClock): Promise<void> {
  clock.isSlow = true
  expect((await town.settle('B0')).kind).toBe('answer')
  clock.isSlow = false
  expect(town.standby?.suspects).toEqual([PRODUCT])
}

function codes(reply: EngineReply): readonly string[] {
  return reply.kind === 'answer' ? [] : reply.problems.map(({ code }) => code)
}

test('no bill leaves the writer while no pack is slow', async () => {
  await open(new TestClock())
  for (const person of ['A0', 'B0', 'G0']) expect((await town.settle(person)).kind).toBe('answer')
  expect(town.standby?.suspects).toEqual([])
  expect([...town.outcomes]).toEqual([])
})

test.each<Fault['what']>(['hang', 'exit'])(
  'a pack that turns slow and then brings the worker down by %s is suspended; the hospital goes on',
  async (what) => {
    const clock = new TestClock()
    await open(clock, [{ what, pack: PRODUCT }])
    await turnSlow(clock)
    const held = Promise.all(['B1', 'B2', 'B3'].map(async (person) => town.settle(person)))
    let isHeld = true
    void held.then(() => {
      isHeld = false
    })
    let others = 0
    do {
      expect(codes(await town.settle(`A${others % 20}`))).toEqual([])
      others += 1
    } while (isHeld && others < 5_000)
    expect(others).toBeGreaterThan(20)
    expect((await held).map(codes)).toEqual(Array(3).fill(['PAYER_SUSPENDED']))
    expect(town.engine.rulesState('town')?.suspended).toEqual([PRODUCT])
    expect((await town.settle('B1', { without: ['POL-B1'] })).kind).toBe('answer')
    expect((await verifyLedger(town.store)).findings.total).toBe(0)
  },
)

test('bills that waited for the writer when the pack turned slow are tried elsewhere too', async () => {
  const clock = new TestClock()
  await open(clock, [{ what: 'hang', pack: PRODUCT }])
  clock.isSlow = true
  // The first one is slow; those behind it are in the queue of the writer by then, untried.
  const [first, ...behind] = await Promise.all(
    ['B0', 'B1', 'B2', 'B3', 'A1'].map(async (person) => town.settle(person)),
  )
  expect(first && codes(first)).toEqual([])
  expect(behind.map(codes)).toEqual([...Array<string[]>(3).fill(['PAYER_SUSPENDED']), []])
})

test('a resettlement with a suspect is tried first', async () => {
  const clock = new TestClock()
  await open(clock, [{ what: 'hang', pack: PRODUCT }])
  const reply = await town.settle('B5')
  await turnSlow(clock)
  const settlement = reply.kind === 'answer' ? reply.answer['settlement'] : ''
  const again = await town.engine.submit({
    operation: 'resettle',
    hospital: 'H',
    requestId: 'X',
    body: { settlement, bill: { lines: [{ id: '1', name: '检查', inScope: '400.00' }] } },
  })
  expect(codes(again)).toEqual(['PAYER_SUSPENDED'])
})

test('a suspect that is quick again is cleared, and its bills are settled as the writer would', async () => {
  const clock = new TestClock()
  await open(clock)
  await turnSlow(clock)
  for (let bill = 0; bill < quickToClear - 1; bill += 1) {
    expect((await town.settle(`B${bill}`, { yuan: 50 + bill })).kind).toBe('answer')
  }
  expect(town.standby?.suspects).toEqual([PRODUCT])
  expect((await town.settle('B19')).kind).toBe('answer')
  expect(town.standby?.suspects).toEqual([])
  expect(town.outcomes.get('evaluated')).toBe(quickToClear)
  expect((await town.settle('B2')).kind).toBe('answer')
  expect(town.outcomes.get('evaluated')).toBe(quickToClear)
  const splits = town.splits()
  expect(splits.map(essence)).toEqual(await settledInline(splits))
})

test('one slow bill in between begins the count anew', async () => {
  const clock = new TestClock()
  await open(clock)
  await turnSlow(clock)
  const settle = async (count: number) => {
    for (let bill = 0; bill < count; bill += 1) await town.settle(`B${bill}`)
  }
  await settle(quickToClear - 1)
  clock.isSlow = true
  await settle(1)
  clock.isSlow = false
  await settle(quickToClear - 1)
  expect(town.standby?.suspects).toEqual([PRODUCT])
  await settle(1)
  expect(town.standby?.suspects).toEqual([])
})

test('a bill that no worker can look at is left to the writer, as one that meets a bug', async () => {
  await open(new TestClock())
  const ruleSet = town.engine.rulesState('town')?.ruleSet ?? ''
  const errors: unknown[] = []
  const standby = new Standby({
    now: () => 0,
    onError: (error) => errors.push(error),
    content: (hash) => {
      const bytes = town.store.get('content', hash)
      // Of all that a worker needs the product alone can be read.
      if (bytes === undefined || hash !== PRODUCT) throw new Error(hash)
      return bytes
    },
  })
  const job = { ruleSet, suspended: [], day: 0, counters: [] }
  const holder = { ...job, document: { policies: [{ product: 'town/product' }] } }
  expect(await standby.evaluate(holder)).toEqual({ kind: 'unavailable' })
  standby.slow(PRODUCT)
  expect(standby.mustBeTried(holder)).toBe(true)
  expect(await standby.evaluate(holder)).toMatchObject({ kind: 'failed', why: 'defect' })
  expect(errors).toHaveLength(1)
  const others = [
    { ...job, document: { policies: [] } },
    { ...holder, suspended: [PRODUCT] },
  ]
  for (const other of others) {
    expect(standby.mustBeTried(other)).toBe(false)
    expect(await standby.evaluate(other)).toEqual({ kind: 'unavailable' })
  }
  await standby.close()
})

test('where the system has no thread for a worker, bills are settled by the writer as before', async () => {
  const clock = new TestClock()
  let threads = 0
  town = await Town.open({
    standby: {
      now: clock.now,
      open: (options) => {
        if (threads === 0) throw new Error('EAGAIN')
        return openPool(options)
      },
    },
  })
  clock.isSlow = true
  expect((await town.settle('B0')).kind).toBe('answer')
  clock.isSlow = false
  expect(town.errors.splice(0).map(String)).toEqual(['Error: EAGAIN'])
  expect(town.standby?.suspects).toEqual([])
  expect((await town.settle('B1')).kind).toBe('answer')
  threads = 1
  await turnSlow(clock)
  expect((await town.settle('B2')).kind).toBe('answer')
  expect(town.outcomes.get('evaluated')).toBe(1)
})

test('the pack that took most of a slow bill is named, all its layers together', () => {
  const at = (...times: readonly number[]) => {
    const left = [...times]
    const slow: string[] = []
    const watch = {
      now: () => left.shift() ?? NaN,
      slowMs: 100,
      slow: (pack: string) => slow.push(pack),
      mustBeTried: () => false,
    }
    const layers = ['a', 'b', 'a']
    watched(watch, (onLayer) => {
      for (const pack of layers) onLayer?.(pack)
    })
    return slow
  }
  expect(at(0, 30, 80, 110)).toEqual(['a'])
  expect(at(0, 30, 100, 101)).toEqual(['b'])
  expect(at(0, 30, 70, 100)).toEqual([])
})

test('a pack that is slow in the batch that publishes it is a suspect, and its bill settled', async () => {
  const clock = new TestClock()
  await open(clock)
  const pack = basicAt(70)
  const { hash, effective } = pack
  clock.isSlow = true
  const [, , reply] = await Promise.all([
    town.engine.rules.publish({ profile: townProfile(), packs: [pack] }),
    town.engine.rules.activate({ jurisdiction: 'town', pack: hash, from: effective.from }),
    town.settle('A1'),
  ])
  clock.isSlow = false
  expect(reply.kind).toBe('answer')
  expect(town.standby?.suspects).toEqual([hash])
})
