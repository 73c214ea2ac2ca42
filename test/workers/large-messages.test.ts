import { expect, it } from 'vitest'
import type { Evaluator, SplitJob } from '../../src/engine/evaluator-port.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { readRequestFrame } from '../../src/protocol/frames/request-frame.ts'
import { accepted } from '../conformance/rules.ts'
import { billOf, NOW, Town } from './town.ts'

function asked(id: string, bill: unknown) {
  const message = Buffer.from(JSON.stringify({ id, op: 'settle', body: { bill } }))
  const read = readRequestFrame(message, 'json')
  if (!read.ok) throw new Error('unreadable')
  const { body } = read.frame
  const sent = { message, encoding: 'json' } as const
  return { operation: 'settle', hospital: 'H', requestId: id, body, reply: 'json', sent } as const
}

function billWith(person: string, stay: string, lines: number) {
  return {
    ...billOf(person, stay, 5),
    lines: Array.from({ length: lines }, (_, index) => {
      return { id: String(index), name: `药品${index % 300}`, inScope: `${index % 9}.10` }
    }),
  }
}

/** Says of every job that nobody has looked at it. */
class Refusing implements Evaluator {
  readonly workers = 1
  readonly jobs: SplitJob[] = []

  async evaluate(job: SplitJob) {
    this.jobs.push(job)
    return Promise.resolve({ kind: 'unavailable' } as const)
  }

  async close(): Promise<void> {
    return Promise.resolve()
  }
}

it('what takes long to read is read by the writer, what takes long to write is written by it', async () => {
  const town = await Town.open({ workers: 0 })
  const evaluator = new Refusing()
  const { store } = town
  const engine = accepted(
    await openEngine({ store, clock: () => NOW, evaluator }),
    'an engine whose workers are not to be had',
  )
  for (const [index, lines] of [5, 900, 4_000].entries()) {
    const reply = await engine.submit(
      asked(`m${index}`, billWith(`A${index + 1}`, `M${index}`, lines)),
    )
    expect(reply.kind).toBe('answer')
  }
  const forms = evaluator.jobs.map(({ sent, post }) => [sent !== undefined, post !== undefined])
  expect(forms).toEqual([
    [true, true],
    [true, true],
    [false, false],
  ])
  await engine.close()
  await town.close()
})

it('a settlement that is still being flushed is unknown to a rehearsal', async () => {
  const town = await Town.open({ workers: 1 })
  await town.settle('A2')
  const { store, engine } = town
  const commit = store.commit.bind(store)
  Object.assign(store, {
    commit: async (puts: Parameters<typeof commit>[0]) => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return commit(puts)
    },
  })
  const settling = town.settle('A1')
  await new Promise((resolve) => setTimeout(resolve, 30))
  const settlement = `S${String(engine.seq + 1).padStart(12, '0')}`
  const resettling = Array.from({ length: 20 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, 5 * index))
    const body = { settlement, bill: { lines: [{ id: '9', name: '检查', inScope: '33.00' }] } }
    return engine.submit({ operation: 'resettle', hospital: 'H', requestId: `g${index}`, body })
  })
  await settling
  const codes = (await Promise.all(resettling)).map((reply) =>
    reply.kind === 'refused' ? reply.problems[0]?.code : reply.kind,
  )
  await town.close()
  expect(codes).not.toContain('DEFECT')
  expect(town.errors).toEqual([])
})
