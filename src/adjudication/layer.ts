import type { CompiledBenefit } from '../rules/compiled.ts'
import { computeBenefit, type BenefitOutcome } from './benefit.ts'
import { spreadBenefit, type BenefitSpread } from './benefit-spread.ts'
import { creditSpread } from './cell-spread.ts'
import { payFixed } from './fixed.ts'
import type { LayerContext } from './layer-context.ts'
import { refusedBy } from './refusal.ts'
import { credit, noteLayer, notePaid } from './split-state.ts'
import { recordBenefit } from './trace.ts'

/** Runs every benefit of a layer in turn and pays from the cells of the bill. */
export function runLayer(layer: LayerContext): void {
  const { pack } = layer.compiled
  recordLayer(layer)
  try {
    runBenefits(layer, layer.state.remaining, applyOutcome)
  } catch (error) {
    throw refusedBy(pack.id, error)
  }
  noteLayer(layer.state, pack.kind)
}

export function recordLayer(layer: LayerContext): void {
  if (layer.state.recording) layer.state.steps.push({ step: 'recordedLayer', layer })
}

/** Told of each benefit once it has been spread over `remaining` and before the next is computed. */
type Applied = (layer: LayerContext, outcome: BenefitOutcome, spread: BenefitSpread) => void

/**
 * Runs the benefits of a layer on `remaining`, each on what the one before it left. Benefits of a `bestOf` group are compared
 * where the first of them stands; fixed benefits are paid on the way.
 */
export function runBenefits(layer: LayerContext, remaining: Float64Array, applied: Applied): void {
  const { benefits } = layer.compiled
  for (let index = 0; index < benefits.length; index += 1) {
    const compiled = benefits[index]
    if (compiled === undefined) continue
    const { bestOf: group, fixed } = compiled
    if (fixed !== undefined) {
      payFixed(layer, compiled)
      continue
    }
    if (group !== undefined && isDecided(benefits, index, group)) continue
    const outcome =
      group === undefined
        ? computeBenefit(layer, compiled, remaining)
        : bestOf(layer, group, remaining)
    if (outcome !== undefined) applied(layer, outcome, spreadBenefit(layer, outcome, remaining))
  }
}

/** Whether a benefit of the group stands before this one. */
function isDecided(benefits: readonly CompiledBenefit[], end: number, group: string): boolean {
  for (let index = 0; index < end; index += 1) {
    const other = benefits[index]
    if (other !== undefined && isRatedIn(other, group)) return true
  }
  return false
}

/** The outcome that pays most, the first of equals; it is the one the selection holds. */
function bestOf(
  layer: LayerContext,
  group: string,
  remaining: Float64Array,
): BenefitOutcome | undefined {
  const candidates: BenefitOutcome[] = []
  for (const compiled of layer.compiled.benefits) {
    if (!isRatedIn(compiled, group)) continue
    const outcome = computeBenefit(layer, compiled, remaining)
    if (outcome !== undefined) candidates.push(outcome)
  }
  let winner = candidates[0]
  for (const outcome of candidates) {
    if (winner !== undefined && outcome.amounts.payment > winner.amounts.payment) winner = outcome
  }
  if (winner === undefined) return undefined
  if (layer.state.recording) {
    layer.state.steps.push({
      step: 'bestOf',
      pack: layer.compiled.pack.id,
      group,
      candidates: candidates.map(({ compiled, amounts }) => ({
        benefit: compiled.benefit.id,
        payment: amounts.payment,
      })),
      winner: winner.compiled.benefit.id,
      titleZh: winner.compiled.benefit.title.zh,
      titleEn: winner.compiled.benefit.title.en,
    })
  }
  // The selection holds the candidate computed last; nothing it was computed on has changed since.
  return winner === candidates[candidates.length - 1]
    ? winner
    : computeBenefit(layer, winner.compiled, remaining)
}

function isRatedIn(compiled: CompiledBenefit, group: string): boolean {
  return compiled.bestOf === group && compiled.fixed === undefined
}

function applyOutcome(layer: LayerContext, outcome: BenefitOutcome, spread: BenefitSpread): void {
  const { state, payer } = layer
  const { selection } = state.work
  const { payable, payableCount, payment } = selection
  if (outcome.amounts.payment > 0) {
    credit(state, payer, payable, payment, payableCount)
    creditSpread(state, payer, spread.extra)
  }
  notePaid(state, layer.compiled.pack.kind, outcome.amounts.payment)
  noteDeductible(layer, outcome)
  recordBenefit(layer, outcome, spread)
}

/** The deductible of basic layers is told with the settlement, and to the national platform. */
export function noteDeductible({ compiled, state }: LayerContext, outcome: BenefitOutcome): void {
  if (compiled.pack.kind === 'basic') state.deductibleUsed += outcome.amounts.taken
}
