import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { GrantEntry } from '../../ledger/grant.ts'
import type { PackState, RulesState } from '../../ledger/record.ts'
import type { RulePack } from '../../rules/pack.ts'
import type { HttpServices } from '../http/route.ts'
import type { Principal } from '../principal.ts'
import { isOwnPack } from './grant-problems.ts'
import { registeredGrant } from './read-grant.ts'

/** A version of a pack in one jurisdiction that somebody may see. */
export interface SeenPack {
  readonly jurisdiction: string
  readonly state: RulesState
  readonly version: PackState
  readonly pack: RulePack
}

/** The grant of a credential, as committed. Undefined: it has none. */
export function grantOf(
  { engine }: Pick<HttpServices, 'engine'>,
  id: string,
): GrantEntry | undefined {
  return registeredGrant(id, engine.registered('grant', id))
}

/** What an insurer may do; refuses `GRANT_UNKNOWN`. */
export function grantNeeded(services: HttpServices, id: string): Result<GrantEntry> {
  const grant = grantOf(services, id)
  return grant === undefined ? failure(problem('GRANT_UNKNOWN', '', { id })) : success(grant)
}

/**
 * Every version that `principal` may see: of an insurer its own, of others all. A jurisdiction outside the grant is as unknown as one
 * without rules (`JURISDICTION_UNKNOWN`).
 */
export function packsSeen(
  services: HttpServices,
  principal: Principal,
  jurisdiction: string,
): Result<readonly SeenPack[]> {
  const { engine } = services
  const state = engine.rulesState(jurisdiction)
  const grant = principal.role === 'insurer' ? grantNeeded(services, principal.id) : undefined
  if (grant?.ok === false) return grant
  const isGranted = grant === undefined || grant.value.jurisdictions.includes(jurisdiction)
  if (state === undefined || !isGranted) {
    return failure(problem('JURISDICTION_UNKNOWN', 'jurisdiction', { jurisdiction }))
  }
  const packs = state.packs.flatMap((version) => {
    const pack = engine.pack(jurisdiction, version.hash)?.pack
    if (pack === undefined) return []
    const isSeen = grant === undefined || isOwnPack(grant.value, pack, jurisdiction)
    return isSeen ? [{ jurisdiction, state, version, pack }] : []
  })
  return success(packs)
}

/** One version; what is not the principal's is unknown in the words of what is not there (`CONTENT_UNKNOWN`). */
export function packSeen(
  services: HttpServices,
  principal: Principal,
  { jurisdiction, hash }: { readonly jurisdiction: string; readonly hash: string },
): Result<SeenPack> {
  const seen = packsSeen(services, principal, jurisdiction)
  if (!seen.ok) return seen
  const found = seen.value.find(({ version }) => version.hash === hash)
  return found === undefined
    ? failure(problem('CONTENT_UNKNOWN', 'pack', { hash }))
    : success(found)
}
