import { failure, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import { applyAmendment, type Amendment } from './amend.ts'
import type { ReadPack } from './read-pack.ts'

/**
 * All versions of all packs: those read and those that notices make of them. A notice changes the latest version
 * of its pack that begins before it, which may itself come from a notice.
 */
export function assembleVersions(
  packs: readonly ReadPack[],
  amendments: readonly Amendment[],
): Result<readonly ReadPack[]> {
  const versions = [...packs]
  const problems: Problem[] = []
  for (const amendment of amendments.toSorted(byFirstDay)) {
    const base = versionBefore(versions, amendment)
    const amended = base === undefined ? withoutBase(amendment) : applyAmendment(base, amendment)
    if (amended.ok) versions.push(amended.value)
    else problems.push(...amended.problems)
  }
  return problems.length === 0 ? success(versions) : failure(...problems)
}

function byFirstDay(left: Amendment, right: Amendment): number {
  return left.effective.from - right.effective.from
}

function versionBefore(versions: readonly ReadPack[], amendment: Amendment): ReadPack | undefined {
  return versions
    .filter(({ id, effective }) => {
      return id === amendment.amends && effective.from < amendment.effective.from
    })
    .toSorted((left, right) => right.effective.from - left.effective.from)[0]
}

function withoutBase({ amends, file, place }: Amendment): Result<ReadPack> {
  return failure({ ...problem('PACK_AMENDS_UNKNOWN', 'amends', { pack: amends }), file, ...place })
}
