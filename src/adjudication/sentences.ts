import { unreachable } from '../assert.ts'
import type { ExplanationStep } from './explanation.ts'
import { benefitSentence } from './sentences/benefit.ts'
import {
  accountSentence,
  bestOfSentence,
  equalRankSentence,
  fixedSentence,
  patientSentence,
} from './sentences/closing.ts'
import {
  classifySentence,
  givenSentence,
  layerSentence,
  packageSentence,
  refundSentence,
} from './sentences/opening.ts'
import type { Settlement } from './settlement.ts'

/** One plain sentence each for the patient at the window; amounts in yuan, "1,234.50". */
export interface Sentence {
  readonly zh: string
  readonly en: string
}

export interface StepSentence extends Sentence {
  /** Index of the step in `Settlement.explanation`. */
  readonly step: number
}

/** All steps of a settlement in words, in order. */
export function sentences(
  settlement: Pick<Settlement, 'payers' | 'lines' | 'explanation'>,
): readonly StepSentence[] {
  return settlement.explanation.map((item, step) => ({ step, ...sentence(item, settlement) }))
}

/** What one step did, in words. Says only what the step holds; never throws on a step that `settle` wrote. */
export function sentence(
  step: ExplanationStep,
  settlement: Pick<Settlement, 'payers' | 'lines'>,
): Sentence {
  const { payers } = settlement
  switch (step.step) {
    case 'classify':
      return classifySentence(step)
    case 'refund':
      return refundSentence(step)
    case 'package':
      return packageSentence(step)
    case 'given':
      return givenSentence(step)
    case 'layer':
      return layerSentence(step)
    case 'benefit':
      return benefitSentence(step, payers[step.payer]?.kind)
    case 'fixed':
      return fixedSentence(step, payers.find(({ id }) => id === step.payerId)?.kind)
    case 'bestOf':
      return bestOfSentence(step)
    case 'equalRank':
      return equalRankSentence(step, payers)
    case 'account':
      return accountSentence(step)
    case 'patient':
      return patientSentence(step)
    default:
      return unreachable(step)
  }
}
