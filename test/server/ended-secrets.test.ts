import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createKey, rotateKey, type NewKey } from '../../src/server/keys.ts'
import { LedgerAuthenticator } from '../../src/server/ledger-authenticator.ts'
import { openServer, type Server } from '../../src/server/open-server.ts'
import { accepted } from '../conformance/rules.ts'
import { Town } from '../workers/town.ts'
import { codesOf, TerminalClient } from './terminal-client.ts'

const DAY_MS = 86_400_000

let town: Town
let server: Server
let now: number

beforeEach(async () => {
  now = Date.UTC(2024, 5, 10, 4)
  town = await Town.open({ workers: 0 })
  const { engine, store } = town
  const clock = () => now
  const options = {
    engine,
    authenticator: new LedgerAuthenticator(engine, clock),
    host: '127.0.0.1',
    port: 0,
    clock,
    program: '0.1.0',
    http: {
      engine,
      store,
      mode: 'production' as const,
      workFolder: mkdtempSync(join(tmpdir(), 'secrets-')),
    },
  }
  server = accepted(await openServer(options), 'server')
})

afterEach(async () => {
  await server.stop()
  await town.close()
})

async function keyOf(key: NewKey): Promise<string> {
  return accepted(await createKey(town.engine, key), 'key').credential ?? ''
}

async function call(credential: string, method: string, path: string, body?: object) {
  return fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

it('a connection ends with its secret: at once when it is changed, and not while it may stay', async () => {
  const operator = await keyOf({ role: 'operator', id: 'boss' })
  const old = await keyOf({ role: 'terminal', id: 'till', hospital: 'H' })
  const till = await TerminalClient.login(server.port, old)
  const kept = await call(operator, 'POST', '/v1/keys/till/rotate', { oldUntil: '2024-06-10' })
  expect(kept.status).toBe(200)
  expect((await till.ask('1', 'ping', {})).ok).toBe(true)
  const answer = await call(operator, 'POST', '/v1/keys/till/rotate')
  const { credential } = (await answer.json()) as { readonly credential: string }
  expect(await till.closed).toMatchObject({ reason: 'CREDENTIAL_WRONG' })
  const next = await TerminalClient.login(server.port, credential)
  expect((await next.ask('1', 'ping', {})).ok).toBe(true)
  next.lose()
})

it('a connection does nothing more when the last day of its secret is over', async () => {
  const until = '2024-06-10'
  const credential = await keyOf({ role: 'terminal', id: 'till', hospital: 'H', until })
  const till = await TerminalClient.login(server.port, credential)
  expect((await till.ask('1', 'ping', {})).ok).toBe(true)
  now += DAY_MS
  expect(codesOf(await till.ask('2', 'dayTotals', { day: until }))).toEqual(['CREDENTIAL_WRONG'])
  expect(await till.closed).toMatchObject({ reason: 'CREDENTIAL_WRONG' })
})

it('a request whose secret ends while its body arrives changes nothing', async () => {
  const operator = await keyOf({ role: 'operator', id: 'boss' })
  const thief = await keyOf({ role: 'operator', id: 'other' })
  const body = JSON.stringify({ role: 'operator', id: 'back-door' })
  const socket = connect(server.port, '127.0.0.1')
  let received = ''
  socket.on('data', (chunk) => (received += chunk.toString()))
  const head = [
    'POST /v1/keys HTTP/1.1',
    'host: town',
    'content-type: application/json',
    `content-length: ${body.length}`,
    `authorization: Bearer ${thief}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`)
  // The head is read before the other request is, which comes later on a connection of its own.
  expect((await call(operator, 'GET', '/v1/keys')).status).toBe(200)
  accepted(await rotateKey(town.engine, 'other'), 'rotate')
  socket.write(body.slice(5))
  while (!received.includes('\r\n\r\n')) await wait(5)
  expect(received).toContain('401')
  expect(town.engine.credentials().map(({ id }) => id)).toEqual(['boss', 'other'])
  socket.destroy()
})
