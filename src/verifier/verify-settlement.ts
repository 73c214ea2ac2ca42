import type { ExplanationStep } from '../adjudication/explanation.ts'
import type { Settlement } from '../adjudication/settlement.ts'
import { unreachable } from '../assert.ts'
import type { Problem } from '../errors/problem.ts'
import { replayAccount, replayPatient } from './closing-steps.ts'
import {
  replayBenefit,
  replayBestOf,
  replayEqualRank,
  replayFixed,
  replayLayer,
} from './layer-steps.ts'
import { replayClassify, replayGiven, replayPackage, replayRefund } from './opening-steps.ts'
import { compareOutcome } from './outcome.ts'
import { startReplay, type Replay } from './replay.ts'
import { numbersOutOfRange, numbersNotWhole } from './whole-numbers.ts'

/**
 * Recomputes every amount of `settlement` from its explanation alone and compares. Empty: all of it holds. A difference
 * names the step, what was recomputed and what stands there; the replay goes on with what it recomputed.
 */
export function verifySettlement(settlement: Settlement): readonly Problem[] {
  const broken = numbersNotWhole(settlement, '')
  broken.push(...numbersOutOfRange(settlement.explanation, 'explanation'))
  if (broken.length > 0) return broken
  const replay = startReplay(settlement)
  const equalRanks = startsOfEqualRank(settlement.explanation)
  for (const [index, step] of settlement.explanation.entries()) {
    replay.findings.at(`explanation[${index}]`, `step ${index} (${nameOf(step)})`)
    if (equalRanks.has(index)) {
      replay.equalRank = { start: replay.remaining, claims: new Map() }
    }
    replayStep(replay, step)
  }
  compareOutcome(replay)
  return replay.findings.problems
}

/**
 * Indices at which layers of equal rank begin: of the layers before an `equalRank` step that are its payers', as many as it has
 * payers. What a payer paid in an earlier segment may stand right before them.
 */
function startsOfEqualRank(steps: readonly ExplanationStep[]): Set<number> {
  const starts = new Set<number>()
  for (const [index, step] of steps.entries()) {
    if (step.step !== 'equalRank') continue
    let start = index
    let layers = 0
    for (let back = index - 1; layers < step.payers.length; back -= 1) {
      const earlier = steps[back]
      if (earlier === undefined || !isComputedIn(earlier, step.payers)) break
      if (earlier.step !== 'layer') continue
      start = back
      layers += 1
    }
    starts.add(start)
  }
  return starts
}

function isComputedIn(step: ExplanationStep, payers: readonly number[]): boolean {
  if (step.step === 'layer' || step.step === 'benefit') return payers.includes(step.payer)
  return step.step === 'bestOf' || step.step === 'fixed'
}

function nameOf(step: ExplanationStep): string {
  switch (step.step) {
    case 'classify':
      return `classify ${step.lineId}`
    case 'refund':
      return `refund ${step.refundId}`
    case 'layer':
      return `layer ${step.pack}`
    case 'given':
      return `given ${step.payerId}`
    case 'benefit':
    case 'fixed':
      return `${step.step} ${step.pack}:${step.benefit}`
    case 'package':
    case 'bestOf':
    case 'equalRank':
    case 'account':
    case 'patient':
      return step.step
    default:
      return unreachable(step)
  }
}

function replayStep(replay: Replay, step: ExplanationStep): void {
  switch (step.step) {
    case 'classify':
      return replayClassify(replay, step)
    case 'refund':
      return replayRefund(replay, step)
    case 'package':
      return replayPackage(replay, step)
    case 'given':
      return replayGiven(replay, step)
    case 'layer':
      return replayLayer(replay, step)
    case 'benefit':
      return replayBenefit(replay, step)
    case 'fixed':
      return replayFixed(replay, step)
    case 'bestOf':
      return replayBestOf(replay, step)
    case 'equalRank':
      return replayEqualRank(replay, step)
    case 'account':
      return replayAccount(replay, step)
    case 'patient':
      return replayPatient(replay, step)
    default:
      return unreachable(step)
  }
}
