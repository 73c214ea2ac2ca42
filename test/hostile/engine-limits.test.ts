import { expect, test } from 'vitest'
import { P1 } from '../model/register.ts'
import { ask, billOf, codesOf, lineOf, startRun } from './engine-run.ts'

test('a policy that becomes a shared one pays no limit twice, however often it is recalculated', async () => {
  const run = await startRun()
  const bill = billOf('A', { lines: [{ id: '1', preSelfPay: '3000.00' }] })
  expect(codesOf(await ask(run, 'settle', { bill }))).toEqual(['answer'])
  const before = [...run.engine.counters('person:P1')]
  const policies = P1.policies.map((one) => (one['id'] === 'C1' ? { ...one, shared: true } : one))
  await run.engine.registry('hostile', [{ kind: 'person', id: 'P1', entry: { ...P1, policies } }])
  for (let times = 0; times < 3; times += 1) {
    const reply = await ask(run, 'recalculate', { person: 'P1', with: 'now' })
    expect(reply.kind === 'answer' && reply.answer['changed']).toEqual([])
  }
  expect([...run.engine.counters('person:P1')]).toEqual(before)
})

test('a line withdrawn and sent again is known by its last text', async () => {
  const run = await startRun()
  const add = async (inScope: string) =>
    codesOf(await ask(run, 'lines.add', { stay: 'A', lines: [lineOf('1', inScope)] }))
  expect(await add('1.00')).toEqual(['answer'])
  expect(codesOf(await ask(run, 'lines.withdraw', { stay: 'A', ids: ['1'] }))).toEqual(['answer'])
  expect(await add('2.00')).toEqual(['answer'])
  expect(await add('1.00')).toEqual(['LINE_DIFFERS'])
  expect(await add('2.00')).toEqual(['answer'])
  const twice = { stay: 'A', lines: [lineOf('2', '1.00'), lineOf('2', '3.00')] }
  expect(codesOf(await ask(run, 'lines.add', twice))).toEqual(['LINE_DIFFERS'])
})
