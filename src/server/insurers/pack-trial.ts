import type { RulePack } from '../../rules/pack.ts'
import type { PackTrial } from '../../workers/pack-check.ts'
import { PackCheckPool } from '../../workers/pack-check-pool.ts'
import type { HttpServices } from '../http/route.ts'
import type { Principal } from '../principal.ts'
import { isOwnPack } from './grant-problems.ts'
import { isPublicKind } from './second-person.ts'
import { grantOf } from './standing.ts'

/** One thread for a process: it begins with the first pack that comes, and ends when none has come for a while. */
export const PACK_CHECKS = new PackCheckPool()

/**
 * `packs` with what would settle beside them: the public packs in force and, for an insurer, its own and nobody else's, so that no
 * answer says anything of another insurer's packs. Undefined where there are no rules.
 */
export function trialOf(
  services: HttpServices,
  principal: Principal,
  {
    jurisdiction,
    packs,
    search,
    untilRefused,
  }: {
    readonly jurisdiction: string
    readonly packs: readonly RulePack[]
    readonly search: boolean
    readonly untilRefused?: true
  },
): PackTrial | undefined {
  const { engine } = services
  const profile = engine.profile(jurisdiction)
  if (profile === undefined) return undefined
  const grant = principal.role === 'insurer' ? grantOf(services, principal.id) : undefined
  const ids = new Set(packs.map(({ id }) => id))
  const versions = engine.rulesState(jurisdiction)?.packs ?? []
  const beside = versions.flatMap(({ id, hash, state }) => {
    if (state !== 'active' || ids.has(id)) return []
    const pack = engine.pack(jurisdiction, hash)?.pack
    if (pack === undefined) return []
    const isSeen =
      principal.role !== 'insurer' ||
      isPublicKind(pack.kind) ||
      (grant !== undefined && isOwnPack(grant, pack, jurisdiction))
    return isSeen ? [pack] : []
  })
  return { packs, beside, profile, search, ...(untilRefused && { untilRefused }) }
}
