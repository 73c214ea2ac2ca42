import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RawHttp } from '../hostile/raw-http.ts'
import { ServedTown } from '../served-town.ts'

/* Values of the right shape that mean nothing: each is refused with a code, and none of them is answered as if it were another. */

let town: ServedTown
beforeAll(async () => {
  town = await ServedTown.open({ http: true })
})
afterAll(async () => {
  await town.close()
})

async function answered(as: string, path: string, body?: string): Promise<readonly unknown[]> {
  const headers = { 'content-type': 'application/json' }
  const answer = await town.fetch(
    path,
    body === undefined ? { as } : { as, method: 'POST', headers, body },
  )
  const { problems = [] } = (await answer.json()) as { problems?: readonly { code: string }[] }
  return [answer.status, ...problems.map(({ code }) => code)]
}

describe('a query', () => {
  it.each(['%FF', '%E4%A', '%zz', '100%'])('with %s, which is no character', async (value) => {
    const wrong = [400, 'HTTP_REQUEST_MALFORMED']
    expect(await answered('operator', `/v1/audit?subject=${value}`)).toEqual(wrong)
    expect(await answered('operator', `/v1/audit?${value}=a`)).toEqual(wrong)
  })

  it('with characters that are percent-encoded', async () => {
    expect(await answered('operator', '/v1/audit?subject=%E4%BA%BA+%2B%25')).toEqual([200])
  })

  it.each(['0', '00', '-1', '1.5'])('for the page before %s', async (before) => {
    expect(await answered('auditor', `/v1/audit?before=${before}`)).toEqual([
      400,
      'HTTP_REQUEST_MALFORMED',
    ])
  })
})

it.each(['2024-02-30', '2023-02-29', '2024-99-99', '0000-01-01'])('%s is no day', async (day) => {
  expect(await answered('auditor', `/v1/days/${day}`)).toEqual([422, 'RANGE_WRONG'])
  expect(await answered('operator', `/v1/days/${day}/close`, '')).toEqual([
    400,
    'REQUEST_MALFORMED',
  ])
})

it.each(['content-type', 'idempotency-key', 'authorization'])('%s twice', async (name) => {
  const line = await RawHttp.open(town.server.port)
  const once = {
    authorization: `Bearer ${town.credential('operator')}`,
    'content-type': 'text/csv',
    'idempotency-key': 'twice',
  }
  const headers = [...Object.entries(once), [name, 'other']].map((pair) => pair.join(': '))
  const head = ['POST /v1/imports?kind=hospital HTTP/1.1', 'host: town', 'content-length: 3']
  line.write(Buffer.from([...head, ...headers, '', 'id\n'].join('\r\n')))
  const reply = await line.reply(10_000)
  expect([reply?.status, reply?.body.includes(`${name} × 2`)]).toEqual([400, true])
  line.cut()
})

it('a credential that ends before it begins', async () => {
  const days = { from: '2024-06-02', until: '2024-06-01' }
  const body = JSON.stringify({ role: 'auditor', ...days })
  expect(await answered('operator', '/v1/keys', body)).toEqual([422, 'CREDENTIAL_RECORD_WRONG'])
})

it.each(['.', '..'])('a credential that no address can name: %s', async (id) => {
  const body = JSON.stringify({ role: 'auditor', id })
  expect(await answered('operator', '/v1/keys', body)).toEqual([400, 'HTTP_REQUEST_MALFORMED'])
})

describe('an id that no text can be made of', () => {
  const ids = ['{"toString":1,"valueOf":1}', '{"toString":null}', '[{"toString":1}]', '{}']
  it.each(ids)('%s', async (id) => {
    for (const kind of ['person', 'hospital', 'supplier', 'policy']) {
      for (const member of ['id', 'person']) {
        const body = `{"entries":[{"${member}":${id}}]}`
        const [status, code] = await answered('operator', `/v1/registry/${kind}`, body)
        expect([status, typeof code]).toEqual([422, 'string'])
      }
    }
  })
})
