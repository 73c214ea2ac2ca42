import type { InForce } from '../adjudication/in-force.ts'
import { problem, type Problem } from '../errors/problem.ts'
import { versionOf, type Finding, type IsKnown } from './finding.ts'
import { settleTrial } from './outcome.ts'
import { shrink } from './shrink.ts'
import { trialText } from './trial-text.ts'
import type { TrialBill } from './trial-bill.ts'

/** A bill that is refused because a value of a pack cannot be computed, or because its band edges do not ascend. */
export function refusedFinding(
  trial: TrialBill,
  problems: readonly Problem[],
  rules: InForce,
  isKnown: IsKnown,
): Finding | undefined {
  const [refused] = problems
  if (refused === undefined) return undefined
  const { code, where } = refused
  if (code !== 'VALUE_UNDEFINED' && code !== 'BANDS_NOT_ASCENDING') return undefined
  const pack = versionOf(rules, String(refused.details['pack']), trial.day)
  if (pack === undefined) return undefined
  const found = code === 'VALUE_UNDEFINED' ? 'CHECK_VALUE_UNDEFINED' : 'CHECK_BANDS_REFUSED'
  if (isKnown(found, pack, where)) return undefined
  const bill = shrink(trial, (smaller) => {
    const answer = settleTrial(smaller, rules)
    const [same] = answer.kind === 'refusal' ? answer.problems : []
    return (
      same?.code === code &&
      same.where === where &&
      JSON.stringify(same.details) === JSON.stringify(refused.details)
    )
  })
  const details = { ...refused.details, sample: trialText(bill) }
  return { problem: problem(found, where, details), pack, bill }
}
