import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { GrantEntry } from '../../ledger/grant.ts'
import type { HttpServices } from '../http/route.ts'
import type { IsAllowed } from '../access-ended.ts'
import type { Principal } from '../principal.ts'
import { isMap } from './reading.ts'
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

const PARTS = ['payers', 'jurisdictions', 'facts'] as const satisfies readonly (keyof Grant)[]

/** Tells later whether an insurer's grant still gives all that `then` gives; more may have come. */
export function grantKept(
  { engine }: Pick<HttpServices, 'engine'>,
  { id }: Principal,
  then: Grant,
): IsAllowed {
  return () => {
    // Asked after every slice: what is in the register was checked when it was written.
    const now = engine.registered('grant', id)
    if (!isMap(now)) return false
    return PARTS.every((part) => {
      const given = now[part]
      return Array.isArray(given) && then[part].every((one) => given.includes(one))
    })
  }
}
