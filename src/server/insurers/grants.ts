import type { Engine } from '../../engine/open-engine.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { GrantEntry } from '../../ledger/grant.ts'
import type { Principal } from '../principal.ts'

/** What of a credential's grant decides about rosters and settlements. */
export type Grant = Pick<GrantEntry, 'payers' | 'jurisdictions' | 'facts'>

/** The grant of an insurer. Refuses `GRANT_MISSING`. */
export function grantOf(engine: Engine, { id }: Principal): Result<Grant> {
  const grant = engine.registered('grant', id) as GrantEntry | undefined
  if (grant === undefined || grant.payers.length === 0) {
    return failure(problem('GRANT_MISSING', '', { id }))
  }
  return success(grant)
}
