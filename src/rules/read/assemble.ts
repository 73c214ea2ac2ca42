import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../../errors/problem.ts'
import { PACK_LIMITS } from '../limits.ts'
import { applyAmendment, type Amendment } from './amend.ts'
import { namesLeft, type NamesLeft } from './findings.ts'
import type { ReadPack } from './read-pack.ts'
import type { UploadBudget } from './upload-budget.ts'

/**
 * All versions of all packs: those read and those that notices make of them. A notice changes the latest version
 * of its pack that begins before it, which may itself come from a notice.
 * A `budget` ends it early, and says so itself.
 */
export function assembleVersions(
  packs: readonly ReadPack[],
  amendments: readonly Amendment[],
  budget?: UploadBudget,
): Result<readonly ReadPack[]> {
  const versions = [...packs]
  const byId = new Map<string, ReadPack[]>()
  for (const pack of packs) versionsIn(byId, pack.id).push(pack)
  const problems: Problem[] = []
  const names = namesLeft()
  for (const amendment of amendments.toSorted(byFirstDay)) {
    const own = versionsIn(byId, amendment.amends)
    const base = baseOf(own, amendment)
    if (budget !== undefined && base !== undefined && !budget.takesVersionOf(base)) break
    const amended = nextVersion(own, base, amendment, names)
    if (amended.ok) {
      versions.push(amended.value)
      own.push(amended.value)
    } else problems.push(...amended.problems)
    if (problems.length >= PACK_LIMITS.problemsMax) break
  }
  return problems.length === 0 ? success(versions) : failureOf(problems)
}

function versionsIn(byId: Map<string, ReadPack[]>, id: string): ReadPack[] {
  const known = byId.get(id)
  if (known !== undefined) return known
  const versions: ReadPack[] = []
  byId.set(id, versions)
  return versions
}

function byFirstDay(left: Amendment, right: Amendment): number {
  return left.effective.from - right.effective.from
}

function baseOf(versions: readonly ReadPack[], { effective }: Amendment): ReadPack | undefined {
  return versions
    .filter((version) => version.effective.from < effective.from)
    .toSorted((left, right) => right.effective.from - left.effective.from)[0]
}

/** Each version is a whole pack to hash, check and compile, however short its notice: their number has a limit. */
function nextVersion(
  versions: readonly ReadPack[],
  base: ReadPack | undefined,
  amendment: Amendment,
  names: NamesLeft,
): Result<ReadPack> {
  const { amends, file, place } = amendment
  const [count, countMax] = [versions.length + 1, PACK_LIMITS.versionsMax]
  if (count > countMax) {
    return failure({ ...problem('PACK_TOO_MANY', 'amends', { count, countMax }), file, ...place })
  }
  if (base !== undefined) return applyAmendment(base, amendment, names)
  return failure({ ...problem('PACK_AMENDS_UNKNOWN', 'amends', { pack: amends }), file, ...place })
}
