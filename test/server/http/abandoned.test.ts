import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Route } from '../../../src/server/http/route.ts'
import { ServedTown } from '../served-town.ts'

/** A route whose work goes on until it is let go. */
class Work {
  readonly route: Route
  begun = 0
  #going: (() => void)[] = []

  constructor() {
    this.route = {
      id: 'test.work',
      method: 'POST',
      path: '/v1/work',
      roles: ['insurer', 'operator'],
      audit: 'none',
      summary: { zh: '', en: '' },
      body: { contentTypes: ['application/json'], maxBytes: 1024 },
      answer: {},
      handle: async () => {
        this.begun += 1
        await new Promise<void>((go) => {
          this.#going.push(go)
        })
        return { kind: 'json', value: {} }
      },
    }
  }

  letGo(): void {
    for (const go of this.#going.splice(0)) go()
  }
}

const BODY = JSON.stringify({ text: 'x'.repeat(600) })

/** Sends a request and leaves once its work has begun. */
async function abandon(town: ServedTown, work: Work): Promise<void> {
  const before = work.begun
  const socket = connect(town.server.port, '127.0.0.1')
  const head = [
    'POST /v1/work HTTP/1.1',
    'host: town',
    'content-type: application/json',
    `content-length: ${BODY.length}`,
    `authorization: Bearer ${town.credential('insurer')}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${BODY}`)
  while (work.begun === before) await wait(2)
  socket.resetAndDestroy()
  await once(socket, 'close')
}

async function ask(town: ServedTown, as = 'insurer'): Promise<readonly [number, string]> {
  const headers = { 'content-type': 'application/json' }
  const init = { as, method: 'POST', headers, body: BODY }
  const answer = await town.fetch('/v1/work', init)
  return [answer.status, await answer.text()]
}

it.each([
  ['requests', { httpRequests: 2 }],
  ['requests of one', { httpRequestsPerPrincipal: 2 }],
  ['bytes of bodies', { httpBodyBytes: 1500 }],
])('counts the %s of clients that have gone until their work is done', async (_, limits) => {
  const work = new Work()
  const town = await ServedTown.open({ http: true, routes: [work.route], limits })
  await abandon(town, work)
  await abandon(town, work)
  const [status, text] = await ask(town)
  expect(status).toBe(503)
  expect(text).toContain('OVERLOADED')
  expect(work.begun).toBe(2)
  work.letGo()
  const after = ask(town)
  while (work.begun < 3) await wait(2)
  work.letGo()
  expect((await after)[0]).toBe(200)
  await town.close()
})

it('leaves room for others beside one who has as many requests as it may', async () => {
  const work = new Work()
  const limits = { httpRequestsPerPrincipal: 2 }
  const town = await ServedTown.open({ http: true, routes: [work.route], limits })
  await abandon(town, work)
  await abandon(town, work)
  expect((await ask(town))[0]).toBe(503)
  const other = ask(town, 'operator')
  while (work.begun < 3) await wait(2)
  work.letGo()
  expect((await other)[0]).toBe(200)
  await town.close()
})

it('waits at its stop for work whose client has gone', async () => {
  const work = new Work()
  const town = await ServedTown.open({ http: true, routes: [work.route] })
  await abandon(town, work)
  let isStopped = false
  const stopped = town.server.stop().then(() => (isStopped = true))
  await wait(300)
  expect(isStopped).toBe(false)
  work.letGo()
  await stopped
  expect(town.log.at(-1)).toEqual({ event: 'server.stopped', unanswered: 0 })
  await town.close()
})
