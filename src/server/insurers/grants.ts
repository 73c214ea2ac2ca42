import type { Engine } from '../../engine/open-engine.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { Principal } from '../principal.ts'

/** What of a credential's grant decides about rosters and settlements. */
export interface Grant {
  /** Payer ids. */
  readonly payers: readonly string[]
  /** Whose persons it may insure. */
  readonly jurisdictions: readonly string[]
  /** Facts it may be told, such as `person.age`. */
  readonly facts: readonly string[]
}

/** The grant of an insurer. Refuses `GRANT_MISSING`. */
export function grantOf(engine: Engine, { id }: Principal): Result<Grant> {
  const grant = engine.registered('grant', id) as Grant | undefined
  if (grant === undefined || grant.payers.length === 0) {
    return failure(problem('GRANT_MISSING', '', { id }))
  }
  return success(grant)
}
