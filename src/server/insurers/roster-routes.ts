import { listJurisdictions } from '../../engine/list-jurisdictions.ts'
import { success, type Result } from '../../errors/problem.ts'
import type { RosterRule } from '../../registry/check-items.ts'
import type { HttpRequest, HttpServices } from '../http/route.ts'
import { importRoutes } from '../imports/import-routes.ts'
import { productPayers, rosterRule } from '../imports/roster-rule.ts'
import { grantKept, payerGrant } from './grants.ts'

/** Rosters of policies: an insurer's own, for persons that are registered. */
export const ROSTER_ROUTES = importRoutes({
  name: 'rosters',
  path: '/v1/rosters',
  uploaders: ['insurer', 'operator'],
  readers: ['insurer', 'operator', 'auditor'],
  summary: {
    zh: '上传保单名册（CSV、XLSX、NDJSON），为已登记人员添加或更新保单',
    en: 'Upload a roster of policies of registered persons (CSV, XLSX, NDJSON)',
  },
  kind: () => 'policy',
  rule: ruleOf,
  granted: ({ principal }, services) => {
    const grant = payerGrant(services, principal)
    return principal.role === 'operator' || !grant.ok
      ? () => true
      : grantKept(services, principal, grant.value)
  },
})

function ruleOf(
  { principal }: HttpRequest,
  { engine, store }: HttpServices,
): Result<RosterRule | undefined> {
  if (principal.role === 'operator') return success(undefined)
  const grant = payerGrant({ engine }, principal)
  if (!grant.ok) return grant
  const states = listJurisdictions(store).flatMap((id) => engine.rulesState(id) ?? [])
  const products = productPayers(states, store)
  return success(rosterRule(grant.value, products, (kind, id) => engine.registered(kind, id)))
}
