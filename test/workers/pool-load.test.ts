import { expect, test } from 'vitest'
import type { EngineReply } from '../../src/engine/request.ts'
import { essence, PERSONS_EACH, settledInline, sharer, Town } from './town.ts'

function settlements(replies: readonly EngineReply[]): readonly string[] {
  return replies.map((reply) => {
    if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
    return String(reply.answer['settlement'])
  })
}

test('256 in flight, many of the same few persons: each once, and as one after the other', async () => {
  const town = await Town.open({ batchMax: 16 })
  const persons = ['A0', 'A1', 'B0', 'B1', 'B2', 'A3', 'B4', 'A5']
  const replies = await Promise.all(
    Array.from({ length: 256 }, async (_, index) =>
      town.settle(persons[index % persons.length] ?? '', { yuan: 20 + index }),
    ),
  )
  const ids = settlements(replies)
  expect(new Set(ids).size).toBe(256)
  const splits = town.splits()
  expect(splits).toHaveLength(256)
  expect(splits.map(essence)).toEqual(await settledInline(splits))
  expect(town.errors).toEqual([])
  expect(town.outcomes).toEqual(new Map([['evaluated', 256]]))
  await town.close()
})

test('a double click while the first is away with a worker is answered as the first', async () => {
  const town = await Town.open()
  const bill = { person: { id: 'B0' }, visit: { id: 'V', kind: 'outpatient', start: '2024-06-10' } }
  const lines = [{ id: '1', name: '检查', inScope: '300.00' }]
  const send = async () => town.submit({ ...bill, lines }, { requestId: 'R' })
  const replies = await Promise.all(Array.from({ length: 40 }, send))
  expect(new Set(settlements(replies)).size).toBe(1)
  expect(replies.filter((reply) => reply.kind === 'answer' && !reply.repeat)).toHaveLength(1)
  expect(town.splits()).toHaveLength(1)
  await town.close()
})

test('a shared budget is spent to the fen and no further', async () => {
  const town = await Town.open()
  const replies = await Promise.all(
    Array.from({ length: 200 }, async (_, index) =>
      town.settle(`${index % 3 === 0 ? 'A' : 'G'}${index % PERSONS_EACH}`, { yuan: 150 }),
    ),
  )
  settlements(replies)
  const splits = town.splits()
  const spent = splits
    .flatMap(({ answer }) => answer.payers)
    .filter(({ id }) => id === 'town-group-insurer')
    .reduce((sum, { amount }) => sum + amount, 0)
  expect(spent).toBe(1_000_00)
  expect([...town.engine.counters('group:G').values()]).toEqual([1_000_00])
  expect(splits.map(essence)).toEqual(await settledInline(splits))
  await town.close()
})

test('a policy that has become a shared one begins anew, with workers as without', async () => {
  const found = await Promise.all(
    [0, 2].map(async (workers) => {
      const town = await Town.open({ workers })
      settlements([await town.settle('B0', { yuan: 300 })])
      await town.register([sharer('B0')])
      settlements([await town.settle('B0', { yuan: 200 }), await town.settle('B0')])
      const splits = town.splits().map(essence)
      await town.close()
      return splits
    }),
  )
  expect(found[1]).toEqual(found[0])
})

test('close answers everything first, and takes nothing more', async () => {
  const town = await Town.open()
  const waiting = Array.from({ length: 60 }, async (_, index) => town.settle(`B${index % 20}`))
  await town.close()
  settlements(await Promise.all(waiting))
  expect(await town.settle('A0')).toMatchObject({
    kind: 'refused',
    problems: [{ code: 'ENGINE_STOPPING' }],
  })
  expect(town.splits()).toHaveLength(60)
})
