import { auditPage } from '../../engine/audit-trail.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import { closedMap } from '../../rules/schema/schema-node.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from './route.ts'

const TEXT = { type: 'string', minLength: 1, maxLength: 200 }
const DIGITS = { type: 'string', pattern: '^[0-9]{1,15}$' }
/** Records begin at 1, and there is nothing before none. */
const SEQ = { type: 'string', pattern: '^[1-9][0-9]{0,14}$' }
const WHOLE = { type: 'integer' }
const LIMIT = 100

const LINE = closedMap(
  {
    seq: WHOLE,
    at: WHOLE,
    principal: { type: 'string' },
    role: { type: 'string' },
    action: { type: 'string' },
    subject: { type: 'string' },
    outcome: { type: 'string' },
  },
  ['seq', 'at', 'principal', 'role', 'action', 'outcome'],
)

export const AUDIT_ROUTES: readonly Route[] = [
  {
    id: 'audit.search',
    method: 'GET',
    path: '/v1/audit',
    roles: ['operator', 'auditor'],
    audit: 'personal',
    summary: {
      zh: '查询审计记录，最近的在前；next 是下一页的 before',
      en: 'searches the audit, the newest first; next is the before of the next page',
    },
    query: {
      principal: TEXT,
      action: TEXT,
      subject: TEXT,
      from: DIGITS,
      until: DIGITS,
      before: SEQ,
    },
    answer: closedMap({ lines: { type: 'array', items: LINE }, next: WHOLE }, ['lines']),
    handle: search,
  },
]

async function search({ query, subject }: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const { principal, action, subject: about, from, until, before } = query
  subject(about ?? principal ?? '')
  const page = auditPage(services.store, new StoreRows(services.store), {
    ...(principal !== undefined && { principal }),
    ...(action !== undefined && { action }),
    ...(about !== undefined && { subject: about }),
    ...(from !== undefined && { from: Number(from) }),
    ...(until !== undefined && { until: Number(until) }),
    ...(before !== undefined && { before: Number(before) }),
    limit: LIMIT,
  })
  return Promise.resolve({ kind: 'json', value: page })
}
