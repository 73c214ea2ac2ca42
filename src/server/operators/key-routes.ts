import { problem, type Result } from '../../errors/problem.ts'
import { changeAccess } from '../http/change-access.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import { replied } from '../http/replied.ts'
import { createKey, listKeys, revokeKey, rotateKey, type NewKey, type ShownKey } from '../keys.ts'
import { ROLES } from '../principal.ts'

const ID = { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$' }
/** Not a dot or two: clients take those out of an address, and the key could not be revoked. */
const NEW_ID = { type: 'string', pattern: String.raw`^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,64}$` }
const DAY = { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$` }

/** A credential as it is shown; `credential` only in the answer that makes a secret. */
const KEY = {
  type: 'object',
  properties: {
    id: ID,
    role: { enum: [...ROLES] },
    hospital: { type: 'string' },
    name: { type: 'string' },
    from: { type: 'array', items: { type: ['string', 'null'] } },
    until: { type: 'array', items: { type: ['string', 'null'] } },
    credential: { type: 'string' },
  },
  required: ['id', 'role', 'from', 'until'],
}

const JSON_BODY = { contentTypes: ['application/json'], maxBytes: 16 * 1024 }

/** Credentials: who may log in. A secret is shown once; the ledger has its hash only. */
export const KEY_ROUTES: readonly Route[] = [
  {
    id: 'keys.list',
    method: 'GET',
    path: '/v1/keys',
    roles: ['operator', 'auditor'],
    audit: 'none',
    summary: { zh: '列出凭证（不含密钥）', en: 'Credentials, without their secrets' },
    answer: {
      type: 'object',
      properties: { keys: { type: 'array', items: KEY } },
      required: ['keys'],
    },
    handle: async (_request, { engine }) =>
      Promise.resolve({ kind: 'json', value: { keys: listKeys(engine) } }),
  },
  {
    id: 'keys.create',
    method: 'POST',
    path: '/v1/keys',
    roles: ['operator'],
    audit: 'mutation',
    summary: {
      zh: '发放凭证；密钥只显示这一次',
      en: 'A new credential; its secret is shown this once',
    },
    body: {
      ...JSON_BODY,
      schema: {
        type: 'object',
        properties: {
          role: { enum: [...ROLES] },
          id: NEW_ID,
          hospital: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,30}$' },
          name: { type: 'string', minLength: 1, maxLength: 200 },
          from: DAY,
          until: DAY,
        },
        required: ['role'],
        additionalProperties: false,
      },
    },
    answer: KEY,
    handle: async (request, services) => {
      const key = request.json as NewKey
      request.subject(key.id ?? key.role)
      // Whoever could make a second operator could approve what they propose.
      if (key.role === 'operator') return localOnly(key.id ?? '')
      return changeAccess(services, request.principal, async () =>
        told(await createKey(services.engine, key), services, 201),
      )
    },
  },
  {
    id: 'keys.rotate',
    method: 'POST',
    path: '/v1/keys/{id}/rotate',
    roles: ['operator'],
    audit: 'mutation',
    summary: {
      zh: '更换密钥；旧密钥到 oldUntil 当日为止，未写则立即失效',
      en: 'A new secret; old ones end with the day oldUntil, or at once without it',
    },
    params: { id: ID },
    body: {
      ...JSON_BODY,
      optional: true,
      schema: { type: 'object', properties: { oldUntil: DAY }, additionalProperties: false },
    },
    answer: KEY,
    handle: async (request, services) => {
      const { oldUntil: until } = (request.json ?? {}) as { readonly oldUntil?: string }
      const id = idOf(request)
      const role = listKeys(services.engine).find((key) => key.id === id)?.role
      // Nor have the secret of a colleague.
      if (role === 'operator' && id !== request.principal.id) return localOnly(id)
      return changeAccess(services, request.principal, async () =>
        told(await rotateKey(services.engine, id, until), services),
      )
    },
  },
  {
    id: 'keys.revoke',
    method: 'DELETE',
    path: '/v1/keys/{id}',
    roles: ['operator'],
    audit: 'mutation',
    summary: { zh: '吊销凭证，立即失效', en: 'Takes a credential away, at once' },
    params: { id: ID },
    answer: KEY,
    handle: async (request, services) =>
      changeAccess(services, request.principal, async () =>
        told(await revokeKey(services.engine, idOf(request)), services),
      ),
  },
]

function localOnly(id: string): HttpReply {
  return { kind: 'refused', problems: [problem('OPERATOR_KEY_LOCAL', 'id', { id })] }
}

function idOf({ params }: HttpRequest): string {
  return params['id'] ?? ''
}

function told(
  done: Result<ShownKey>,
  { keysChanged }: HttpServices,
  status: 200 | 201 = 200,
): HttpReply {
  if (done.ok) keysChanged()
  return replied(done, status)
}
