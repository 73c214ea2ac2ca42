import { failure, problem, success, type Result } from '../../errors/problem.ts'
import { closedMap, type SchemaNode } from '../../rules/schema/schema-node.ts'
import type { HttpRequest } from '../http/route.ts'
import { PACK_COMMANDS } from '../../ledger/grant.ts'

export const TEXT: SchemaNode = { type: 'string', minLength: 1, maxLength: 200 }
export const HASH: SchemaNode = { type: 'string', pattern: '^[0-9a-f]{64}$' }
export const DATE: SchemaNode = { type: 'string', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }
export const WHOLE: SchemaNode = { type: 'integer' }
export const BILINGUAL = closedMap({ zh: { type: 'string' }, en: { type: 'string' } }, ['zh', 'en'])
export const PROBLEMS: SchemaNode = {
  type: 'array',
  items: { type: 'object', properties: { code: TEXT }, required: ['code'] },
}

export const ENVELOPE_SCHEMA = closedMap(
  {
    command: { enum: [...PACK_COMMANDS] },
    jurisdiction: TEXT,
    packs: { type: 'array', items: HASH, minItems: 1, maxItems: 100 },
    from: DATE,
    key: TEXT,
    number: { type: 'integer', minimum: 1 },
    signature: TEXT,
  },
  ['command', 'jurisdiction', 'packs'],
)

export const VERSION_SCHEMA = closedMap(
  {
    jurisdiction: TEXT,
    id: TEXT,
    hash: HASH,
    kind: TEXT,
    payer: TEXT,
    product: TEXT,
    title: BILINGUAL,
    state: { enum: ['checked', 'shadow', 'active', 'retired'] },
    suspended: { type: 'boolean' },
    own: closedMap({ from: DATE, to: DATE }, ['from']),
    from: DATE,
    to: DATE,
  },
  ['jurisdiction', 'id', 'hash', 'kind', 'payer', 'product', 'title', 'state', 'suspended', 'own'],
)

/** A text of the query that a route cannot do without. */
export function queryNeeded({ query }: HttpRequest, name: string): Result<string> {
  const value = query[name]
  if (value !== undefined && value !== '') return success(value)
  return failure(problem('REQUEST_MALFORMED', name, { why: `?${name}=` }))
}
