import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textRow, workbookOf } from '../../files/workbooks.ts'
import { grant, person, policy, RouteTown, type Answer } from './route-town.ts'
import { serveRoutes, type ServedRoutes } from './serve-routes.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const HEADER = 'person,id,product,start,end'

let town: RouteTown
let served: ServedRoutes

beforeAll(async () => {
  town = await RouteTown.open()
  await town.register([grant('a', 'payer-a'), grant('b', 'SECRET-B')])
  served = await serveRoutes(town, [
    { id: 'boss', role: 'operator' },
    { id: 'eyes', role: 'auditor' },
    { id: 'a', role: 'insurer' },
    { id: 'b', role: 'insurer' },
  ])
})
afterAll(async () => {
  await served.close()
})

interface Ask {
  readonly method?: string
  readonly body?: string | Uint8Array
  readonly type?: string
  readonly key?: string
  readonly credential?: string
}

async function ask(as: string, path: string, { method, body, type, key, credential }: Ask = {}) {
  return fetch(`http://127.0.0.1:${served.port}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      authorization: `Bearer ${credential ?? served.credentials.get(as) ?? ''}`,
      ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: Buffer.from(body) }),
  })
}

async function json(as: string, path: string, more: Ask = {}): Promise<Answer> {
  const response = await ask(as, path, more)
  const answer = (await response.json()) as Answer
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return answer
}

async function refused(as: string, path: string, more: Ask = {}): Promise<readonly unknown[]> {
  const response = await ask(as, path, more)
  const { problems } = (await response.json()) as { readonly problems: readonly Answer[] }
  return [response.status, ...problems.map(({ code }) => code)]
}

async function ended(as: string, { id }: Answer, path = '/v1/rosters'): Promise<Answer> {
  for (;;) {
    const state = await json(as, `${path}/${String(id)}`)
    if (['done', 'refused', 'failed'].includes(String(state['status']))) return state
  }
}

describe('rosters on a real socket', () => {
  it('are uploaded, watched, answered again, and their errors downloaded', async () => {
    const cells = [
      HEADER.split(','),
      ['P1', 'HTTP-1', 'a/plan', '2024-01-01', '2024-12-31'],
      ['?', 'HTTP-2', 'a/plan', '', ''],
    ]
    const body = workbookOf(cells.map((row, at) => textRow(at + 1, row)).join(''))
    const upload = { body, type: XLSX, key: 'h1' }
    const begun = await ask('a', '/v1/rosters?mode=skip', upload)
    expect(begun.status).toBe(202)
    const state = await ended('a', (await begun.json()) as Answer)
    expect(state).toMatchObject({ status: 'done', report: { rows: 2, refusedRows: 1, written: 2 } })
    expect(await json('a', '/v1/rosters?mode=skip', upload)).toEqual(state)
    expect(await refused('a', '/v1/rosters?mode=all', upload)).toEqual([409, 'REQUEST_DIFFERS'])
    const errors = await ask('a', `/v1/rosters/${String(state['id'])}/errors`)
    expect(errors.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(errors.headers.get('content-disposition')).toContain('attachment')
    const bytes = new Uint8Array(await errors.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(Buffer.from(bytes).toString()).toContain('PERSON_UNKNOWN')
    const path = `/v1/rosters/${String(state['id'])}`
    expect((await refused('b', path)).slice(1)).toEqual(['IMPORT_UNKNOWN'])
    expect((await refused('b', `${path}/errors`)).slice(1)).toEqual(['IMPORT_UNKNOWN'])
    expect(await json('eyes', path)).toEqual(state)
  })

  it('whose errors cannot be opened are answered with a code, and the server stays', async () => {
    const body = `${HEADER}\n?,HTTP-3,a/plan,,\n`
    const begun = await json('a', '/v1/rosters', { body, type: 'text/csv', key: 'unread' })
    const { id } = await ended('a', begun)
    // There, and never to be opened as a file, by root either.
    const path = join(town.workFolder, 'imports', String(id), 'errors.csv')
    rmSync(path)
    const closed = createServer().listen(path)
    expect(await refused('a', `/v1/rosters/${String(id)}/errors`)).toEqual([500, 'DEFECT'])
    closed.close()
    expect(await json('a', `/v1/rosters/${String(id)}`)).toMatchObject({ status: 'refused' })
  })

  it('are refused of who may not, of another type, and without a key', async () => {
    const csv = { body: `${HEADER}\n`, type: 'text/csv' }
    expect(await refused('eyes', '/v1/rosters', { ...csv, key: 'k' })).toEqual([
      403,
      'OPERATION_NOT_YOURS',
    ])
    expect((await refused('a', '/v1/rosters', csv)).slice(1)).toEqual(['IDEMPOTENCY_KEY_WRONG'])
    expect(await refused('a', '/v1/rosters', { body: '{}', key: 'k' })).toEqual([
      415,
      'CONTENT_TYPE_WRONG',
    ])
    expect((await refused('a', '/v1/imports?kind=person', { ...csv, key: 'k' }))[1]).toBe(
      'OPERATION_NOT_YOURS',
    )
  })
})

describe('settlements on a real socket', () => {
  it('are those of each insurer, and exported in a stream', async () => {
    await town.register([
      person('S1', [policy('A-S1', 'a/plan')]),
      person('S2', [policy('SECRET-S2', 'b/plan')]),
    ])
    const ids: string[] = []
    for (const id of ['S1', 'S2']) {
      const bill = {
        person: { id },
        visit: { id: `stay-${id}`, kind: 'inpatient', start: '2024-06-01', department: 'SECRET-D' },
        lines: [{ id: 'L', code: 'A1', name: 'SECRET-N', inScope: '100.00' }],
      }
      const request = {
        operation: 'settle',
        hospital: 'H',
        requestId: `http-${id}`,
        body: { bill },
      } as const
      const reply = await town.engine.submit(request)
      if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
      ids.push(String(reply.answer['settlement']))
    }
    const [own = '', other = ''] = ids
    expect(await json('a', `/v1/settlements/${own}`)).toMatchObject({
      own: [{ payer: 'payer-a', amount: 2_000 }],
      others: 6_000,
    })
    expect(await refused('a', `/v1/settlements/${other}`)).toEqual([404, 'SETTLEMENT_UNKNOWN'])
    expect(await refused('boss', `/v1/settlements/${own}`)).toEqual([403, 'OPERATION_NOT_YOURS'])
    const days = 'from=2024-06-10&to=2024-06-10'
    const found = await json('a', `/v1/settlements?${days}`)
    expect(found).toMatchObject({ settlements: [{ settlement: own }], next: null })
    for (const path of [
      `/v1/exports/settlements?${days}&detail=full`,
      `/v1/exports/settlements?${days}&format=csv`,
    ]) {
      const text = await (await ask('a', path)).text()
      expect(text).toContain(own)
      expect(text).not.toMatch(/SECRET|S2/)
    }
    expect(await json('a', `/v1/totals?${days}`)).toMatchObject({
      totals: [{ payer: 'payer-a', amount: 2_000 }],
    })
  })
})

describe('keys on a real socket', () => {
  it('let in the old secret for the days said, and nobody once revoked', async () => {
    const made = await json('boss', '/v1/keys', { body: '{"role":"auditor","id":"x"}' })
    const by = ({ credential }: Answer) => ({ credential: String(credential) })
    const status = async (key: Answer) => (await ask('', '/v1/keys', by(key))).status
    expect(await status(made)).toBe(200)
    const next = await json('boss', '/v1/keys/x/rotate', { body: '{"oldUntil":"2024-06-10"}' })
    expect([await status(made), await status(next)]).toEqual([200, 200])
    const last = await json('boss', '/v1/keys/x/rotate', { body: '{"oldUntil":"2024-06-09"}' })
    expect([await status(made), await status(next), await status(last)]).toEqual([401, 401, 200])
    await json('boss', '/v1/keys/x', { method: 'DELETE' })
    expect(await status(last)).toBe(401)
    expect((await refused('eyes', '/v1/keys', { body: '{"role":"operator"}' }))[0]).toBe(403)
    expect((await refused('boss', '/v1/keys', { body: '{"role":"king"}' }))[1]).toBe(
      'HTTP_REQUEST_MALFORMED',
    )
  })
})

describe('operators on a real socket', () => {
  it('register, read and close; auditors only read', async () => {
    const body = JSON.stringify({ entries: [{ id: 'HTTP-H', facts: { hosp_lv: '02' } }] })
    expect(await json('boss', '/v1/registry/hospital', { body })).toEqual({
      written: 1,
      unchanged: 0,
    })
    const read = await json('eyes', '/v1/registry/hospital/HTTP-H')
    expect(read).toMatchObject({ entry: { id: 'HTTP-H' } })
    expect((await refused('eyes', '/v1/registry/hospital', { body }))[0]).toBe(403)
    expect(await json('boss', '/v1/days/2024-06-01/close', { method: 'POST' })).toMatchObject({
      closed: true,
    })
    expect(await json('eyes', '/v1/unresolved')).toEqual({ settlements: [] })
    const csv = { body: 'id,hosp_lv\nHTTP-I,03\n', type: 'text/csv', key: 'i' }
    const begun = await json('boss', '/v1/imports?kind=hospital', csv)
    expect(await ended('boss', begun, '/v1/imports')).toMatchObject({ status: 'done' })
  })
})
