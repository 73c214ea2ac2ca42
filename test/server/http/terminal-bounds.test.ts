import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import type { ServerLimits } from '../../../src/server/limits.ts'
import { billOf } from '../../workers/town.ts'
import { Gate, ServedTown } from '../served-town.ts'

const towns: { readonly gate: Gate; readonly town: ServedTown }[] = []
afterEach(async () => {
  for (const { gate, town } of towns.splice(0)) {
    gate.letGo()
    await town.close()
  }
})

/** A town that holds back what is called `held…`, as a slow disk would. */
async function slowTown(limits: Partial<ServerLimits>) {
  const gate = new Gate((_, requestId) => requestId.startsWith('held'))
  const town = await ServedTown.open({
    http: true,
    limits,
    before: (engine) => gate.before(engine),
  })
  towns.push({ gate, town })
  return { gate, town }
}

const bodyOf = (id: string, pad = '') => ({
  bill: billOf('A1', `stay-${id}`, 100),
  ...(pad && { pad }),
})

interface Answer {
  readonly status: number
  readonly json: {
    readonly ok?: boolean
    readonly problems?: readonly { readonly code: string; readonly details: object }[]
  }
}

async function post(
  town: ServedTown,
  id: string,
  { as = 'terminal-H', path = '/v1/settlements', pad = '' } = {},
): Promise<Answer> {
  const sent = await town.fetch(path, {
    as,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, body: bodyOf(id, pad) }),
  })
  return { status: sent.status, json: (await sent.json()) as Answer['json'] }
}

/** As often as it takes: what has just been let go may not be done yet. */
async function postOnceTaken(town: ServedTown, id: string): Promise<Answer> {
  for (;;) {
    const answer = await post(town, id)
    if (answer.status !== 503) return answer
    await wait(2)
  }
}

function overloaded(max: number | string) {
  return { status: 503, json: { problems: [{ code: 'OVERLOADED', details: { max } }] } }
}

interface Raw {
  readonly id: string
  readonly as?: string
  /** Of the body, what is sent; default: all. */
  readonly part?: (body: string) => string
}

function send(town: ServedTown, { id, as = 'terminal-H', part = (body) => body }: Raw): Socket {
  const body = JSON.stringify({ id, body: bodyOf(id) })
  const socket = connect(town.server.port, '127.0.0.1')
  const head = [
    'POST /v1/settlements HTTP/1.1',
    'host: town',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `authorization: Bearer ${town.credential(as)}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${part(body)}`)
  return socket
}

async function leave(socket: Socket): Promise<void> {
  socket.resetAndDestroy()
  await once(socket, 'close')
}

it('keeps the places of operators free, however much terminals ask for', async () => {
  const { gate, town } = await slowTown({ httpRequests: 2, httpRequestsPerPrincipal: 1 })
  const ids = ['held-1', 'held-2', 'held-3', 'held-4']
  const asked = ids.flatMap((id) =>
    ['terminal-H', 'terminal-K'].map(async (as) => post(town, id, { as })),
  )
  await gate.holds(8)
  const headers = { 'content-type': 'application/json' }
  const made = { as: 'operator', method: 'POST', headers }
  const key = JSON.stringify({ id: 'terminal-N', role: 'terminal', hospital: 'H' })
  expect((await town.fetch('/v1/keys', { ...made, body: key })).status).toBe(201)
  const ended = await town.fetch('/v1/keys/terminal-N', { as: 'operator', method: 'DELETE' })
  expect(ended.status).toBe(200)
  gate.letGo()
  expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([200]))
})

it('bounds the requests of one terminal; another, and its own connection, go on', async () => {
  const { gate, town } = await slowTown({ inFlightPerTerminal: 2, httpRequestsPerPrincipal: 9 })
  const asked = ['held-1', 'held-2'].map(async (id) => post(town, id))
  await gate.holds(2)
  expect(await post(town, 'third')).toMatchObject(overloaded(2))
  expect(await post(town, 'third', { path: '/v1/quotes' })).toMatchObject(overloaded(2))
  expect((await post(town, 'other', { as: 'terminal-K' })).status).toBe(200)
  const client = await town.login('terminal-H')
  expect((await client.ask('own', 'quote', bodyOf('own'))).ok).toBe(true)
  gate.letGo('held-1')
  expect((await postOnceTaken(town, 'third')).json.ok).toBe(true)
  gate.letGo()
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200])
})

it('bounds the requests of all terminals together, over both ways', async () => {
  const { gate, town } = await slowTown({ inFlight: 2 })
  const client = await town.login('terminal-K')
  client.send('held-socket', 'settle', bodyOf('held-socket'))
  const asked = post(town, 'held-http')
  await gate.holds(2)
  expect(await post(town, 'more')).toMatchObject(overloaded(2))
  const refused = await client.ask('more', 'quote', bodyOf('more'))
  expect(refused.problems).toMatchObject([{ code: 'OVERLOADED', details: { max: 2 } }])
  gate.letGo()
  expect((await asked).status).toBe(200)
  expect((await client.reply('held-socket')).ok).toBe(true)
})

it.each([
  ['inFlightBytes', { inFlightBytes: 3_000 }, '3000 B'],
  ['httpBodyBytes', { httpBodyBytes: 3_000 }, '3000 B'],
])('bounds the bytes of their bodies by %s, as they arrive', async (_, limits, max) => {
  const { gate, town } = await slowTown(limits)
  const asked = post(town, 'held', { pad: 'x'.repeat(2_000) })
  await gate.holds(1)
  expect(await post(town, 'more', { pad: 'x'.repeat(1_000) })).toMatchObject(overloaded(max))
  gate.letGo()
  // It has a member that no bill has.
  expect((await asked).status).not.toBe(503)
  expect((await postOnceTaken(town, 'after')).status).toBe(200)
})

it('shares the bytes with connections', async () => {
  const { gate, town } = await slowTown({ inFlightBytes: 3_000 })
  const client = await town.login()
  client.send('held', 'quote', bodyOf('held', 'x'.repeat(2_000)))
  await gate.holds(1)
  expect(await post(town, 'more', { pad: 'x'.repeat(1_000) })).toMatchObject(overloaded('3000 B'))
})

it('counts a request whose client has gone until its work is done', async () => {
  const { gate, town } = await slowTown({ inFlightPerTerminal: 2 })
  for (const count of [1, 2]) {
    const socket = send(town, { id: `held-${count}` })
    await gate.holds(count)
    await leave(socket)
  }
  expect(await post(town, 'more')).toMatchObject(overloaded(2))
  gate.letGo()
  expect((await postOnceTaken(town, 'more')).status).toBe(200)
  expect(town.town.splits()).toHaveLength(3)
})

it('counts a request whose body has not come, and no longer when its client goes', async () => {
  const { town } = await slowTown({ inFlight: 1 })
  const socket = send(town, { id: 'half', part: (body) => body.slice(0, 20) })
  for (;;) {
    const { status } = await post(town, 'probe', { path: '/v1/quotes' })
    if (status === 503) break
    await wait(2)
  }
  await leave(socket)
  expect((await postOnceTaken(town, 'after')).status).toBe(200)
})

it('counts them among those in flight: of a drain, of the figures, and at the stop, which waits', async () => {
  const { gate, town } = await slowTown({ stopMs: 60_000 })
  const asked = post(town, 'held-1')
  await gate.holds(1)
  const socket = send(town, { id: 'held-2', as: 'terminal-K' })
  await gate.holds(2)
  await leave(socket)
  const figures = await (await town.fetch('/metrics')).text()
  expect(figures).toMatch(/^qingfen_requests_in_flight 2$/m)
  const drained = await town.fetch('/v1/drain', { as: 'operator', method: 'POST' })
  expect(await drained.json()).toEqual({ draining: true, inFlight: 2 })
  let isStopped = false
  const stopped = town.server.stop().then(() => (isStopped = true))
  expect(town.log).toContainEqual({ event: 'server.stopping', inFlight: 2 })
  gate.letGo('held-1')
  expect((await asked).json.ok).toBe(true)
  await wait(200)
  expect(isStopped).toBe(false)
  gate.letGo()
  await stopped
  expect(town.log.at(-1)).toEqual({ event: 'server.stopped', unanswered: 0 })
  expect(town.town.splits()).toHaveLength(2)
})
