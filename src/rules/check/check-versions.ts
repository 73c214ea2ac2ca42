import { problem, type Problem } from '../../errors/problem.ts'
import { fen } from '../../money/fen.ts'
import type { RulePack } from '../pack.ts'
import { dayText } from './day-text.ts'
import { sampleBill } from './sample-bill.ts'

/** Two versions of one pack that are in force on the same day: every bill of that day would be refused. */
export function versionProblems(pack: RulePack, packs: readonly RulePack[]): readonly Problem[] {
  const versions = versionsOf(pack.id, packs)
  const own = versions.indexOf(pack)
  const earlier = versions.find(
    (other, index) =>
      other !== pack &&
      (other.effective.from < pack.effective.from ||
        (other.effective.from === pack.effective.from && index < own)) &&
      (other.effective.to ?? Infinity) >= pack.effective.from,
  )
  if (earlier === undefined) return []
  const day = dayText(pack.effective.from)
  return [
    problem('CHECK_VERSIONS_OVERLAP', 'effective', {
      pack: pack.id,
      from: day,
      otherFrom: dayText(earlier.effective.from),
      day,
      sample: sampleBill(new Map([['settled on', day]]), fen(12_000_000)),
    }),
  ]
}

/** The versions of one pack in their order; a folder is sorted once, not once for each pack in it. */
function versionsOf(id: string, packs: readonly RulePack[]): readonly RulePack[] {
  const known = byId.get(packs)
  if (known !== undefined) return known.get(id) ?? []
  const versions = new Map<string, RulePack[]>()
  for (const pack of packs) {
    const same = versions.get(pack.id)
    if (same === undefined) versions.set(pack.id, [pack])
    else same.push(pack)
  }
  byId.set(packs, versions)
  return versions.get(id) ?? []
}

const byId = new WeakMap<readonly RulePack[], ReadonlyMap<string, readonly RulePack[]>>()
