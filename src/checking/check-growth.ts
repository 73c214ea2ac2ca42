import type { InForce } from '../adjudication/in-force.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import { problem } from '../errors/problem.ts'
import { fen, formatYuanGrouped } from '../money/fen.ts'
import { versionOf, type Finding, type IsKnown } from './finding.ts'
import { layersAtWork, paidOf, settleTrial } from './outcome.ts'
import { shrink } from './shrink.ts'
import { lineText, trialText } from './trial-text.ts'
import type { TrialBill } from './trial-bill.ts'

/** A bill whose last line, all of it in scope, makes the payers pay less than they would without it. */
export function growthFinding(
  trial: TrialBill,
  rules: InForce,
  isKnown: IsKnown,
): Finding | undefined {
  const fallen = fallenBenefit(loss(trial, rules))
  const pack = fallen && versionOf(rules, fallen.pack, trial.day)
  if (fallen === undefined || pack === undefined) return undefined
  const where = `benefits[${pack.benefits.findIndex(({ id }) => id === fallen.benefit)}]`
  if (isKnown('CHECK_PAYS_LESS_WHEN_MORE', pack, where)) return undefined
  const bill = shrink(trial, (smaller) => {
    const same = fallenBenefit(loss(smaller, rules))
    return same?.pack === fallen.pack && same.benefit === fallen.benefit
  })
  const found = loss(bill, rules)
  const added = bill.lines.at(-1)
  if (found === undefined || added === undefined) return undefined
  const { before, after } = found
  const details = {
    before: formatYuanGrouped(fen(paidOf(before) ?? 0)),
    after: formatYuanGrouped(fen(paidOf(after) ?? 0)),
    sample: trialText(withoutLast(bill)),
    larger: lineText(added),
  }
  return { problem: problem('CHECK_PAYS_LESS_WHEN_MORE', where, details), pack, bill }
}

function withoutLast(trial: TrialBill): TrialBill {
  return { ...trial, lines: trial.lines.slice(0, -1) }
}

interface Loss {
  readonly before: Settlement
  readonly after: Settlement
}

/** The two settlements when the last line is in scope and takes something away. */
function loss(trial: TrialBill, rules: InForce): Loss | undefined {
  const { ownPay, overLimit, preSelfPay } = trial.lines.at(-1)?.parts ?? {}
  if (trial.lines.length < 2 || ownPay !== 0 || overLimit !== 0 || preSelfPay !== 0) {
    return undefined
  }
  const before = settleTrial(withoutLast(trial), rules)
  const after = settleTrial(trial, rules)
  if (before.kind === 'refusal' || after.kind === 'refusal') return undefined
  return (paidOf(after) ?? 0) < (paidOf(before) ?? 0) ? { before, after } : undefined
}

interface BenefitPayment {
  readonly pack: string
  readonly benefit: string
  readonly payment: number
}

/** The benefit whose payment falls the most. */
function fallenBenefit(found: Loss | undefined): BenefitPayment | undefined {
  if (found === undefined) return undefined
  const now = benefitPayments(found.after)
  const falls = benefitPayments(found.before).map((was) => {
    const same = now.filter(({ benefit, pack }) => benefit === was.benefit && pack === was.pack)
    return { was, fall: was.payment - same.reduce((sum, { payment }) => sum + payment, 0) }
  })
  return falls.toSorted((left, right) => right.fall - left.fall)[0]?.was
}

function benefitPayments(settlement: Settlement): readonly BenefitPayment[] {
  return layersAtWork(settlement).flatMap(({ benefits }) => benefits)
}
