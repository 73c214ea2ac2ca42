import { expect, it } from 'vitest'
import { billOf } from '../workers/town.ts'
import { Gate, ServedTown } from './served-town.ts'
import { codesOf, TerminalClient } from './terminal-client.ts'

it('a stop answers what is in flight, refuses what comes, tells subscribers, and closes', async () => {
  const gate = new Gate((operation) => operation === 'settle')
  const served = await ServedTown.open({
    limits: { stopMs: 60_000, retryAfterMs: 77 },
    before: (engine) => gate.before(engine),
  })
  const client = await served.login()
  const watcher = await served.login('operator', 'qingfen.v1.msgpack')
  await watcher.ask('sub', 'subscribe', { topics: ['engine.draining'] })
  for (let index = 0; index < 10; index += 1) {
    client.send(`s-${index}`, 'settle', { bill: billOf(`A${index}`, `stop-${index}`, 100) })
  }
  await gate.holds(10)
  const stopped = served.server.stop()
  expect(await watcher.first(({ event }) => event !== undefined)).toEqual({
    event: 'engine.draining',
    withinMs: 60_000,
  })
  expect(served.server.stop()).toBeInstanceOf(Promise)
  const late = await client.ask('late', 'quote', { bill: billOf('A1', 'late', 100) })
  expect(codesOf(late)).toEqual(['ENGINE_STOPPING'])
  expect(late.retryAfterMs).toBe(77)
  expect((await client.ask('ping', 'ping', {})).ok).toBe(true)
  await expect(TerminalClient.open(served.server.port)).rejects.toThrow('ECONNREFUSED')
  gate.letGo()
  for (let index = 0; index < 10; index += 1) {
    expect((await client.reply(`s-${index}`)).answer?.['state']).toBe('settled')
  }
  await stopped
  expect(await client.closed).toEqual({ code: 1001, reason: 'ENGINE_STOPPING' })
  expect(await watcher.closed).toEqual({ code: 1001, reason: 'ENGINE_STOPPING' })
  expect(served.town.splits()).toHaveLength(10)
  expect(served.log).toContainEqual({ event: 'server.stopped', unanswered: 0 })
  await served.close()
})

it('a hello while it stops is turned away', async () => {
  const gate = new Gate()
  const served = await ServedTown.open({ before: (engine) => gate.before(engine) })
  const early = await served.connect()
  const client = await served.login()
  client.send('q', 'quote', { bill: billOf('A1', 'q', 100) })
  await gate.holds(1)
  const stopped = served.server.stop()
  const hello = await early.ask('h', 'hello', { credential: served.credential('terminal-H') })
  expect(codesOf(hello)).toEqual(['ENGINE_STOPPING'])
  expect((await early.closed).code).toBe(1001)
  gate.letGo()
  expect((await client.reply('q')).ok).toBe(true)
  await stopped
  await served.close()
})

it('a stop ends though something stays unanswered; what was posted is there for the asking', async () => {
  const gate = new Gate((operation) => operation === 'settle')
  const served = await ServedTown.open({
    limits: { stopMs: 50 },
    before: (engine) => gate.before(engine),
  })
  const client = await served.login()
  client.send('never', 'settle', { bill: billOf('A1', 'never', 100) })
  await gate.holds(1)
  await served.server.stop()
  expect(await client.closed).toEqual({ code: 1001, reason: 'ENGINE_STOPPING' })
  expect(served.log).toContainEqual({ event: 'server.stopped', unanswered: 1 })
  gate.letGo()
  const reply = await served.town.engine.submit({
    operation: 'settle',
    hospital: 'H',
    requestId: 'never',
    body: { bill: billOf('A1', 'never', 100) },
  })
  expect(reply.kind).toBe('answer')
  await served.close()
  expect(served.town.splits()).toHaveLength(1)
})
