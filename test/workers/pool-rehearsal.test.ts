import { expect, test } from 'vitest'
import type { EngineRequest, Operation } from '../../src/engine/request.ts'
import { billOf, packOf, Town } from './town.ts'

/*
 * Operations whose bills the writer adjudicates itself, or puts together: a pack that hangs on them must not stop the writer.
 */

const PRODUCT = packOf('town/product').hash

function request(operation: Operation, body: unknown, hospital = 'H'): EngineRequest {
  return { operation, hospital, requestId: `X-${operation}`, body }
}

/** One bill is settled before the pack goes wrong. */
async function townWithOneSettlement(what: 'hang' | 'exit') {
  const town = await Town.open({ faults: [{ what, pack: PRODUCT, skip: 1 }], timeBudgetMs: 500 })
  const reply = await town.settle('B0', { yuan: 300 })
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply))
  const { settlement } = reply.answer
  const [day] = [reply.answer['day']]
  expect(day).toBeDefined()
  return { town, settlement }
}

/** The bill is refused, the pack suspended, and everybody else settles. */
async function expectSuspended(town: Town, wanted: EngineRequest): Promise<void> {
  const [reply, other] = await Promise.all([town.engine.submit(wanted), town.settle('A1')])
  expect(reply).toMatchObject({ kind: 'refused', problems: [{ code: 'PAYER_SUSPENDED' }] })
  expect(other.kind).toBe('answer')
  expect(town.engine.rulesState('town')?.suspended).toEqual([PRODUCT])
  expect((await town.settle('A2')).kind).toBe('answer')
  expect(town.errors).toEqual([])
  await town.close()
}

const { lines } = billOf('B0', 'V1', 400)

test.each(['hang', 'exit'] as const)(
  'a resettlement whose pack brings workers down: %s',
  async (what) => {
    const { town, settlement } = await townWithOneSettlement(what)
    await expectSuspended(town, request('resettle', { settlement, bill: { lines } }))
  },
)

test('a recalculation with the rules of today', async () => {
  const { town } = await townWithOneSettlement('hang')
  await expectSuspended(town, request('recalculate', { person: 'B0', with: 'now' }, ''))
})

test('a supplement', async () => {
  const { town, settlement } = await townWithOneSettlement('hang')
  const body = { person: 'B0', settlements: [settlement], packs: ['town/product'] }
  await expectSuspended(town, request('supplement', body))
})

test('lines that were sent beforehand', async () => {
  const { town } = await townWithOneSettlement('hang')
  const added = await town.engine.submit(request('lines.add', { stay: 'V9', lines }))
  expect(added.kind).toBe('answer')
  const { lines: _, ...bill } = billOf('B3', 'V9', 0)
  await expectSuspended(town, request('settle', { bill: { ...bill, staged: true } }))
})

test('lines that are sent while a bill with those before them is tried are not lost', async () => {
  const town = await Town.open({})
  const [first, second] = lines
  expect(
    (await town.engine.submit(request('lines.add', { stay: 'V9', lines: [first] }))).kind,
  ).toBe('answer')
  const { lines: _, ...bill } = billOf('B3', 'V9', 0)
  const more = { ...request('lines.add', { stay: 'V9', lines: [second] }), requestId: 'X-more' }
  const [added, settled] = await Promise.all([
    town.engine.submit(more),
    town.engine.submit(request('settle', { bill: { ...bill, staged: true } })),
  ])
  expect(added.kind).toBe('answer')
  expect(settled.kind).toBe('answer')
  const [split] = town.splits()
  // Evaluated on one line beforehand; in its turn there are two.
  expect(split?.lineIds).toEqual(['1', '2'])
  expect(split?.staged?.map(([, ids]) => ids)).toEqual([['1'], ['2']])
  expect(town.outcomes.get('evaluated')).toBe(1)
  await town.close()
})

test('a bill with lines sent beforehand is evaluated by a worker as the writer would', async () => {
  const town = await Town.open({})
  const inline = await Town.open({ workers: 0 })
  const { lines: _, ...bill } = billOf('B3', 'V9', 0)
  const answers = []
  for (const one of [town, inline]) {
    await one.engine.submit(request('lines.add', { stay: 'V9', lines }))
    answers.push(await one.engine.submit(request('settle', { bill: { ...bill, staged: true } })))
  }
  expect(answers[0]).toEqual(answers[1])
  expect(answers[0]?.kind).toBe('answer')
  await town.close()
  await inline.close()
})

test('a bill of a group is tried like any other', async () => {
  const group = packOf('town/group').hash
  const town = await Town.open({
    faults: [{ what: 'hang', pack: group, skip: 3 }],
    timeBudgetMs: 500,
  })
  for (const person of ['G1', 'G2', 'G3']) expect((await town.settle(person)).kind).toBe('answer')
  const reply = await town.settle('G4')
  expect(reply).toMatchObject({ kind: 'refused', problems: [{ code: 'PAYER_SUSPENDED' }] })
  expect(town.engine.rulesState('town')?.suspended).toEqual([group])
  await town.close()
})
