import { expect, test } from 'vitest'
import type { Fault } from '../../src/workers/fault.ts'
import { basicAt, essence, packOf, settledInline, Town, type TownOptions } from './town.ts'

const PRODUCT = packOf('town/product').hash

/** So many bills of everybody at once; each is settled, once, as if there were no workers. */
async function allAreSettled(options: TownOptions): Promise<Town> {
  const town = await Town.open(options)
  const replies = await Promise.all(
    Array.from({ length: 120 }, async (_, index) =>
      town.settle(`${'ABG'[index % 3] ?? ''}${index % 20}`, { yuan: 50 + index }),
    ),
  )
  expect(replies.filter(({ kind }) => kind === 'refused')).toEqual([])
  const splits = town.splits()
  expect(splits).toHaveLength(120)
  expect(splits.map(essence)).toEqual(await settledInline(splits))
  return town
}

test.each<Fault['what']>(['exit', 'uncaught', 'outOfMemory', 'hang', 'throw', 'slow'])(
  'a worker struck by %s in the middle of the load costs nobody a settlement',
  async (what) => {
    const faults = [{ what, pack: PRODUCT, skip: 5, times: 1 }]
    const town = await allAreSettled({ faults, batchMax: 8, memoryMb: 64 })
    expect([...town.outcomes.keys()]).toEqual(['evaluated'])
    await town.close()
  },
)

test('workers that die again and again', async () => {
  // Of three persons, each once: by a number of bills one could strike what another struck before, alone, and that suspends the pack.
  const faults = ['B4', 'B10', 'B16'].map((person): Fault => ({
    what: 'exit',
    pack: PRODUCT,
    person,
    times: 1,
  }))
  const town = await allAreSettled({ faults, batchMax: 8 })
  await town.close()
})

test('a bug is the bill’s: the writer meets it or does not, and nothing is held back', async () => {
  const faults: readonly Fault[] = [{ what: 'throw', pack: PRODUCT, person: 'B4' }]
  const town = await allAreSettled({ faults, batchMax: 8 })
  expect(town.outcomes.get('defect')).toBeGreaterThan(0)
  expect(town.engine.rulesState('town')?.suspended).toEqual([])
  await town.close()
})

test.each<Fault['what']>(['hang', 'exit'])(
  'a pack that brings workers down by %s is suspended; who can do without it settles',
  async (what) => {
    const town = await Town.open({ faults: [{ what, pack: PRODUCT }], batchMax: 8 })
    const others = Array.from({ length: 30 }, async (_, index) => town.settle(`A${index % 20}`))
    const held = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => town.settle(`B${index % 20}`)),
    )
    for (const reply of held) {
      expect(reply).toMatchObject({ kind: 'refused', problems: [{ code: 'PAYER_SUSPENDED' }] })
    }
    for (const reply of await Promise.all(others)) expect(reply.kind).toBe('answer')
    expect(town.engine.rulesState('town')?.suspended).toEqual([PRODUCT])
    expect((await town.settle('B1', { without: ['POL-B1'] })).kind).toBe('answer')
    expect((await town.settle('A1')).kind).toBe('answer')
    const splits = town.splits()
    expect(splits).toHaveLength(32)
    expect(splits.map(essence)).toEqual(await settledInline(splits))
    await town.close()
  },
)

test('a pack that an operator lets run again is tried again', async () => {
  // Struck in the batch and alone.
  const faults: readonly Fault[] = [{ what: 'exit', pack: PRODUCT, times: 2 }]
  const town = await Town.open({ faults })
  const refused = { kind: 'refused', problems: [{ code: 'PAYER_SUSPENDED' }] }
  expect(await town.settle('B0')).toMatchObject(refused)
  expect(await town.settle('B1')).toMatchObject(refused)
  expect((await town.engine.rules.resume('town', PRODUCT)).ok).toBe(true)
  expect((await town.settle('B1')).kind).toBe('answer')
  expect(town.engine.rulesState('town')?.suspended).toEqual([])
  await town.close()
})

test('a version that hangs, activated under load, stops no one but those it would pay', async () => {
  const bad = basicAt(75)
  const town = await Town.open({ faults: [{ what: 'hang', pack: bad.hash }], batchMax: 8 })
  const publication = { jurisdiction: 'town', packs: [bad] }
  expect((await town.engine.rules.publish(publication)).ok).toBe(true)
  const ruleSet = town.engine.rulesState('town')?.ruleSet
  const waiting = Array.from({ length: 40 }, async (_, index) => town.settle(`A${index % 20}`))
  const activated = town.activate(bad)
  waiting.push(...Array.from({ length: 40 }, async (_, index) => town.settle(`A${index % 20}`)))
  await activated
  const replies = await Promise.all(waiting)
  for (const reply of replies) {
    if (reply.kind === 'refused') expect(reply.problems[0]?.code).toBe('PAYER_SUSPENDED')
  }
  expect(replies.some(({ kind }) => kind === 'refused')).toBe(true)
  expect(town.engine.rulesState('town')?.suspended).toEqual([bad.hash])
  expect((await town.engine.rules.rollBack({ jurisdiction: 'town', pack: bad.id })).ok).toBe(true)
  expect((await town.settle('A0')).kind).toBe('answer')
  // Nor has the writer run it for a bill that had been evaluated under the rules before.
  expect(new Set(town.splits().map((split) => split.ruleSet))).toEqual(new Set([ruleSet]))
  await town.close()
})
