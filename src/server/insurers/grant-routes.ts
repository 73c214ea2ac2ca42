import { failure, problem, success, type Result } from '../../errors/problem.ts'
import { INSURER_KINDS, SIGNING_ALGORITHMS, type GrantEntry } from '../../ledger/grant.ts'
import { closedMap, type SchemaNode } from '../../rules/schema/schema-node.ts'
import { changeAccess } from '../http/change-access.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import { replied } from '../http/replied.ts'
import { TEXT, WHOLE } from './http.ts'
import { lastNumber } from './command-gate.ts'
import { readGrant } from './read-grant.ts'
import { keyFingerprint } from './signing-key.ts'
import { grantNeeded, grantOf } from './standing.ts'

const TEXTS: SchemaNode = { type: 'array', items: TEXT, maxItems: 200 }
const KEY = {
  id: TEXT,
  algorithm: { enum: [...SIGNING_ALGORITHMS] },
  publicKey: TEXT,
}
const MEMBERS = {
  id: TEXT,
  payers: TEXTS,
  kinds: { type: 'array', items: { enum: [...INSURER_KINDS] } },
  counters: TEXTS,
  jurisdictions: TEXTS,
  facts: TEXTS,
}
const NAMES = ['payers', 'kinds', 'counters', 'jurisdictions', 'facts', 'keys']
const GIVEN = closedMap(
  {
    ...MEMBERS,
    keys: { type: 'array', items: closedMap(KEY, ['id', 'algorithm', 'publicKey']) },
  },
  NAMES,
)
const SHOWN = closedMap(
  {
    ...MEMBERS,
    keys: {
      type: 'array',
      items: closedMap({ ...KEY, last: WHOLE }, ['id', 'algorithm', 'publicKey', 'last']),
    },
  },
  ['id', ...NAMES],
)
const GRANT_BYTES = 256 * 1024

/** A grant with the last number of each key, so that its holder knows where to go on. */
function shown({ engine }: HttpServices, grant: GrantEntry): object {
  const keys = grant.keys.map((key) => {
    const last = lastNumber(engine.registered('sequence', keyFingerprint(key)))
    return { ...key, last }
  })
  return { ...grant, keys }
}

async function set(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const id = request.params['id'] ?? ''
  request.subject(id)
  const grant = readGrant(id, request.json)
  const fitting = grant.ok ? fits(services, grant.value) : grant
  if (!fitting.ok) return replied(fitting)
  const { value: entry } = fitting
  const done = await services.engine.registry('grant', [{ kind: 'grant', id, entry }])
  return replied(done.ok ? success(shown(services, entry)) : done)
}

/** A grant stands beside a credential of its id, and nobody else signs with its keys. */
function fits(services: HttpServices, grant: GrantEntry): Result<GrantEntry> {
  const { id, keys } = grant
  const credential = services.engine.credentials().find((one) => one.id === id)
  if (credential === undefined) return failure(problem('CREDENTIAL_UNKNOWN', 'id', { id }))
  if (credential.role !== 'insurer' && credential.role !== 'operator') {
    return failure(problem('GRANT_WRONG', 'id', { why: `${id}: ${credential.role}` }))
  }
  const own = new Set(keys.map(keyFingerprint))
  const shared = others(services, id).flatMap((other) =>
    other.keys.filter((key) => own.has(keyFingerprint(key))),
  )
  const [first] = shared
  if (first === undefined) return success(grant)
  return failure(problem('GRANT_WRONG', 'keys', { why: `keys: ${first.publicKey}` }))
}

function others({ engine }: HttpServices, id: string): readonly GrantEntry[] {
  return all(engine.registeredAll('grant')).filter((one) => one.id !== id)
}

function all(entries: readonly unknown[]): readonly GrantEntry[] {
  return entries.flatMap((entry) => {
    const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined
    const grant = typeof id === 'string' ? readGrant(id, entry) : undefined
    return grant?.ok === true ? [grant.value] : []
  })
}

async function end(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const id = request.params['id'] ?? ''
  request.subject(id)
  const grant = grantNeeded(services, id)
  if (!grant.ok) return replied(grant)
  const done = await services.engine.registry('grant', [{ kind: 'grant', id, entry: undefined }])
  return replied(done.ok ? success(shown(services, grant.value)) : done)
}

async function read(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const grant = grantNeeded(services, request.params['id'] ?? '')
  return Promise.resolve(replied(grant.ok ? success(shown(services, grant.value)) : grant))
}

const ROLES: Route['roles'] = ['operator', 'auditor']
const PARAMS = { id: TEXT }

export const GRANT_ROUTES: readonly Route[] = [
  {
    id: 'grants.list',
    method: 'GET',
    path: '/v1/grants',
    roles: ROLES,
    audit: 'none',
    summary: { zh: '列出全部授权', en: 'lists every grant' },
    answer: closedMap({ grants: { type: 'array', items: SHOWN } }, ['grants']),
    handle: async (_, services) => {
      const grants = all(services.engine.registeredAll('grant'))
      return Promise.resolve(
        replied(success({ grants: grants.map((one) => shown(services, one)) })),
      )
    },
  },
  {
    id: 'grants.own',
    method: 'GET',
    path: '/v1/grant',
    roles: ['insurer'],
    audit: 'none',
    summary: {
      zh: '本凭证的授权与各密钥已用的序号',
      en: 'the own grant, with the last number of each key',
    },
    answer: SHOWN,
    handle: async ({ principal }, services) => {
      const grant = grantOf(services, principal.id)
      return Promise.resolve(
        replied(
          grant === undefined
            ? failure(problem('GRANT_UNKNOWN', '', { id: principal.id }))
            : success(shown(services, grant)),
        ),
      )
    },
  },
  {
    id: 'grants.read',
    method: 'GET',
    path: '/v1/grants/{id}',
    roles: ROLES,
    audit: 'none',
    summary: { zh: '一个凭证的授权', en: 'the grant of a credential' },
    params: PARAMS,
    answer: SHOWN,
    handle: read,
  },
  {
    id: 'grants.set',
    method: 'PUT',
    path: '/v1/grants/{id}',
    roles: ['operator'],
    audit: 'mutation',
    summary: { zh: '设置一个凭证的授权', en: 'sets the grant of a credential' },
    params: PARAMS,
    body: { contentTypes: ['application/json'], maxBytes: GRANT_BYTES, schema: GIVEN },
    answer: SHOWN,
    handle: async (request, services) =>
      changeAccess(services, request.principal, async () => set(request, services)),
  },
  {
    id: 'grants.end',
    method: 'DELETE',
    path: '/v1/grants/{id}',
    roles: ['operator'],
    audit: 'mutation',
    summary: { zh: '终止一个凭证的授权', en: 'ends the grant of a credential' },
    params: PARAMS,
    answer: SHOWN,
    handle: async (request, services) =>
      changeAccess(services, request.principal, async () => end(request, services)),
  },
]
