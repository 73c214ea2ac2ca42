import type { InForce } from '../adjudication/in-force.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import { formatEpochDay } from '../catalog/epoch-day.ts'
import { problem } from '../errors/problem.ts'
import { versionOf, type Finding, type IsKnown } from './finding.ts'
import { layersAtWork, settleTrial } from './outcome.ts'
import { shrink } from './shrink.ts'
import { trialText } from './trial-text.ts'
import type { TrialBill } from './trial-bill.ts'

/** Two basic packs that both pay from the same line. */
export function twoBasicFinding(
  trial: TrialBill,
  settlement: Settlement,
  rules: InForce,
  isKnown: IsKnown,
): Finding | undefined {
  const both = basicTwice(settlement)
  if (both === undefined) return undefined
  const [first, second] = both
  const pack = versionOf(rules, second, trial.day, settlement)
  if (pack === undefined) return undefined
  const where = pack.covers === undefined ? 'kind' : 'covers'
  if (isKnown('CHECK_TWO_BASIC_PACKS', pack, where)) return undefined
  const bill = shrink(trial, (smaller) => {
    const answer = settleTrial(smaller, rules)
    return answer.kind === 'settlement' && basicTwice(answer)?.join() === both.join()
  })
  const day = formatEpochDay(bill.day)
  const details = { pack: second, other: first, day, sample: trialText(bill) }
  return { problem: problem('CHECK_TWO_BASIC_PACKS', where, details), pack, bill }
}

function basicTwice(settlement: Settlement): readonly [string, string] | undefined {
  const basic = settlement.payers.flatMap(({ kind, pack }, index) =>
    kind === 'basic' && pack !== undefined ? [{ pack, index }] : [],
  )
  for (const { paid } of settlement.lines) {
    const [first, second] = basic.filter(({ index }) => (paid[index] ?? 0) > 0)
    if (first !== undefined && second !== undefined) return [first.pack, second.pack]
  }
  return undefined
}

/** A bill that basic insurance pays on the last day of a version and nobody after it, until a later version begins. */
export function gapFinding(
  trial: TrialBill,
  settlement: Settlement,
  rules: InForce,
  isKnown: IsKnown,
): Finding | undefined {
  const gap = gapAfter(trial, settlement, rules)
  const pack = rules.packs.find((one) => one.pack.hash === gap?.hash)?.pack
  if (gap === undefined || pack === undefined) return undefined
  if (isKnown('CHECK_COVER_GAP', pack, 'effective.to')) return undefined
  const shows = (smaller: TrialBill) => {
    const answer = settleTrial(movedTo(smaller, gap.last), rules)
    const same =
      answer.kind === 'settlement' ? gapAfter(movedTo(smaller, gap.last), answer, rules) : undefined
    return same?.last === gap.last && same.pack === gap.pack
  }
  const bill = shrink(movedTo(trial, gap.last + 1), shows)
  const day = formatEpochDay(gap.last + 1)
  const details = { pack: gap.pack, day, sample: trialText(bill) }
  return { problem: problem('CHECK_COVER_GAP', 'effective.to', details), pack, bill }
}

interface Gap {
  readonly pack: string
  readonly hash: string
  /** Last day of the version before the gap. */
  readonly last: number
}

function gapAfter(trial: TrialBill, settlement: Settlement, rules: InForce): Gap | undefined {
  const paying = layersAtWork(settlement).find(
    ({ benefits, layer }) => layer.kind === 'basic' && benefits.some(({ payment }) => payment > 0),
  )
  const version = rules.packs.find(({ pack }) => pack.hash === paying?.layer.hash)?.pack
  const last = version?.effective.to
  if (version === undefined || last === undefined || isCovered(trial, last + 1, rules)) {
    return undefined
  }
  const later = rules.packs
    .map(({ pack }) => pack)
    .filter(({ effective, kind }) => kind === 'basic' && effective.from > last + 1)
  const again = later.some(({ effective }) => isCovered(trial, effective.from, rules))
  return again ? { pack: version.id, hash: version.hash, last } : undefined
}

/** Whether some basic layer would be at work on the bill if it were of that day. */
function isCovered(trial: TrialBill, day: number, rules: InForce): boolean {
  const answer = settleTrial(movedTo(trial, day), rules)
  if (answer.kind === 'refusal') return true
  return layersAtWork(answer).some(
    ({ benefits, layer }) => layer.kind === 'basic' && benefits.length > 0,
  )
}

function movedTo(trial: TrialBill, day: number): TrialBill {
  const by = day - trial.day
  const moved = (value: unknown) => (typeof value === 'number' ? value + by : 0)
  return {
    ...trial,
    day,
    policies: trial.policies.map((policy) => ({
      ...policy,
      start: moved(policy['start']),
      end: moved(policy['end']),
    })),
    lines: trial.lines.map((line) => ({ ...line, day: line.day + by })),
  }
}
