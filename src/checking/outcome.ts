import type { BenefitStep, ExplanationStep, LayerStep } from '../adjudication/explanation.ts'
import type { InForce } from '../adjudication/in-force.ts'
import { settle } from '../adjudication/settle.ts'
import type { Refusal, Settlement } from '../adjudication/settlement.ts'
import { billOf, type TrialBill } from './trial-bill.ts'

/** What a settlement costs beside the steps of its explanation, in steps. */
const SETTLEMENT_STEPS = 8

/** Counts settlements, and the steps of their explanations, so that a search ends. */
export class Budget {
  #settlements: number
  #steps: number

  constructor(settlements: number, steps: number) {
    this.#settlements = settlements
    this.#steps = steps
  }

  get isSpent(): boolean {
    return this.#settlements <= 0 || this.#steps <= 0
  }

  spend(answer: Settlement | Refusal): void {
    this.#settlements -= 1
    const steps = answer.kind === 'refusal' ? 0 : answer.explanation.length
    this.#steps -= SETTLEMENT_STEPS + steps
  }
}

export function settleTrial(
  trial: TrialBill,
  rules: InForce,
  budget?: Budget,
): Settlement | Refusal {
  const { bill, coverage } = billOf(trial)
  const answer = settle(bill, coverage, new Map(), rules)
  budget?.spend(answer)
  return answer
}

/** What all payers pay together; undefined when the bill is refused. */
export function paidOf(answer: Settlement | Refusal): number | undefined {
  if (answer.kind === 'refusal') return undefined
  return answer.payers.reduce((sum, { amount }) => sum + amount, 0)
}

/** One layer of a settlement with the benefits that were at work in it. */
export interface LayerAtWork {
  readonly layer: LayerStep
  readonly benefits: readonly BenefitStep[]
}

export function layersAtWork({ explanation }: Settlement): readonly LayerAtWork[] {
  const layers: { layer: LayerStep; benefits: BenefitStep[] }[] = []
  for (const step of explanation) {
    if (step.step === 'layer') layers.push({ layer: step, benefits: [] })
    else if (step.step === 'benefit') layers.at(-1)?.benefits.push(step)
  }
  return layers
}

/** What is at work in a settlement: bills with the same pattern differ in amounts only. */
export function patternOf(answer: Settlement | Refusal): string {
  if (answer.kind === 'refusal') return answer.problems.map(({ code }) => code).join()
  return answer.explanation.map(stepPattern).join(';')
}

function stepPattern(step: ExplanationStep): string {
  switch (step.step) {
    case 'layer':
      return step.pack
    case 'benefit': {
      const bound = step.limits.map((limit) => (limit.bound ? '1' : '0')).join('')
      const state = [step.payment > 0, (step.deductible?.taken ?? 0) > 0, step.overCap > 0]
      return [step.benefit, step.bands.map(rateOf), bound, state.map(Number)].join('/')
    }
    case 'bestOf':
      return step.winner
    case 'classify':
    case 'refund':
    case 'package':
    case 'given':
    case 'fixed':
    case 'equalRank':
    case 'account':
    case 'patient':
      return ''
  }
}

function rateOf({ rateNum, rateDen }: BenefitStep['bands'][number]): string {
  return `${rateNum}:${rateDen}`
}
