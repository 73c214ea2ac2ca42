import { problem, type Problem } from '../../errors/problem.ts'
import { fen } from '../../money/fen.ts'
import type { RulePack } from '../pack.ts'
import { dayText } from './day-text.ts'
import { sampleBill } from './sample-bill.ts'

/** Two versions of one pack that are in force on the same day: every bill of that day would be refused. */
export function versionProblems(pack: RulePack, packs: readonly RulePack[]): readonly Problem[] {
  const earlier = packs.find(
    (other) =>
      other !== pack &&
      other.id === pack.id &&
      (other.effective.from < pack.effective.from ||
        (other.effective.from === pack.effective.from &&
          packs.indexOf(other) < packs.indexOf(pack))) &&
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
