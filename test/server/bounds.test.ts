import { describe, expect, it } from 'vitest'
import { openServer } from '../../src/server/open-server.ts'
import { serverLimits, SERVER_LIMITS } from '../../src/server/limits.ts'
import { billOf } from '../workers/town.ts'
import { Gate, ServedTown } from './served-town.ts'
import { codesOf, TerminalClient } from './terminal-client.ts'

const quoteOf = (index: number) => ({ bill: billOf(`A${index}`, `bound-${index}`, 100) })

describe('requests in flight', () => {
  it('of one terminal are bounded; the others go on', async () => {
    const gate = new Gate((_, requestId) => requestId.startsWith('held'))
    const served = await ServedTown.open({
      limits: { inFlightPerTerminal: 2, retryAfterMs: 321 },
      before: (engine) => gate.before(engine),
    })
    const client = await served.login()
    client.send('held-1', 'quote', quoteOf(1))
    client.send('held-2', 'quote', quoteOf(2))
    await gate.holds(2)
    const refused = await client.ask('third', 'quote', quoteOf(3))
    expect(refused).toMatchObject({
      ok: false,
      problems: [{ code: 'OVERLOADED', number: 902, retryable: true, details: { max: 2 } }],
      retryAfterMs: 321,
    })
    expect((await client.ask('ping', 'ping', {})).ok).toBe(true)
    expect((await (await served.login()).ask('other', 'quote', quoteOf(3))).ok).toBe(true)
    gate.letGo('held-1')
    expect((await client.reply('held-1')).ok).toBe(true)
    expect((await client.ask('again', 'quote', quoteOf(3))).ok).toBe(true)
    gate.letGo()
    expect((await client.reply('held-2')).ok).toBe(true)
    await served.close()
  })

  it('of all are bounded, in number', async () => {
    const gate = new Gate((_, requestId) => requestId.startsWith('held'))
    const served = await ServedTown.open({
      limits: { inFlight: 3 },
      before: (engine) => gate.before(engine),
    })
    for (const index of [1, 2, 3]) {
      const client = await served.login()
      client.send(`held-${index}`, 'quote', quoteOf(index))
    }
    await gate.holds(3)
    const last = await served.login()
    const refused = await last.ask('more', 'quote', quoteOf(4))
    expect(refused.problems).toMatchObject([{ code: 'OVERLOADED', details: { max: 3 } }])
    gate.letGo()
    await served.close()
  })

  it('of all are bounded, in bytes', async () => {
    const gate = new Gate()
    const served = await ServedTown.open({
      limits: { inFlightBytes: 1_024 },
      before: (engine) => gate.before(engine),
    })
    const client = await served.login()
    const name = 'x'.repeat(900)
    client.send('held', 'quote', { bill: name })
    await gate.holds(1)
    const refused = await client.ask('more', 'quote', { bill: name })
    expect(refused.problems).toMatchObject([{ code: 'OVERLOADED', details: { max: '1024 B' } }])
    gate.letGo()
    expect((await client.reply('held')).ok).toBe(false)
    await served.close()
  })
})

describe('a connection', () => {
  it('that never says hello is closed', async () => {
    const served = await ServedTown.open({ limits: { helloMs: 30 } })
    const client = await served.connect()
    expect(await client.closed).toEqual({ code: 4005, reason: 'HELLO_LATE' })
    await served.close()
  })

  it('that has said hello stays past the deadline', async () => {
    const served = await ServedTown.open({ limits: { helloMs: 3_000 } })
    const silent = await served.connect()
    const client = await served.login()
    expect((await silent.closed).code).toBe(4005)
    expect((await client.ask('p', 'ping', {})).ok).toBe(true)
    await served.close()
  })

  it('beyond their number is closed with a code, and has its place when another has gone', async () => {
    const served = await ServedTown.open({ limits: { terminals: 2 } })
    const first = await served.login()
    await served.login()
    const third = await served.connect()
    expect(await third.closed).toEqual({ code: 4011, reason: 'TERMINALS_TOO_MANY' })
    await first.close()
    const fourth = await served.login()
    expect((await fourth.ask('p', 'ping', {})).ok).toBe(true)
    await served.close()
  })

  it('that does not read what it asked for is closed, and what it is owed does not grow', async () => {
    const served = await ServedTown.open({ limits: { bufferedBytes: 16_384 } })
    const client = await served.login()
    client.socket.pause()
    // Enough to fill the buffers of the network too: each answer is some kilobytes.
    for (let index = 0; index < 60_000; index += 1) {
      client.send(`slow-${index}`, 'nothing', {})
      if (index % 500 === 0) {
        await new Promise((resolve) => setImmediate(resolve))
        if (served.log.some(isClosed)) break
      }
    }
    await expectClosed(served)
    client.socket.resume()
    expect(await client.closed).toEqual({ code: 4010, reason: 'SLOW_READER' })
    await served.close()
  })
})

function isClosed({ event }: { readonly event: string }): boolean {
  return event === 'terminal.closed'
}

async function expectClosed(served: ServedTown): Promise<void> {
  while (!served.log.some(isClosed)) await new Promise((resolve) => setImmediate(resolve))
  expect(served.log.filter(isClosed)).toMatchObject([{ closeCode: 4010 }])
}

describe('a frame', () => {
  it('of the most bytes is read, of one more closes with a code', async () => {
    const served = await ServedTown.open({ limits: { frameBytes: 2_048 } })
    const frameOf = (bytes: number) => {
      const empty = JSON.stringify({ id: 'big', op: 'ping', body: { pad: '' } }).length
      return { id: 'big', op: 'ping', body: { pad: 'x'.repeat(bytes - empty) } }
    }
    const fits = await served.login()
    fits.sendFrame(frameOf(2_048))
    expect(codesOf(await fits.reply('big'))).toEqual(['FRAME_MALFORMED'])
    const large = await served.login()
    large.sendFrame(frameOf(2_049))
    expect((await large.reply(null)).problems).toMatchObject([
      { code: 'FRAME_TOO_LARGE', details: { size: 2_049, max: 2_048 } },
    ])
    expect(await large.closed).toEqual({ code: 4001, reason: 'FRAME_TOO_LARGE' })
    await served.close()
  })

  it('of more than twice as many cuts the connection', async () => {
    const served = await ServedTown.open({ limits: { frameBytes: 2_048 } })
    const client = await served.login()
    client.sendFrame({ id: 'x', op: 'ping', body: { pad: 'x'.repeat(5_000) } })
    expect((await client.closed).code).toBe(1006)
    expect((await (await served.login()).ask('p', 'ping', {})).ok).toBe(true)
    await served.close()
  })
})

describe('limits', () => {
  it('may each be set', () => {
    for (const name of Object.keys(SERVER_LIMITS) as (keyof typeof SERVER_LIMITS)[]) {
      const value = SERVER_LIMITS[name] - 1
      expect(serverLimits({ [name]: value })).toEqual({
        ok: true,
        value: { ...SERVER_LIMITS, [name]: value },
      })
    }
  })

  it.each([
    ['unknown', 5],
    ['toString', 5],
    ['frameBytes', 10],
    ['idleSeconds', 7],
    ['inFlight', 1.5],
    ['helloMs', Number.NaN],
    ['stopMs', Number.POSITIVE_INFINITY],
  ])('are refused: %s = %d', (name, value) => {
    expect(serverLimits({ [name]: value })).toMatchObject({
      ok: false,
      problems: [{ code: 'LIMIT_WRONG', where: name }],
    })
  })
})

describe('a server', () => {
  it('does not share a port', async () => {
    const served = await ServedTown.open()
    const second = await openServer({
      engine: served.town.engine,
      authenticator: { authenticate: () => undefined },
      host: '127.0.0.1',
      port: served.server.port,
      clock: () => 0,
      program: 'x',
    })
    expect(second).toMatchObject({ ok: false, problems: [{ code: 'LISTEN_FAILED' }] })
    await served.close()
  })

  it('does not start without its certificate', async () => {
    const served = await ServedTown.open()
    const options = {
      engine: served.town.engine,
      authenticator: { authenticate: () => undefined },
      host: '127.0.0.1',
      port: 0,
      clock: () => 0,
      program: 'x',
    }
    for (const file of ['no-such-file.pem', 'package.json']) {
      const refused = await openServer({ ...options, tls: { certificate: file, key: file } })
      expect(refused).toMatchObject({ ok: false, problems: [{ code: 'CERTIFICATE_UNUSABLE' }] })
    }
    await served.close()
  })

  it('answers plain HTTP with a code', async () => {
    const served = await ServedTown.open()
    const base = `http://127.0.0.1:${served.server.port}`
    const answers = await Promise.all(
      ['/v1/terminal', '/', '/v1/terminal/x'].map(async (path) => {
        const response = await fetch(base + path, { headers: { connection: 'close' } })
        const { problems } = (await response.json()) as { problems: readonly { code: string }[] }
        return [response.status, problems.map(({ code }) => code)]
      }),
    )
    expect(answers).toEqual([
      [426, ['SUBPROTOCOL_UNKNOWN']],
      [404, ['ROUTE_UNKNOWN']],
      [404, ['ROUTE_UNKNOWN']],
    ])
    await served.close()
  })

  it('takes no WebSocket without a subprotocol it knows', async () => {
    const served = await ServedTown.open()
    const wrong = TerminalClient.open(served.server.port, 'qingfen.v9.json' as 'qingfen.v1.json')
    await expect(wrong).rejects.toThrow('400')
    await served.close()
  })
})
