import type { InForce } from '../adjudication/in-force.ts'
import type { Refusal, Settlement } from '../adjudication/settlement.ts'
import { problem } from '../errors/problem.ts'
import type { CompiledPack } from '../rules/compiled.ts'
import type { Finding } from './finding.ts'
import { sheetOf } from './occasions.ts'
import { settleTrial } from './outcome.ts'
import { shrink } from './shrink.ts'
import type { MadeFor, Situation } from './situations.ts'
import { amountOf, type TrialBill } from './trial-bill.ts'
import { trialText } from './trial-text.ts'

interface Attempt {
  readonly madeFor: MadeFor
  bills: number
  largest: TrialBill
}

/** Which benefits were paid on none of the bills that were made for them. */
export class UnpaidTally {
  readonly #attempts = new Map<string, Attempt>()
  readonly #paid = new Set<string>()

  note(situation: Situation, trial: TrialBill, answer: Settlement | Refusal): void {
    // A bill that is refused is a finding of its own.
    if (answer.kind === 'refusal') return
    if (situation.isFirst) this.#attempt(situation.benefit, trial)
    for (const paid of benefitsPaid(answer)) this.#paid.add(paid)
  }

  /** Variations may no longer meet the conditions of the benefit. */
  #attempt(benefit: MadeFor, trial: TrialBill): void {
    const key = keyOf(benefit.compiled.pack.id, benefitId(benefit))
    const known = this.#attempts.get(key)
    const attempt = known ?? { madeFor: benefit, bills: 0, largest: trial }
    attempt.bills += 1
    if (isLarger(trial, attempt.largest)) attempt.largest = trial
    this.#attempts.set(key, attempt)
  }

  findings(rules: InForce): readonly Finding[] {
    return [...this.#attempts]
      .filter(([key, { madeFor }]) => !this.#paid.has(key) && isToBePaid(madeFor, rules))
      .map(([, attempt]) => unpaidFinding(attempt, rules))
  }
}

function keyOf(pack: string, benefit: string): string {
  return `${pack}|${benefit}`
}

function benefitId({ compiled, index }: MadeFor): string {
  return compiled.pack.benefits[index]?.id ?? ''
}

function isLarger(left: TrialBill, right: TrialBill): boolean {
  return left.lines.length === right.lines.length && totalOf(left) > totalOf(right)
}

function totalOf({ lines }: TrialBill): number {
  return lines.reduce((sum, { parts }) => sum + amountOf(parts), 0)
}

function benefitsPaid({ explanation }: Settlement): readonly string[] {
  return explanation.flatMap((step) =>
    (step.step === 'benefit' || step.step === 'fixed') && step.payment > 0
      ? [keyOf(step.pack, step.benefit)]
      : [],
  )
}

/** Benefits of supplements, and those that wait for a layer whose packs are not here, are no surprise. */
function isToBePaid({ compiled, index }: MadeFor, { packs }: InForce): boolean {
  const benefit = compiled.pack.benefits[index]
  const isHere = (kind: CompiledPack['pack']['kind']) =>
    kind === 'basic' || packs.some(({ pack }) => pack.kind === kind)
  return benefit?.settledBy !== 'supplement' && benefit?.requiresSettled.every(isHere) === true
}

/** The bill keeps its amounts and what the conditions of the benefit ask for. */
function unpaidFinding({ bills, largest, madeFor }: Attempt, rules: InForce): Finding {
  const { pack } = madeFor.compiled
  const id = benefitId(madeFor)
  const bill = shrink(largest, (smaller) => {
    if (totalOf(smaller) !== totalOf(largest) || !states(smaller, madeFor)) return false
    const answer = settleTrial(smaller, rules)
    return answer.kind === 'settlement' && !benefitsPaid(answer).includes(keyOf(pack.id, id))
  })
  const details = { benefit: id, bills, sample: trialText(bill) }
  const found = problem('CHECK_BENEFIT_NOT_PAID', `benefits[${madeFor.index}]`, details)
  return { problem: found, pack, bill }
}

function states(trial: TrialBill, { compiled: { pack }, own }: MadeFor): boolean {
  const policy = trial.policies.find(({ product }) => product === pack.product)
  if (pack.requiresPolicy && policy === undefined) return false
  const sheets = { person: trial.person, visit: trial.visit, hospital: trial.hospital, policy }
  return Object.entries(sheets).every(([group, sheet]) =>
    Object.entries(sheetOf(own, group, pack.product)).every(
      ([name, value]) => JSON.stringify(sheet?.[name]) === JSON.stringify(value),
    ),
  )
}
