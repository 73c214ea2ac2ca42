import { PUBLIC_PATHS } from '../../../src/server/http/public-routes.ts'
import type { Route } from '../../../src/server/http/route.ts'
import { ROUTES } from '../../../src/server/http/routes.ts'
import type { Role } from '../../../src/server/principal.ts'
import type { Chance } from '../../hostile/chance.ts'
import { HOSTILE_TEXTS } from '../../hostile/hostile-values.ts'
import type { AttackTown } from './attack-town.ts'
import { ACME_HASH, hostileBody } from './hostile-bodies.ts'
import { sampleOf } from './sample.ts'

export interface HostileRequest {
  readonly route: string
  readonly bytes: Buffer
  /** It keeps to HTTP, so that it must be answered; otherwise the end of the connection is an answer, too. */
  readonly isHttp: boolean
}

/** A request of some route with something wrong about it, or only about who sends it. */
export function hostileRequest(town: AttackTown, chance: Chance): HostileRequest {
  const route = routeOf(chance)
  const shape = shapeOf(route, town, chance)
  if (chance.below(5) !== 0) return { route: route.id, bytes: wireOf(shape), isHttp: true }
  const spoil = chance.anyOf(SPOILERS) ?? ((one) => wireOf(one))
  return { route: route.id, bytes: spoil(shape, chance), isHttp: false }
}

/** Draining is what the operator may do: it is left to those who may not. */
function routeOf(chance: Chance): Route {
  return chance.anyOf(ROUTES) ?? routeOf(chance)
}

interface Shape {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array
}

function shapeOf(route: Route, town: AttackTown, chance: Chance): Shape {
  const hasBody = route.method !== 'GET' && (route.body !== undefined || chance.below(4) === 0)
  const body = hasBody ? hostileBody(route, town, chance) : { type: '', bytes: Buffer.alloc(0) }
  return {
    method: chance.below(20) === 0 ? (chance.anyOf(OTHER_METHODS) ?? 'GET') : route.method,
    target: targetOf(route, chance),
    headers: [
      ['host', 'town'],
      ...authorizationOf(route, town, chance),
      ...(body.type === '' ? [] : [['content-type', body.type] as const]),
      // Few keys: most come again, with the same bytes or with others.
      [
        'idempotency-key',
        chance.below(9) === 0 ? latin1(hostileText(chance)) : `k${chance.below(12)}`,
      ],
      ...(route.method === 'GET' ? [] : [['content-length', String(body.bytes.length)] as const]),
    ],
    body: route.method === 'GET' ? Buffer.alloc(0) : body.bytes,
  }
}

const OTHER_METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'] as const

const PRINCIPALS: Readonly<Record<Role, string>> = {
  terminal: 'terminal-H',
  operator: 'operator',
  insurer: 'insurer',
  auditor: 'auditor',
}

function authorizationOf(
  { id, roles }: Route,
  town: AttackTown,
  chance: Chance,
): readonly (readonly [string, string])[] {
  const right = roles.filter((role) => !(id === 'server.drain' && role === 'operator'))
  const role = chance.anyOf(right.length > 0 ? right : (['auditor'] as const)) ?? 'auditor'
  const credential = town.credential(PRINCIPALS[role])
  const other = chance.anyOf(['terminal-H', 'insurer', 'auditor'] as const) ?? 'auditor'
  switch (chance.below(12)) {
    case 0:
      return []
    case 1:
      return [['authorization', `Bearer ${latin1(hostileText(chance))}`]]
    case 2:
      return [['authorization', `Bearer ${credential.slice(0, -1)}`]]
    case 3:
      return [['authorization', `Basic ${'A'.repeat(1 + chance.below(2_000))}`]]
    case 4:
      return [['authorization', `Bearer ${town.credential(other)}`]]
    default:
      return [['authorization', `Bearer ${credential}`]]
  }
}

function targetOf(route: Route, chance: Chance): string {
  if (chance.below(40) === 0) return strangeTarget(chance)
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const isSpoilt = chance.below(5) === 0
    if (isSpoilt) return chance.anyOf(ESCAPES) ?? encodeURIComponent(hostileText(chance))
    const sample = String(sampleOf(route.params?.[name] ?? {}, chance))
    return encodeURIComponent(name === 'hash' && chance.below(3) > 0 ? ACME_HASH : sample)
  })
  const pairs = Object.entries(route.query ?? {})
    .filter(() => chance.below(2) === 0)
    .map(([name, schema]) => {
      const value = chance.below(4) === 0 ? hostileText(chance) : String(sampleOf(schema, chance))
      return `${name}=${encodeURIComponent(value)}`
    })
  if (chance.below(8) === 0) pairs.push(chance.anyOf(QUERIES) ?? '')
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

function strangeTarget(chance: Chance): string {
  return chance.anyOf([...PUBLIC_PATHS, ...STRANGE]) ?? '/'
}

const STRANGE = [
  '/',
  '//',
  '/v1',
  '/v1/',
  '/v1/../etc/passwd',
  '/v1/packs/%2e%2e/%2e%2e',
  '/v1/terminal',
]
const ESCAPES = [
  '%',
  '%zz',
  '%00',
  '%c0%af',
  '%ff',
  '..',
  '%2e%2e%2f',
  '__proto__',
  'x'.repeat(3_000),
]
const QUERIES = [
  'x=1',
  'x=1&x=2',
  '__proto__=1',
  '%=%',
  '&&&=',
  'constructor[prototype]=1',
  '%ff=%fe',
]

function hostileText(chance: Chance): string {
  return (chance.anyOf(HOSTILE_TEXTS) ?? '').toWellFormed()
}

/** As a header takes it. */
function latin1(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?')
}

function wireOf({ method, target, headers, body }: Shape): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

type Spoil = (shape: Shape, chance: Chance) => Buffer

function withHeader(shape: Shape, name: string, value: string): Shape {
  const others = shape.headers.filter(([one]) => one !== name)
  return { ...shape, headers: [...others, [name, value]] }
}

const LENGTHS = [
  '-1',
  '1e3',
  '0x10',
  '99999999999999999999',
  '18446744073709551616',
  '1, 2',
  ' ',
  'ten',
]

const SPOILERS: readonly Spoil[] = [
  // Stated lengths that are none, too small or too large for what comes.
  (shape, chance) => wireOf(withHeader(shape, 'content-length', chance.anyOf(LENGTHS) ?? '')),
  (shape) => wireOf(withHeader(shape, 'content-length', String(shape.body.length + 100))),
  (shape) => wireOf(withHeader(shape, 'content-length', String(2 ** 40))),
  (shape) => wireOf(withHeader(shape, 'content-length', String(shape.body.length >> 1))),
  (shape) => wireOf({ ...shape, headers: [...shape.headers, ['content-length', '3']] }),
  // Chunks: cut short, of no size, of too large a one; and a length beside them.
  (shape, chance) => chunked(shape, chance.below(shape.body.length + 2)),
  (shape) => chunked(shape, shape.body.length + 10_000_000),
  (shape) => wireOf({ ...chunkedHead(shape), body: Buffer.from('zz\r\nxx\r\n0\r\n\r\n') }),
  (shape) => wireOf({ ...chunkedHead(shape), body: Buffer.from(`${'f'.repeat(40)}\r\nx`) }),
  (shape) => wireOf({ ...shape, headers: [...shape.headers, ['transfer-encoding', 'chunked']] }),
  // Heads.
  (shape) => wireOf(withHeader(shape, 'x-large', 'x'.repeat(40_000))),
  (shape) =>
    wireOf({
      ...shape,
      headers: Array.from({ length: 300 }, (_, at) => [`x-${at}`, 'y'] as const),
    }),
  (shape) => wireOf({ ...shape, headers: shape.headers.filter(([name]) => name !== 'host') }),
  (shape) => wireOf({ ...shape, method: 'ANY\u0000THING' }),
  (shape) => wireOf({ ...shape, target: `${shape.target} HTTP/9.9\r\nx` }),
  (shape, chance) => wireOf(shape).subarray(0, 1 + chance.below(200)),
  (shape, chance) => {
    const wire = Buffer.from(wireOf(shape))
    for (let hit = 0; hit < 4; hit += 1) wire[chance.below(wire.length)] = chance.below(256)
    return wire
  },
  // Behind a request that is right: noise, or the same a few times more.
  (shape, chance) =>
    Buffer.concat([
      wireOf(shape),
      Buffer.from(Array.from({ length: 200 }, () => chance.below(256))),
    ]),
  (shape) => Buffer.concat([wireOf(shape), wireOf(shape), wireOf(shape), Buffer.from('\r\n\r\n')]),
  (_, chance) =>
    Buffer.from(Array.from({ length: 1 + chance.below(400) }, () => chance.below(256))),
]

function chunkedHead(shape: Shape): Shape {
  const others = shape.headers.filter(([name]) => name !== 'content-length')
  return { ...shape, headers: [...others, ['transfer-encoding', 'chunked']] }
}

/** One chunk that says it has `size` bytes, whatever it has. */
function chunked(shape: Shape, size: number): Buffer {
  const chunk = Buffer.concat([
    Buffer.from(`${size.toString(16)}\r\n`),
    shape.body,
    Buffer.from('\r\n'),
  ])
  return wireOf({ ...chunkedHead(shape), body: chunk })
}
