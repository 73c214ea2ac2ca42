import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { billOf } from '../../workers/town.ts'
import { ServedTown, type AskedFetch } from '../served-town.ts'

let town: ServedTown
beforeAll(async () => {
  town = await ServedTown.open({ http: true })
})
afterAll(async () => {
  await town.close()
})

interface Refused {
  readonly problems: readonly { readonly code: string; readonly zh: string; readonly en: string }[]
}

async function refusal(answer: Response): Promise<readonly [number, readonly string[]]> {
  const { problems } = (await answer.json()) as Refused
  for (const { zh, en } of problems) expect([zh, en].join()).not.toMatch(/\{\w+\}/)
  return [answer.status, problems.map(({ code }) => code)]
}

async function asked(path: string, init: AskedFetch = {}) {
  return refusal(await town.fetch(path, init))
}

describe('without a login', () => {
  it('says that it is up and takes work', async () => {
    expect(await (await town.fetch('/health')).json()).toEqual({ status: 'up' })
    expect(await (await town.fetch('/ready')).json()).toEqual({ status: 'ready' })
  })

  it('gives nothing of anybody', async () => {
    const answer = await town.fetch('/v1/audit')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(await refusal(answer)).toEqual([401, ['CREDENTIAL_WRONG']])
  })

  it.each(['Bearer', 'Bearer ', 'Bearer a.b c', 'Basic YTpi', 'Bearer nobody.secret'])(
    'nor with %j',
    async (authorization) => {
      expect(await asked('/v1/audit', { headers: { authorization } })).toEqual([
        401,
        ['CREDENTIAL_WRONG'],
      ])
    },
  )
})

/** Right but for a member that nobody knows, and for its size. */
const MANY = `{"entries":[{"a":[${'1,'.repeat(60_000)}1]}]}`

describe('what is no request of the interface', () => {
  const as = 'operator'
  it.each([
    ['an address there is not', '/v1/nothing', {}, 404, 'ROUTE_UNKNOWN'],
    ['another method', '/v1/audit', { method: 'PATCH' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a name it does not know', '/v1/audit?who=x', {}, 400, 'HTTP_REQUEST_MALFORMED'],
    ['a name twice', '/v1/audit?action=a&action=b', {}, 400, 'HTTP_REQUEST_MALFORMED'],
    ['a value of another kind', '/v1/audit?from=yesterday', {}, 400, 'HTTP_REQUEST_MALFORMED'],
    ['half a percent sign', '/v1/keys/%E4%A', { method: 'DELETE' }, 400, 'HTTP_REQUEST_MALFORMED'],
    ['no type', '/v1/keys', { method: 'POST', body: 'x' }, 415, 'CONTENT_TYPE_WRONG'],
    ['many values', '/v1/registry/person', json(MANY), 400, 'HTTP_REQUEST_MALFORMED'],
    ['no JSON', '/v1/keys', json('{'), 400, 'HTTP_REQUEST_MALFORMED'],
    [
      'JSON behind a byte order mark',
      '/v1/keys',
      json('\uFEFF{"role":"auditor"}'),
      400,
      'HTTP_REQUEST_MALFORMED',
    ],
    ['other JSON', '/v1/keys', json('{"role":"king"}'), 400, 'HTTP_REQUEST_MALFORMED'],
    ['a member more', '/v1/keys', json('{"role":"auditor","x":1}'), 400, 'HTTP_REQUEST_MALFORMED'],
    ['too much', '/v1/keys', json(`"${'x'.repeat(20_000)}"`), 413, 'BODY_TOO_LARGE'],
  ] as const)('is refused: %s', async (_, path, init, status, code) => {
    expect(await asked(path, { as, ...init })).toEqual([status, [code]])
  })

  it('says which methods there are, and to come back later', async () => {
    const answer = await town.fetch('/v1/audit', { as, method: 'DELETE' })
    expect(await answer.text()).toContain('GET')
  })
})

function json(body: string): AskedFetch {
  return { method: 'POST', body, headers: { 'content-type': 'application/json' } }
}

describe('a body that does not come', () => {
  it('is waited for only so long', async () => {
    const served = await ServedTown.open({ http: true, limits: { bodyMs: 20 } })
    const socket = connect(served.server.port, '127.0.0.1')
    const answer = text(socket)
    socket.write(
      [
        'POST /v1/keys HTTP/1.1',
        'host: town',
        `authorization: Bearer ${served.credential('operator')}`,
        'content-type: application/json',
        'content-length: 100',
        'connection: close',
        '',
        '{"role":',
      ].join('\r\n'),
    )
    const [head = '', body = ''] = (await answer).split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1.1 408 /)
    expect((JSON.parse(body) as Refused).problems.map(({ code }) => code)).toEqual(['BODY_LATE'])
    await served.close()
  })
})

describe('the audit', () => {
  it('has what was asked over the terminal before the answer, and over HTTP', async () => {
    const terminal = await town.login()
    const settled = await terminal.ask('audited-1', 'settle', { bill: billOf('A1', 'audit', 300) })
    const settlement = String(settled.answer?.['settlement'])
    await terminal.ask('audited-2', 'find', { settlement })
    const found = await lines('/v1/audit?principal=terminal-H')
    expect(found.slice(0, 2)).toMatchObject([
      { action: 'find', subject: `audited-2 ${settlement}`, role: 'terminal', outcome: 'asked' },
      { action: 'settle', subject: 'audited-1', role: 'terminal', outcome: 'asked' },
    ])
    expect(await lines('/v1/audit?action=audit.search')).toMatchObject([
      { principal: 'operator', subject: 'terminal-H', outcome: 'done' },
    ])
  })

  it('has a change before and after, and what became of it', async () => {
    const created = await town.fetch('/v1/keys', {
      as: 'operator',
      ...json('{"role":"auditor","id":"auditor-2"}'),
    })
    expect(created.status).toBe(201)
    await asked('/v1/keys', { as: 'operator', ...json('{"role":"auditor","id":"auditor-2"}') })
    const outcomes = (await lines('/v1/audit?action=keys.create')).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['CREDENTIAL_EXISTS', 'asked', 'done', 'asked'])
  })

  it('is given in pages that leave nothing out', async () => {
    const terminal = await town.login()
    for (let index = 0; index < 130; index += 1) {
      await terminal.ask(`page-${index}`, 'find', { settlement: 'S000000000001' })
    }
    const all: Line[] = []
    let before = ''
    for (;;) {
      const path = `/v1/audit?action=find${before === '' ? '' : `&before=${before}`}`
      const answer = await town.fetch(path, { as: 'auditor' })
      const page = (await answer.json()) as { readonly lines: Line[]; readonly next?: number }
      all.push(...page.lines)
      if (page.next === undefined) break
      before = String(page.next)
    }
    const subjects = all
      .map(({ subject }) => subject.split(' ')[0])
      .filter((id) => id?.startsWith('page'))
    expect(subjects).toEqual(Array.from({ length: 130 }, (_, index) => `page-${129 - index}`))
  })

  it('is not for insurers and terminals', async () => {
    for (const as of ['insurer', 'terminal-H']) {
      expect(await asked('/v1/audit', { as })).toEqual([403, ['OPERATION_NOT_YOURS']])
    }
  })
})

interface Line {
  readonly action: string
  readonly subject: string
  readonly outcome: string
}

async function lines(path: string): Promise<readonly Line[]> {
  const answer = await town.fetch(path, { as: 'operator' })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { readonly lines: readonly Line[] }).lines
}

it('notes who looks at a shadow report, which names persons', async () => {
  const path = `/v1/packs/${'0'.repeat(64)}/shadow-report?jurisdiction=town`
  expect(await asked(path, { as: 'auditor' })).toEqual([404, ['CONTENT_UNKNOWN']])
  const found = await town.fetch('/v1/audit?action=packs.shadowReport', { as: 'operator' })
  const { lines } = (await found.json()) as { readonly lines: readonly object[] }
  expect(lines).toMatchObject([{ principal: 'auditor', outcome: 'CONTENT_UNKNOWN' }])
})

describe('metrics', () => {
  it('count requests, commits and logins, name the packs in force, and nobody', async () => {
    const terminal = await town.login()
    await terminal.ask('metric-1', 'settle', { bill: billOf('B1', 'metric', 300) })
    const answer = await town.fetch('/metrics')
    expect(answer.headers.get('content-type')).toContain('text/plain')
    const text = await answer.text()
    expect(text).toMatch(/^qingfen_requests_total\{op="settle",outcome="done"\} \d+$/m)
    expect(text).toMatch(/^qingfen_request_seconds_count\{op="settle"\} \d+$/m)
    expect(text).toMatch(/^qingfen_stage_seconds_count\{stage="decode"\} \d+$/m)
    expect(text).toMatch(/^qingfen_pack_active\{jurisdiction="town",hash="\w{64}"\} 1$/m)
    expect(text).toMatch(/^qingfen_terminals [1-9]\d*$/m)
    for (const personal of ['B1', 'POL-B1', 'metric-1']) expect(text).not.toContain(personal)
  })
})

describe('an operator', () => {
  it('is not made, and given no other secret, by another one; its own it may change', async () => {
    const rotated = async (id: string) =>
      asked(`/v1/keys/${id}/rotate`, { as: 'operator', method: 'POST' })
    await town.town.register([
      {
        kind: 'credential',
        id: 'colleague',
        entry: { id: 'colleague', role: 'operator', secrets: [] },
      },
    ])
    const refused = [403, ['OPERATOR_KEY_LOCAL']]
    expect(await asked('/v1/keys', { as: 'operator', ...json('{"role":"operator"}') })).toEqual(
      refused,
    )
    expect(await rotated('colleague')).toEqual(refused)
    expect(await rotated('operator')).toEqual([404, ['CREDENTIAL_UNKNOWN']])
  })
})

describe('failed logins', () => {
  it('lock over HTTP and WebSocket together, and say for how long', async () => {
    const served = await ServedTown.open({ http: true, limits: { failedLogins: 3 } })
    const headers = { authorization: 'Bearer terminal-H.wrong' }
    for (let count = 0; count < 3; count += 1) {
      expect((await served.fetch('/v1/audit', { headers })).status).toBe(401)
    }
    expect(await refusal(await served.fetch('/v1/audit', { headers }))).toEqual([
      429,
      ['LOGIN_LOCKED'],
    ])
    const terminal = await served.connect()
    const hello = await terminal.ask('1', 'hello', { credential: served.credential('terminal-H') })
    expect(hello.problems?.[0]?.code).toBe('LOGIN_LOCKED')
    await served.close()
  })
})

describe('a server that drains', () => {
  it('takes no new work, says so, and still answers who asks what it does', async () => {
    const served = await ServedTown.open({ http: true })
    const drained = await served.fetch('/v1/drain', { as: 'operator', method: 'POST' })
    expect([200, 202]).toContain(drained.status)
    const ready = await served.fetch('/ready')
    expect(ready.headers.get('retry-after')).toBeNull()
    expect(await refusal(ready)).toEqual([503, ['ENGINE_STOPPING']])
    expect((await served.fetch('/health')).status).toBe(200)
    const late = await served.fetch('/v1/audit', { as: 'operator' })
    expect(late.headers.get('retry-after')).not.toBeNull()
    expect(await refusal(late)).toEqual([503, ['ENGINE_STOPPING']])
    await served.close()
  })
})
