import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../../src/server/http/routes.ts'
import { openApiOf } from '../../../src/server/http/openapi.ts'
import type { Route } from '../../../src/server/http/route.ts'
import { schemaChecker } from '../../../src/rules/schema/schema-checker.ts'
import { ROLES, type Role } from '../../../src/server/principal.ts'
import type { RegistryEntry } from '../../../src/ledger/record.ts'
import { packsOf } from '../../workers/town.ts'
import { acmeGrant } from '../insurers/grants.ts'
import { person, policy, RouteTown } from '../routes/route-town.ts'
import { serveRoutes, type ServedRoutes } from '../routes/serve-routes.ts'

/*
 * Every route of the table × every role, and for every route that an insurer may use the same request about another insurer's
 * things and about things that are not there. A route that is added without a row here fails.
 */

let town: RouteTown
let served: ServedRoutes

const PEOPLE: Readonly<Record<string, Role>> = {
  terminal: 'terminal',
  operator: 'operator',
  auditor: 'auditor',
  insurer: 'insurer',
  owner: 'insurer',
  other: 'insurer',
}

beforeAll(async () => {
  town = await RouteTown.open()
  await town.register([
    grantOf('owner', 'payer-a', 'a/plan'),
    grantOf('other', 'SECRET-B', 'b/plan'),
    person('M1', [policy('A-M1', 'a/plan')]),
    { kind: 'policy', id: 'A-M1', entry: { id: 'A-M1', holder: 'M1' } },
  ])
  const people = Object.entries(PEOPLE).map(([id, role]) => {
    return { id, role, ...(role === 'terminal' && { hospital: 'H' }) }
  })
  served = await serveRoutes(town, people, { mode: 'development' })
})
afterAll(async () => {
  await served.close()
})

function grantOf(id: string, payer: string, pack: string): RegistryEntry {
  const facts = ['person.age', 'person.retired', 'visit.*', 'line.*']
  return {
    kind: 'grant',
    id,
    entry: acmeGrant([], { id, payers: [payer], counters: [pack], facts }),
  }
}

interface Sent {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: string
  readonly type?: string
}

interface Reply {
  readonly status: number
  readonly text: string
  readonly codes: readonly string[]
}

async function send(as: string | undefined, route: Route, sent: Sent = {}): Promise<Reply> {
  const { params = {}, query = '', body, type } = sent
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? placeholder(name)),
  )
  const answer = await fetch(`http://127.0.0.1:${served.port}${path}${query}`, {
    method: route.method,
    headers: {
      'idempotency-key': `matrix-${route.id}-${as ?? ''}`,
      ...(as !== undefined && { authorization: `Bearer ${served.credentials.get(as) ?? ''}` }),
      ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
    },
    ...(body !== undefined && { body }),
  })
  const text = await answer.text()
  if (answer.ok && !('contentType' in route.answer)) {
    expect([route.id, schemaChecker(route.answer)(JSON.parse(text))]).toEqual([route.id, []])
  }
  const codes = [...text.matchAll(/"code":"([A-Z_]+)"/g)].map(([, code = '']) => code)
  return { status: answer.status, text, codes }
}

/** A value of the right form that names nothing. */
function placeholder(name: string): string {
  return (
    {
      hash: 'f'.repeat(64),
      settlement: 'S000000999999',
      day: '2024-06-01',
      kind: 'person',
      name: 'backup-1',
    }[name] ?? 'f'.repeat(32)
  )
}

/** Last: after it the server takes nothing more. */
const IN_ORDER = ROUTES.toSorted(
  (a, b) => Number(a.id === 'server.drain') - Number(b.id === 'server.drain'),
)

interface Cell {
  readonly route: Route
  /** What another insurer asks about the owner's things. */
  readonly theirs: () => Promise<Sent> | Sent
  /** The same about what is not there; absent: the answer must only not tell of the owner. */
  readonly nothing?: () => Sent
  /** The code it is refused with. */
  readonly code?: string
}

function hashOf(pack: string): string {
  const found = town.engine.rulesState('town')?.packs.find(({ id }) => id === pack)
  if (found === undefined) throw new Error(`no pack ${pack}`)
  return found.hash
}

async function ownersRoster(): Promise<string> {
  const body = 'person,id,product,start,end\nM1,A-M1,a/plan,2024-01-01,2024-12-31\n'
  const upload = ROUTES.find(({ id }) => id === 'rosters.upload')
  if (upload === undefined) throw new Error('no route')
  const { text } = await send('owner', upload, { query: '?mode=all', body, type: 'text/csv' })
  return (JSON.parse(text) as { readonly id: string }).id
}

let settlement: string | undefined
async function ownersSettlement(): Promise<string> {
  const bill = {
    person: { id: 'M1' },
    visit: { id: 'VM1', kind: 'inpatient', start: '2024-06-01', ward: 'W', department: 'D' },
    lines: [{ id: 'L1', code: 'A1', name: 'x', inScope: '100.00' }],
  }
  const ask = { operation: 'settle', hospital: 'H', requestId: 'M1', body: { bill } } as const
  const reply = await town.engine.submit(ask)
  if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  return String(reply.answer['settlement'])
}

const PACK_ID = 'a/plan'
const A_PACK = `pack: a/plan
kind: commercial
payer: { id: payer-a }
effective: { from: 2023-01-01 }
source: 乙条款 二
requires: policy
benefits:
  - { id: rest, clause: 二, base: [inScope], rate: 40% }
`

const aboutPack: Omit<Cell, 'route'> = {
  theirs: () => ({ params: { hash: hashOf(PACK_ID) }, query: '?jurisdiction=town' }),
  nothing: () => ({ query: '?jurisdiction=town' }),
}

function commandAbout(hash: string, command: string): Sent {
  const body = { command, jurisdiction: 'town', packs: [hash] }
  return { params: { hash }, body: JSON.stringify(body) }
}

const commandOn = (command: string): Omit<Cell, 'route'> => ({
  theirs: () => commandAbout(hashOf(PACK_ID), command),
  nothing: () => commandAbout(placeholder('hash'), command),
})

/** By id of the route. */
const TENANTS: Readonly<Record<string, Omit<Cell, 'route'>>> = {
  'grants.own': { theirs: () => ({}) },
  'packs.upload': {
    theirs: () => {
      const packs = packsOf(A_PACK).packs.map(({ hash }) => hash)
      const command = { command: 'upload', jurisdiction: 'town', packs }
      return { body: JSON.stringify({ command, files: { 'a.yaml': A_PACK } }) }
    },
    code: 'PACK_OUTSIDE_GRANT',
  },
  'packs.shadow': commandOn('shadow'),
  'packs.unshadow': commandOn('unshadow'),
  'packs.activate': commandOn('activate'),
  'packs.rollBack': commandOn('rollBack'),
  'packs.list': { theirs: () => ({ query: '?jurisdiction=town' }) },
  'packs.check': aboutPack,
  'packs.cases': aboutPack,
  'packs.diff': aboutPack,
  'packs.shadowReport': aboutPack,
  'packs.history': aboutPack,
  'rosters.upload': {
    theirs: () => ({
      query: '?mode=all',
      type: 'text/csv',
      body: 'person,id,product,start,end\nM1,A-M1,a/plan,2024-01-01,2024-12-31\n',
    }),
  },
  'rosters.read': {
    theirs: async () => ({ params: { id: await ownersRoster() } }),
    nothing: () => ({}),
  },
  'rosters.errors': {
    theirs: async () => ({ params: { id: await ownersRoster() } }),
    nothing: () => ({}),
  },
  'settlements.find': {
    theirs: () => ({ query: '?person=M1' }),
    nothing: () => ({ query: '?person=NOBODY' }),
  },
  'settlements.read': {
    theirs: async () => ({ params: { settlement: (settlement ??= await ownersSettlement()) } }),
    nothing: () => ({}),
  },
  'settlements.export': { theirs: () => ({ query: '?format=ndjson' }) },
  'settlements.totals': { theirs: () => ({}) },
}

describe('another insurer', () => {
  const theirs = ROUTES.filter(({ roles }) => roles.includes('insurer'))

  it('is thought of for every route that insurers have', () => {
    expect(Object.keys(TENANTS).toSorted()).toEqual(theirs.map(({ id }) => id).toSorted())
  })

  it('of whom the owner sees what is asked for', async () => {
    for (const id of ['packs.check', 'rosters.read', 'settlements.find', 'settlements.read']) {
      const route = theirs.find((one) => one.id === id)
      const sent = await TENANTS[id]?.theirs()
      if (route === undefined || sent === undefined) throw new Error(id)
      expect([id, (await send('owner', route, sent)).status]).toEqual([id, 200])
    }
  })

  it.each(theirs.map((route) => [route.id, route] as const))(
    'is told nothing by %s',
    async (id, route) => {
      const { theirs: owners, nothing, code } = TENANTS[id] ?? {}
      if (owners === undefined) throw new Error('no row')
      const sent = await owners()
      const reply = await send('other', route, sent)
      for (const secret of ['payer-a', 'A-M1', hashOf(PACK_ID), settlement ?? 'A-M1']) {
        if (!JSON.stringify(sent).includes(secret)) expect(reply.text).not.toContain(secret)
      }
      if (code !== undefined) expect(new Set(reply.codes)).toEqual(new Set([code]))
      if (nothing === undefined) return
      const none = await send('other', route, nothing())
      expect({ ...reply, text: unnamed(reply.text, sent) }).toEqual({
        ...none,
        text: unnamed(none.text, nothing()),
      })
    },
  )
})

/** A text without the ids that were asked for. */
function unnamed(text: string, { params = {} }: Sent): string {
  const ids = [...Object.values(params), placeholder('hash'), placeholder('settlement')]
  return [...ids, placeholder('')].reduce((rest, id) => rest.replaceAll(id, '?'), text)
}

describe('OpenAPI', () => {
  it('has every route, and what is served is it', async () => {
    const stated: unknown = await (
      await fetch(`http://127.0.0.1:${served.port}/v1/openapi.json`)
    ).json()
    const document = openApiOf(ROUTES, '0.1.0')
    expect(stated).toEqual(JSON.parse(JSON.stringify(document)))
    const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, object>>>>
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(operations.toSorted()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).toSorted(),
    )
  })
})

describe('OpenAPI says of a route', () => {
  interface Operation {
    readonly parameters: readonly object[]
    readonly responses: Readonly<Record<string, { readonly content: object }>>
  }
  const document = openApiOf(ROUTES, '0.1.0')
  const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>

  it.each(['/v1/rosters', '/v1/imports'])('the key that an upload must have: %s', (path) => {
    const key = { name: 'idempotency-key', in: 'header', required: true }
    expect(paths[path]?.['post']?.parameters).toContainEqual(expect.objectContaining(key))
  })

  it.each(['ndjson', 'csv'])('the type of an export: %s', async (format) => {
    const path = '/v1/exports/settlements'
    const answer = await fetch(
      `http://127.0.0.1:${served.port}${path}?from=2024-06-01&format=${format}`,
      { headers: { authorization: `Bearer ${served.credentials.get('owner') ?? ''}` } },
    )
    const types = Object.keys(paths[path]?.['get']?.responses['2XX']?.content ?? {})
    expect(types).toContain(answer.headers.get('content-type'))
  })
})

describe.each(IN_ORDER.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_, route) => {
    it('is nobody’s without a credential', async () => {
      expect(await send(undefined, route)).toMatchObject({
        status: 401,
        codes: ['CREDENTIAL_WRONG'],
      })
    })

    it.each(ROLES)('asked by a %s', async (role) => {
      const { status, codes } = await send(role, route)
      if (route.roles.includes(role)) {
        expect(codes).not.toContain('OPERATION_NOT_YOURS')
        expect([401, 403, 405, 500]).not.toContain(status)
        expect(codes).not.toContain('ROUTE_UNKNOWN')
      } else expect([status, codes]).toEqual([403, ['OPERATION_NOT_YOURS']])
    })
  },
)
