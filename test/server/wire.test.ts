import { connect as connectTcp, type Socket } from 'node:net'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openServer } from '../../src/server/open-server.ts'
import { accepted } from '../conformance/rules.ts'
import { NOW, ServedTown } from './served-town.ts'

let served: ServedTown
beforeAll(async () => {
  served = await ServedTown.open({ limits: { frameBytes: 4_096 } })
})
afterAll(async () => {
  await served.close()
})

const HANDSHAKE = [
  'GET /v1/terminal HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: qingfen.v1.json',
  '',
  '',
].join('\r\n')

/** A TCP connection that has upgraded; what comes after the handshake is not WebSocket's business. */
async function upgraded(): Promise<Socket> {
  const socket = connectTcp(served.server.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(HANDSHAKE)
  await new Promise((resolve) => socket.once('data', resolve))
  return socket
}

async function ended(socket: Socket): Promise<boolean> {
  socket.resume()
  return new Promise((resolve) => {
    socket.on('close', () => {
      resolve(true)
    })
  })
}

/** A masked frame (its mask is zero): first byte, length as declared, payload. */
function frame(first: number, payload: Buffer, declared = payload.length): Buffer {
  const head = Buffer.alloc(14)
  head.writeUInt8(first, 0)
  head.writeUInt8(0x80 | 127, 1)
  head.writeBigUInt64BE(BigInt(declared), 2)
  return Buffer.concat([head, payload])
}

describe('on the wire', () => {
  it.each([
    ['an unmasked frame', Buffer.from('\x81\x05{"id":"unmasked"}', 'latin1')],
    ['a reserved opcode', frame(0x83, Buffer.from('{}'))],
    ['a reserved bit', frame(0xf1, Buffer.from('{}'))],
    ['a length of terabytes', frame(0x81, Buffer.from('{}'), 2 ** 45)],
    ['a continuation of nothing', frame(0x80, Buffer.from('{}'))],
    ['text that is no UTF-8', frame(0x81, Buffer.from([0x22, 0xff, 0x22]))],
  ])('%s ends its connection and no other', async (_, bytes) => {
    const other = await served.login()
    const socket = await upgraded()
    socket.write(bytes)
    expect(await ended(socket)).toBe(true)
    expect((await other.ask('p', 'ping', {})).ok).toBe(true)
  })

  it('pieces that add up to too much end their connection', async () => {
    const client = await served.login()
    client.socket.send('{"id":"x","op":"ping","body":{"pad":"', { fin: false })
    for (let piece = 0; piece < 10; piece += 1) {
      client.socket.send('x'.repeat(1_000), { fin: false })
    }
    expect((await client.closed).code).toBe(1006)
  })

  it('nothing is compressed, whatever a client offers', async () => {
    const client = await served.login()
    expect(client.socket.extensions).toBe('')
    expect(client.socket.protocol).toBe('qingfen.v1.json')
  })

  it('a frame in pieces is one frame', async () => {
    const client = await served.login()
    client.socket.send('{"id":"pieces",', { fin: false })
    client.socket.send('"op":"ping","bo', { fin: false })
    client.socket.send('dy":{}}', { fin: true })
    expect((await client.reply('pieces')).answer).toEqual({ at: NOW })
  })

  it('what is no HTTP ends its connection', async () => {
    const socket = connectTcp(served.server.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x0d, 0x0a, 0x0d, 0x0a]))
    expect(await ended(socket)).toBe(true)
    expect((await (await served.login()).ask('p', 'ping', {})).ok).toBe(true)
  })
})

const TLS = {
  certificate: fileURLToPath(new URL('../fixtures/tls/certificate.pem', import.meta.url)),
  key: fileURLToPath(new URL('../fixtures/tls/key.pem', import.meta.url)),
}

describe('with a certificate', () => {
  it('a terminal is served over TLS, and nobody without it', async () => {
    const opened = await openServer({
      engine: served.town.engine,
      authenticator: { authenticate: () => ({ id: 't', role: 'terminal', hospital: 'H' }) },
      host: '127.0.0.1',
      port: 0,
      tls: TLS,
      clock: () => NOW,
      program: '0.1.0',
    })
    const server = accepted(opened, 'server')
    const ca = readFileSync(TLS.certificate)
    const url = `//localhost:${server.port}/v1/terminal`
    const socket = new WebSocket(`wss:${url}`, ['qingfen.v1.json'], { ca, family: 4 })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    socket.send(JSON.stringify({ id: 'h', op: 'hello', body: { credential: 'any' } }))
    const reply = await new Promise<string>((resolve) => {
      socket.once('message', (data: Buffer) => {
        resolve(data.toString('utf8'))
      })
    })
    expect(JSON.parse(reply)).toMatchObject({ id: 'h', ok: true, answer: { hospital: 'H' } })
    const plain = new WebSocket(`ws:${url}`, ['qingfen.v1.json'], { family: 4 })
    await new Promise((resolve) => plain.once('error', resolve))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await server.stop()
    expect(await closed).toBe(1001)
  })
})

it('a client that answers no ping is closed, one that does stays', async () => {
  const idle = await ServedTown.open({ limits: { idleSeconds: 8 } })
  const alive = await idle.login()
  const socket = new WebSocket(
    `ws://127.0.0.1:${idle.server.port}/v1/terminal`,
    ['qingfen.v1.json'],
    { autoPong: false },
  )
  const credential = idle.credential('terminal-K')
  socket.once('open', () => {
    socket.send(JSON.stringify({ id: 'h', op: 'hello', body: { credential } }))
  })
  const code = await new Promise((resolve) => socket.once('close', resolve))
  expect(code).toBe(1006)
  expect((await alive.ask('p', 'ping', {})).ok).toBe(true)
  await idle.close()
})
