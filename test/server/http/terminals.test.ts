import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../src/server/log.ts'
import type { AuditRecord } from '../../../src/ledger/record.ts'
import { billOf } from '../../workers/town.ts'
import { ServedTown } from '../served-town.ts'

let town: ServedTown
beforeAll(async () => {
  town = await ServedTown.open({ http: true })
})
afterAll(async () => {
  await town.close()
})

async function post(path: string, body: unknown, as = 'terminal-H') {
  const sent = await town.fetch(path, {
    as,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: sent.status, text: await sent.text() }
}

function audits(): AuditRecord['entries'] {
  return town.town
    .records()
    .flatMap((record) => ('kind' in record && record.kind === 'audit' ? record.entries : []))
}

async function counts(): Promise<ReadonlyMap<string, number>> {
  const text = await (await town.fetch('/metrics')).text()
  const lines = text.matchAll(/^qingfen_requests_total\{op="([^"]+)",outcome="([^"]+)"\} (\d+)$/gm)
  return new Map([...lines].map(([, op, outcome, count]) => [`${op} ${outcome}`, Number(count)]))
}

/** What `work` adds to the figures. */
async function counted(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const before = await counts()
  await work()
  const added = [...(await counts())].map(([key, n]) => [key, n - (before.get(key) ?? 0)] as const)
  return Object.fromEntries(added.filter(([, more]) => more > 0))
}

async function logged(work: () => Promise<unknown>): Promise<readonly LogEntry[]> {
  const before = town.log.length
  await work()
  return town.log.slice(before).filter(({ event }) => event === 'request.refused')
}

describe('a terminal over HTTP', () => {
  it('is answered as over its connection: quote, settle, settle again', async () => {
    const bill = billOf('A1', 'H-1', 300)
    const client = await town.login('terminal-H')
    const overHttp = await post('/v1/quotes', { id: 'q', body: { bill } })
    const overSocket = await client.ask('q', 'quote', { bill })
    expect([overHttp.status, JSON.parse(overHttp.text)]).toEqual([200, overSocket])
    const settle = { id: 'h-1', body: { bill, expect: { patient: '187.00' } } }
    const first = await post('/v1/settlements', settle)
    expect(JSON.parse(first.text)).toMatchObject({
      id: 'h-1',
      ok: true,
      repeat: false,
      answer: { state: 'settled', total: 30_700, patient: { total: 18_700 } },
    })
    const again = await client.ask('h-1', 'settle', settle.body)
    expect(JSON.stringify(again)).toBe(first.text.replace('"repeat":false', '"repeat":true'))
    expect(await post('/v1/settlements', settle)).toEqual({
      status: 200,
      text: first.text.replace('"repeat":false', '"repeat":true'),
    })
  })

  it('is noted in the audit as over its connection', async () => {
    const bill = billOf('A2', 'H-2', 10)
    await post('/v1/settlements', { id: 'h-2', body: { bill } })
    const own = audits().filter(({ subject }) => subject === 'h-2')
    expect(own).toEqual([
      {
        principal: 'terminal-H',
        role: 'terminal',
        action: 'settle',
        subject: 'h-2',
        outcome: 'asked',
      },
    ])
  })

  it('is in the figures as over its connection: done, repeat, refused', async () => {
    const client = await town.login('terminal-H')
    const bodyFor = (stay: string) => ({ bill: billOf('A5', stay, 300) })
    const changed = { ...bodyFor('M-3'), expect: { patient: '1.00' } }
    const overHttp = await counted(async () => {
      const settle = { id: 'm-1', body: bodyFor('M-1') }
      await post('/v1/quotes', { id: 'm-q', body: bodyFor('M-1') })
      await post('/v1/settlements', settle)
      await post('/v1/settlements', settle)
      await post('/v1/settlements', settle)
      await post('/v1/settlements', { id: 'm-3', body: changed })
    })
    const overSocket = await counted(async () => {
      await client.ask('n-q', 'quote', bodyFor('M-2'))
      for (let time = 0; time < 3; time += 1) {
        client.received.length = 0
        await client.ask('n-1', 'settle', bodyFor('M-2'))
      }
      await client.ask('n-3', 'settle', changed)
    })
    expect(overHttp).toEqual({
      'quote done': 1,
      'settle done': 1,
      'settle repeat': 2,
      'settle QUOTE_CHANGED': 1,
    })
    expect(overSocket).toEqual(overHttp)
  })

  it('has its refusals logged as over its connection', async () => {
    const body = { bill: billOf('A6', 'L-1', 300), expect: { patient: '1.00' } }
    const overHttp = await logged(async () => {
      await post('/v1/settlements', { id: 'l-1', body })
      await post('/v1/settlements', { id: 'l-2', body }, 'operator')
    })
    const [client, operator] = [await town.login('terminal-H'), await town.login('operator')]
    const overSocket = await logged(async () => {
      await client.ask('l-1', 'settle', body)
      await operator.ask('l-2', 'settle', body)
    })
    expect(overHttp).toEqual([
      { event: 'request.refused', principal: 'terminal-H', op: 'settle', codes: ['QUOTE_CHANGED'] },
      {
        event: 'request.refused',
        principal: 'operator',
        op: 'settle',
        codes: ['OPERATION_NOT_YOURS'],
      },
    ])
    expect(overSocket).toEqual(overHttp)
  })

  it('is told the new split when the quote has changed', async () => {
    const body = { bill: billOf('A3', 'H-3', 300), expect: { patient: '1.00' } }
    const { status, text } = await post('/v1/settlements', { id: 'h-3', body })
    expect(status).toBe(422)
    expect(JSON.parse(text)).toMatchObject({
      problems: [{ code: 'QUOTE_CHANGED' }],
      split: { state: 'quote', patient: { total: 18_700 } },
    })
  })

  it('has its amounts read from their text', async () => {
    const bill = JSON.stringify(billOf('A4', 'H-4', 300)).replace(
      '"300.00"',
      '300.0000000000000001',
    )
    const { status, text } = await post('/v1/quotes', `{"id":"x","body":{"bill":${bill}}}`)
    expect([status, text]).toEqual([422, expect.stringContaining('"code":"AMOUNT')])
  })

  it.each([
    ['no id', { body: {} }, 400, 'HTTP_REQUEST_MALFORMED'],
    ['an id with a blank', { id: 'a b', body: {} }, 400, 'HTTP_REQUEST_MALFORMED'],
    ['an op', { id: 'a', op: 'reverse', body: {} }, 400, 'HTTP_REQUEST_MALFORMED'],
    ['no JSON', '{"id":"a",', 400, 'JSON_MALFORMED'],
    ['nesting', `{"id":"a","body":${'['.repeat(20)}${']'.repeat(20)}}`, 400, 'JSON_TOO_DEEP'],
    ['two equal keys', '{"id":"a","id":"b","body":{}}', 400, 'JSON_KEY_REPEATED'],
    ['another body', { id: 'h-1', body: { bill: {} } }, 409, 'REQUEST_DIFFERS'],
    ['too much', `{"id":"a","body":{"x":"${'x'.repeat(1_048_576)}"}}`, 413, 'BODY_TOO_LARGE'],
  ])('is refused for %s', async (_, body, status, code) => {
    const refused = await post('/v1/settlements', body)
    expect([refused.status, refused.text]).toEqual([
      status,
      expect.stringContaining(`"code":"${code}"`),
    ])
  })
})
