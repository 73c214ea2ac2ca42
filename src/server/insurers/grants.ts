import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { GrantEntry } from '../../ledger/grant.ts'
import type { HttpServices } from '../http/route.ts'
import type { Principal } from '../principal.ts'
import { grantOf } from './standing.ts'

/** What of a credential's grant decides about rosters and settlements. */
export type Grant = Pick<GrantEntry, 'payers' | 'jurisdictions' | 'facts'>

/** The grant of an insurer, with the payers whose rosters and settlements are its. Refuses `GRANT_MISSING`. */
export function payerGrant(
  services: Pick<HttpServices, 'engine'>,
  { id }: Principal,
): Result<Grant> {
  const grant = grantOf(services, id)
  if (grant === undefined || grant.payers.length === 0) {
    return failure(problem('GRANT_MISSING', '', { id }))
  }
  return success(grant)
}
