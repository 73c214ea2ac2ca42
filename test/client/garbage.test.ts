import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { connectTerminal } from '../../src/client/connect-terminal.ts'

type Members = Readonly<Record<string, unknown>>

const PONG = { at: 7 }
const HELLO = { protocol: 1, at: 0, limits: { frameBytes: 9_999, inFlightPerTerminal: 1 } }
const PROBLEM = { code: 'OVERLOADED', retryable: true }

/** A terminal whose server answers `op` wrongly at the first connection, and rightly at the next. */
async function answeredAfter(op: string, wrong: Members) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    const isFirst = connections === 1
    socket.on('message', (frame: Buffer) => {
      const asked = JSON.parse(frame.toString('utf8')) as {
        readonly id: string
        readonly op: string
      }
      const answer = asked.op === 'hello' ? HELLO : PONG
      const right = { id: asked.id, ok: true, repeat: false, answer }
      socket.send(JSON.stringify(isFirst && asked.op === op ? { ...right, ...wrong } : right))
    })
  })
  const { port } = server.address() as AddressInfo
  const terminal = connectTerminal({
    url: `ws://127.0.0.1:${port}/v1/terminal`,
    credential: 'a.b',
    webSocket: WebSocket,
    encoding: 'json',
    limits: { reconnectMs: 1 },
  })
  const { answer } = await terminal.ping()
  terminal.close()
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return { answer, connections }
}

it.each([
  ['hello', { answer: null }],
  ['hello', { answer: { protocol: 1 } }],
  ['hello', { answer: { ...HELLO, at: 'now' } }],
  ['hello', { answer: { ...HELLO, limits: null } }],
  ['hello', { ok: false }],
  ['hello', { ok: false, problems: [null] }],
  ['ping', { id: 5 }],
  ['ping', { ok: 'yes' }],
  ['ping', { answer: null }],
  ['ping', { answer: [] }],
  ['ping', { event: 5 }],
  ['ping', { ok: false }],
  ['ping', { ok: false, problems: [] }],
  ['ping', { ok: false, problems: [PROBLEM], retryAfterMs: 'soon' }],
  ['ping', { ok: false, problems: [PROBLEM], retryAfterMs: 2 ** 40 }],
])('what is no frame in place of the answer to %s: %j is asked for again', async (op, wrong) => {
  expect(await answeredAfter(op, wrong)).toEqual({ answer: PONG, connections: 2 })
})
