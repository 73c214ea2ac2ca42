import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordsOf } from '../../../src/engine/store-rows.ts'
import { verifyLedger } from '../../../src/engine/verification/verify-ledger.ts'
import type { Route } from '../../../src/server/http/route.ts'
import { ROUTES } from '../../../src/server/http/routes.ts'
import { acmePack, acmeText } from '../insurers/grants.ts'
import { uploadOf } from '../insurers/pack-town.ts'
import { grant, person, RouteTown, type Answer } from './route-town.ts'
import { serveRoutes, type ServedRoutes } from './serve-routes.ts'

/*
 * Long work of somebody who loses the right to it meanwhile: a file that is being read into the register, an answer that is being sent.
 */

/** An answer in two parts; the second comes when the test lets it. */
class TwoParts {
  readonly route: Route = {
    id: 'parts.read',
    method: 'GET',
    path: '/v1/parts',
    roles: ['insurer'],
    audit: 'personal',
    summary: { zh: '两部分', en: 'two parts' },
    answer: { contentType: 'text/plain' },
    handle: async () =>
      Promise.resolve({ kind: 'stream', contentType: 'text/plain', chunks: this.#chunks() }),
  }
  readonly #open: Promise<void>
  letGo: () => void = () => undefined

  constructor() {
    this.#open = new Promise((resolve) => {
      this.letGo = resolve
    })
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('first')
    await this.#open
    yield Buffer.from('second')
  }
}

let town: RouteTown
let served: ServedRoutes
let parts: TwoParts

beforeEach(async () => {
  town = await RouteTown.open()
  parts = new TwoParts()
  await town.register([grant('a', 'payer-a')])
  const people = [
    { id: 'boss', role: 'operator' },
    { id: 'second', role: 'operator' },
    { id: 'a', role: 'insurer' },
  ] as const
  served = await serveRoutes(town, people, {
    // An upload needs no signature then.
    mode: 'development',
    routes: [...ROUTES, parts.route],
  })
})
afterEach(async () => {
  await served.close()
})

async function call(as: string, method: string, path: string, body?: unknown) {
  return fetch(`http://127.0.0.1:${served.port}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${served.credentials.get(as) ?? ''}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

async function done(as: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await call(as, method, path, body)
  const answer = (await response.json()) as Answer
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return answer
}

async function grantOf(id: string): Promise<Readonly<Record<string, unknown>>> {
  return done('boss', 'GET', `/v1/grants/${id}`)
}

async function narrowed(change: object): Promise<void> {
  const { id: _, ...now } = await grantOf('a')
  await done('boss', 'PUT', '/v1/grants/a', { ...now, ...change })
}

/** Ways to lose the right to something. */
type End = readonly [how: string, end: () => Promise<unknown>]

const REVOKED: End = ['its key is revoked', async () => done('boss', 'DELETE', '/v1/keys/a')]
const REPLACED: End = [
  'its secret is replaced',
  async () => done('boss', 'POST', '/v1/keys/a/rotate'),
]
const WITHDRAWN: End = [
  'its grant is withdrawn',
  async () => done('boss', 'DELETE', '/v1/grants/a'),
]
const NARROWED: End = ['its grant has no payer left', async () => narrowed({ payers: [] })]

/** Sends a request and gives what comes back, to the end of the connection; `begun` resolves with the first bytes of the body. */
function download(as: string, path: string) {
  const socket = connect(served.port, '127.0.0.1')
  let received = ''
  let begin: () => void = () => undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  socket.on('data', (chunk) => {
    received += chunk.toString()
    if (/\r\n\r\n[^]+/.test(received)) begin()
  })
  const whole = new Promise<string>((resolve) => {
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(received)
    })
  })
  const head = [`GET ${path} HTTP/1.1`, 'host: town', 'connection: close']
  const credential = served.credentials.get(as) ?? ''
  socket.write(`${[...head, `authorization: Bearer ${credential}`].join('\r\n')}\r\n\r\n`)
  return { begun, whole, received: () => received }
}

/** How a whole answer in chunks ends. */
const END = '0\r\n\r\n'

/** Outcomes in the audit of what `principal` did, the newest first. */
async function audited(action: string, by = 'a'): Promise<readonly unknown[]> {
  const { lines } = await done('boss', 'GET', `/v1/audit?principal=${by}&action=${action}`)
  return (lines as readonly Answer[]).map(({ outcome }) => outcome)
}

async function auditedSoon(action: string, outcome: string, by = 'a'): Promise<readonly unknown[]> {
  for (;;) {
    const outcomes = await audited(action, by)
    if (outcomes.includes(outcome)) return outcomes
    await wait(5)
  }
}

describe('an answer on its way', () => {
  it('comes to its end while its sender may have it', async () => {
    const answer = download('a', '/v1/parts')
    await answer.begun
    parts.letGo()
    await expect.poll(answer.received).toContain('second')
    await expect.poll(answer.received).toContain(END)
    expect(await audited('parts.read')).toEqual(['done'])
  })

  it.each([REVOKED, REPLACED])('is cut off when %s', async (_, end) => {
    const answer = download('a', '/v1/parts')
    await answer.begun
    await end()
    parts.letGo()
    const received = await answer.whole
    expect(received).toContain('first')
    expect(received).not.toContain('second')
    expect(received).not.toContain(END)
    expect(await auditedSoon('parts.read', 'DOWNLOAD_ACCESS_ENDED')).toEqual([
      'DOWNLOAD_ACCESS_ENDED',
      'done',
    ])
  })
})

const BILLS = 600
const DAYS = 'from=2024-06-10&to=2024-06-10'

async function settled(): Promise<void> {
  const ids = Array.from({ length: BILLS }, (_, at) => `E${at}`)
  const year = { start: '2024-01-01', end: '2024-12-31' }
  await town.register(ids.map((id) => person(id, [{ id: `A-${id}`, product: 'a/plan', ...year }])))
  const replies = await Promise.all(
    ids.map(async (id) => {
      const lines = [{ id: 'L', code: 'A1', name: 'N', inScope: '100.00' }]
      const visit = { id: `stay-${id}`, kind: 'inpatient', start: '2024-06-01', department: 'D' }
      const body = { bill: { person: { id }, visit, lines } }
      return town.engine.submit({ operation: 'settle', hospital: 'H', requestId: id, body })
    }),
  )
  expect(replies.filter(({ kind }) => kind !== 'answer')).toEqual([])
}

describe('an export of settlements', () => {
  it.each([REVOKED, REPLACED, WITHDRAWN, NARROWED])('is cut off when %s', async (_, end) => {
    await settled()
    const answer = download('a', `/v1/exports/settlements?${DAYS}&detail=full`)
    await answer.begun
    await end()
    const received = await answer.whole
    expect(received).toMatch(/^HTTP\/1.1 200/)
    expect(received).not.toContain(END)
    expect(received.split('"settlement":').length).toBeLessThan(BILLS)
    const outcomes = await auditedSoon('settlements.export', 'DOWNLOAD_ACCESS_ENDED')
    expect(outcomes).toEqual(['DOWNLOAD_ACCESS_ENDED', 'done'])
  })

  it('goes on when its grant becomes wider', async () => {
    await settled()
    const answer = download('a', `/v1/exports/settlements?${DAYS}&detail=full`)
    await answer.begun
    await narrowed({ payers: ['payer-a', 'payer-new'] })
    await expect.poll(answer.received).toContain(END)
    expect(answer.received().split('"settlement":')).toHaveLength(BILLS + 1)
  })
})

const ROWS = 6_000

/** Sends a roster of a policy for each of many persons; its id. */
async function sent(mode: 'all' | 'skip', as = 'a', path = '/v1/rosters'): Promise<string> {
  const rows = Array.from(
    { length: ROWS },
    (_, at) => `M${at},N-${at},a/plan,2024-01-01,2024-12-31`,
  )
  const response = await fetch(`http://127.0.0.1:${served.port}${path}?mode=${mode}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${served.credentials.get(as) ?? ''}`,
      'content-type': 'text/csv',
      'idempotency-key': 'k',
    },
    body: ['person,id,product,start,end', ...rows, ''].join('\n'),
  })
  return String(((await response.json()) as Answer)['id'])
}

async function registered(): Promise<void> {
  await town.register(Array.from({ length: ROWS }, (_, at) => person(`M${at}`, [])))
}

/** Looks at an import until `isIt`. */
async function seen(id: string, isIt: (state: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const state = await done('second', 'GET', `/v1/rosters/${id}`)
    if (isIt(state)) return state
    await wait(1)
  }
}

const hasEnded = ({ status }: Answer) => !['waiting', 'running'].includes(String(status))

/** Persons of the roster that hold their policy, and policies that the register has. */
function held(): readonly [persons: number, policies: number] {
  const ids = Array.from({ length: ROWS }, (_, at) => at)
  const persons = ids.filter((at) => {
    const entry = town.engine.registered('person', `M${at}`) as { readonly policies: unknown[] }
    return entry.policies.length > 0
  })
  const policies = ids.filter((at) => town.engine.registered('policy', `N-${at}`) !== undefined)
  return [persons.length, policies.length]
}

/** Records of the register that `source` wrote. */
function recordsFrom(source: string): number {
  const records = [...town.store.range('journal')].flatMap(({ value }) => recordsOf(value))
  return records.filter((record) => record.kind === 'registry' && record.source === source).length
}

const ENDED = { status: 'failed', problems: [{ code: 'IMPORT_ACCESS_ENDED' }] }

function writtenOf(state: Answer): number {
  const [found] = state['problems'] as readonly { readonly details: { readonly written: number } }[]
  return found?.details.written ?? NaN
}

function progressOf(state: Answer): Readonly<Record<string, unknown>> {
  return (state['progress'] ?? {}) as Readonly<Record<string, unknown>>
}

describe('a roster that is being read', () => {
  beforeEach(registered)

  it.each([REVOKED, NARROWED])(
    'leaving out what is wrong says what was taken when %s',
    async (_, end) => {
      const id = await sent('skip')
      await seen(id, (state) => Number(progressOf(state)['written']) > 0 || hasEnded(state))
      await end()
      const state = await seen(id, hasEnded)
      expect(state).toMatchObject(ENDED)
      // Entries of persons and of policies.
      const [persons, policies] = held()
      expect(writtenOf(state)).toBe(persons + policies)
      expect(persons).toBeLessThan(ROWS)
      expect(await audited('rosters.upload')).toEqual(['IMPORT_ACCESS_ENDED', 'done', 'asked'])
      const { seq } = town.engine
      await wait(20)
      // Nothing but the audit of looking has been written since.
      expect(town.engine.seq).toBe(seq)
    },
  )

  it.each([REPLACED, WITHDRAWN])('of all or nothing takes nothing when %s', async (_, end) => {
    const id = await sent('all')
    await seen(id, (state) => Number(progressOf(state)['rows']) > 0 || hasEnded(state))
    await end()
    const state = await seen(id, hasEnded)
    expect(state).toMatchObject(ENDED)
    expect(writtenOf(state)).toBe(0)
    expect(held()).toEqual([0, 0])
    expect(recordsFrom(`import ${id}`)).toBe(0)
  })

  it.each([REVOKED, WITHDRAWN])(
    'of all or nothing is completed when it is being written and %s',
    async (_, end) => {
      const id = await sent('all')
      await seen(id, (state) => Number(progressOf(state)['written']) > 0 || hasEnded(state))
      await end()
      expect(await seen(id, hasEnded)).toMatchObject({ status: 'done', report: { rows: ROWS } })
      expect(held()).toEqual([ROWS, ROWS])
      expect((await verifyLedger(town.store)).findings.total).toBe(0)
    },
  )

  it('of an operator ends with the operator’s key', async () => {
    const id = await sent('skip', 'second')
    const state = async () => done('boss', 'GET', `/v1/rosters/${id}`)
    while (Number(progressOf(await state())['written'] ?? 0) === 0) await wait(1)
    await done('boss', 'DELETE', '/v1/keys/second')
    for (;;) {
      const now = await state()
      if (!hasEnded(now)) continue
      expect(now).toMatchObject(ENDED)
      return
    }
  })

  it('goes on with the same file once the grant is there again', async () => {
    const before = await grantOf('a')
    const id = await sent('skip')
    await seen(id, (state) => Number(progressOf(state)['written']) > 0 || hasEnded(state))
    await done('boss', 'DELETE', '/v1/grants/a')
    expect(await seen(id, hasEnded)).toMatchObject(ENDED)
    const { id: _, ...same } = before
    await done('boss', 'PUT', '/v1/grants/a', same)
    expect(await sent('skip')).toBe(id)
    expect(await seen(id, hasEnded)).toMatchObject({ status: 'done', report: { rows: ROWS } })
    expect(held()).toEqual([ROWS, ROWS])
  })
})

describe('packs that are being checked', () => {
  it('are refused when the key of their sender is revoked', async () => {
    const { hash } = acmePack()
    const upload = call('second', 'POST', '/v1/packs', {
      command: uploadOf(hash),
      files: { 'pack.yaml': acmeText() },
    })
    // The thread that checks begins with this pack, and loads its code first.
    await auditedSoon('packs.upload', 'asked', 'second')
    await done('boss', 'DELETE', '/v1/keys/second')
    const response = await upload
    const { problems } = (await response.json()) as { readonly problems: readonly Answer[] }
    expect([response.status, ...problems.map(({ code }) => code)]).toEqual([
      401,
      'CREDENTIAL_WRONG',
    ])
    expect(town.engine.rulesState('town')?.packs.map(({ id }) => id)).not.toContain('town/acme')
    expect(await audited('packs.upload', 'second')).toEqual(['CREDENTIAL_WRONG', 'asked'])
  })
})
