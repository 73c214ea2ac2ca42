import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AttackTown, within } from './attack-town.ts'
import { RawHttp } from './raw-http.ts'

const SOCKETS = 100
const BYTE_MS = 100
/** uWebSockets.js gives a head ten seconds, and looks at its clock every four. */
const HEAD_MS = 60_000

let town: AttackTown
beforeAll(async () => {
  town = await AttackTown.open({ helloMs: 2_000, bodyMs: 1_000 })
})
afterAll(async () => {
  await town.close()
})

async function sockets(): Promise<readonly RawHttp[]> {
  return Promise.all(Array.from({ length: SOCKETS }, async () => RawHttp.open(town.port)))
}

/** Writes a byte of `text` now and then until the connection has gone. */
async function trickle(line: RawHttp, text: string): Promise<void> {
  for (let at = 0; !line.isClosed; at += 1) {
    line.write(text[at] ?? 'x')
    await Promise.race([wait(BYTE_MS), line.closed])
  }
}

/** What a cashier and an insurer do meanwhile. */
async function goesOn(work: Promise<unknown>): Promise<void> {
  const end = work.then(() => true)
  for (;;) {
    await town.settleGood()
    const own = await town.served.fetch('/v1/grant', { as: 'insurer' })
    await own.arrayBuffer()
    expect(own.status).toBe(200)
    if ((await within(end, 20)) === true) return
  }
}

it('bodies that come a byte at a time are refused, and the others go on', async () => {
  const lines = await sockets()
  const head = [
    'POST /v1/keys HTTP/1.1',
    'host: town',
    `authorization: Bearer ${town.credential('operator')}`,
    'content-type: application/json',
    'content-length: 1000',
  ]
  for (const line of lines) line.write(`${head.join('\r\n')}\r\n\r\n`)
  const all = Promise.all(lines.map(async (line) => trickle(line, '{"role":"auditor"')))
  await goesOn(all)
  for (const line of lines) {
    const reply = await line.reply(0)
    expect([reply?.status, reply?.body.toString()]).toEqual([
      408,
      expect.stringContaining('BODY_LATE'),
    ])
  }
})

it('heads that come a byte at a time are cut, and the others go on', async () => {
  const lines = await sockets()
  const all = Promise.all(
    lines.map(async (line, at) => {
      // Some of them send nothing at all.
      if (at % 2 === 0) await trickle(line, 'GET /v1/audit HTTP/1.1\r\nhost: town\r\nx-slow: ')
      await line.closed
    }),
  )
  const done = within(all, HEAD_MS)
  await goesOn(done)
  expect(lines.filter(({ isClosed }) => !isClosed)).toEqual([])
})

it('terminals that never say who they are are closed with a code, and the others go on', async () => {
  const lines = await Promise.all(
    Array.from({ length: SOCKETS }, async () => town.served.connect()),
  )
  const all = Promise.all(lines.map(async ({ closed }) => closed))
  await goesOn(all)
  const late = { code: 4005, reason: 'HELLO_LATE' }
  expect(await all).toEqual(lines.map(() => late))
})
