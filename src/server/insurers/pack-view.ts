import { formatEpochDay } from '../../catalog/epoch-day.ts'
import { changeWords } from '../../rules/diff/change-words.ts'
import { flatPack } from '../../rules/diff/flat-pack.ts'
import { packChanges, wholeItems } from '../../rules/diff/pack-changes.ts'
import type { ShadowReport } from '../../engine/replay/shadow-runner.ts'
import type { SeenPack } from './standing.ts'

/** A version as lists show it. */
export function versionView({ jurisdiction, state, version, pack }: SeenPack): object {
  const { effective, kind, payer, product, title } = pack
  const { id, hash, from, to } = version
  return {
    jurisdiction,
    id,
    hash,
    kind,
    payer: payer.id,
    product,
    title,
    state: version.state,
    suspended: state.suspended.includes(hash),
    own: days(effective),
    ...days({ from, to }),
  }
}

function days({
  from,
  to,
}: {
  readonly from?: number | undefined
  readonly to?: number | undefined
}): object {
  return {
    ...(from !== undefined && { from: formatEpochDay(from) }),
    ...(to !== undefined && { to: formatEpochDay(to) }),
  }
}

/** Changes shown of one version; a new list of codes may have 200,000. */
const CHANGES_MAX = 1_000

/** What `after` changes of `before`, in words. */
export function diffView(before: SeenPack | undefined, after: SeenPack): object {
  if (before === undefined) return { changes: [], left: 0 }
  const [old, now] = [flatPack(before.pack), flatPack(after.pack)]
  const changes = wholeItems(packChanges(old, now), old, now)
  return {
    active: before.version.hash,
    changes: changes.slice(0, CHANGES_MAX).map((change) => ({
      path: change.path,
      ...(change.before !== undefined && { before: change.before }),
      ...(change.after !== undefined && { after: change.after }),
      words: changeWords(change),
    })),
    left: Math.max(0, changes.length - CHANGES_MAX),
  }
}

/**
 * A shadow report for an insurer: its own payer by itself, all others in one sum; bills by what changes in the patient's part, without the
 * person. Others see it whole.
 */
export function shadowView(report: ShadowReport, payer: string | undefined): object {
  if (payer === undefined) return report
  const { jurisdiction, pack, seen, behind, failed, settlements, total, patients, gone } = report
  const own = report.payers.filter((one) => one.payer === payer)
  const others = report.payers.filter((one) => one.payer !== payer)
  const sum = (side: 'before' | 'after') => others.reduce((fen, one) => fen + one[side], 0)
  return {
    jurisdiction,
    pack,
    seen,
    behind,
    ...(failed !== undefined && { failed: true }),
    settlements,
    total,
    patients,
    payers: own,
    others: { before: sum('before'), after: sum('after') },
    fixed: report.fixed.filter((one) => one.payer === payer),
    largest: report.largest.map(({ settlement, before, after }) => ({ settlement, before, after })),
    refusals: { codes: report.refusals.codes },
    gone: { count: gone.count },
  }
}
