import type { InForce } from '../adjudication/in-force.ts'
import { problem, type Problem } from '../errors/problem.ts'
import { versionOf, type Finding, type IsKnown } from './finding.ts'
import { settleTrial } from './outcome.ts'
import { shrink } from './shrink.ts'
import { trialText } from './trial-text.ts'
import type { TrialBill } from './trial-bill.ts'

/** Reasons of a refusal in Chinese. */
const WHY_ZH: Readonly<Record<string, string>> = {
  'division by zero': '除数为零',
  'result outside the allowed range': '结果超出允许范围',
  'no row of the table matches': '决策表没有适用的行',
}

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
  const index = pack.benefits.findIndex(({ id }) => id === refused.details['benefit'])
  const [found, place] =
    code === 'VALUE_UNDEFINED'
      ? (['CHECK_VALUE_UNDEFINED', where] as const)
      : (['CHECK_BANDS_REFUSED', `benefits[${index}].bands`] as const)
  if (isKnown(found, pack, place)) return undefined
  const bill = shrink(trial, (smaller) => {
    const answer = settleTrial(smaller, rules)
    const [same] = answer.kind === 'refusal' ? answer.problems : []
    return (
      same?.code === code &&
      same.where === where &&
      JSON.stringify(same.details) === JSON.stringify(refused.details)
    )
  })
  const whyZh = WHY_ZH[String(refused.details['why'])] ?? ''
  const details = { ...refused.details, whyZh, sample: trialText(bill) }
  return { problem: problem(found, place, details), pack, bill }
}
