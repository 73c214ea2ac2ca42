import { assert } from '../assert.ts'
import { CATEGORY_COUNT } from '../rules/category.ts'
import type { CompiledBenefit } from '../rules/compiled.ts'
import { computeBenefit, type BenefitOutcome } from './benefit.ts'
import { benefitStep, contribute } from './benefit-record.ts'
import type { CellSpread } from './benefit-spread.ts'
import { payFixed } from './fixed.ts'
import type { LayerContext } from './layer-context.ts'
import { refuseFor } from './refusal.ts'
import { noteLayer, notePaid, type SplitState } from './split-state.ts'

/** Runs every benefit of a layer in turn and pays from the cells of the bill. */
export function runLayer(layer: LayerContext): void {
  const { state } = layer
  recordLayer(layer)
  refuseFor(layer.compiled.pack.id, () => {
    for (const outcome of outcomesOf(layer, () => state.remaining)) applyOutcome(layer, outcome)
  })
  noteLayer(state, layer.compiled.pack.kind)
}

export function recordLayer(layer: LayerContext): void {
  const { state } = layer
  if (!state.recording) return
  const { pack } = layer.compiled
  const policyId = layer.policy?.['id']
  state.steps.push({
    step: 'layer',
    kind: pack.kind,
    pack: pack.id,
    hash: pack.hash,
    titleZh: pack.title.zh,
    titleEn: pack.title.en,
    ...(typeof policyId === 'string' && { policyId }),
    year: layer.year,
    segment: layer.segment,
    payer: layer.payer,
  })
}

/**
 * The outcomes of a layer, one after the other, each computed on the cells as the one before left them. Benefits of a `bestOf` group
 * are computed together where the first of them stands; fixed benefits are paid on the way.
 */
export function* outcomesOf(
  layer: LayerContext,
  remaining: () => Float64Array,
): Generator<BenefitOutcome> {
  const decided = new Set<string>()
  for (const compiled of layer.compiled.benefits) {
    const group = compiled.benefit.bestOf
    if (compiled.benefit.fixed !== undefined) {
      payFixed(layer, compiled)
    } else if (group === undefined) {
      const outcome = computeBenefit(layer, compiled, remaining())
      if (outcome !== undefined) yield outcome
    } else if (!decided.has(group)) {
      decided.add(group)
      const winner = bestOf(layer, group, remaining())
      if (winner !== undefined) yield winner
    }
  }
}

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
  if (winner !== undefined && layer.state.recording) {
    layer.state.steps.push({
      step: 'bestOf',
      pack: layer.compiled.pack.id,
      group,
      candidates: candidates.map(({ compiled, amounts }) => ({
        benefit: compiled.benefit.id,
        payment: amounts.payment,
      })),
      winner: winner.compiled.benefit.id,
    })
  }
  return winner
}

function isRatedIn(compiled: CompiledBenefit, group: string): boolean {
  return compiled.benefit.bestOf === group && compiled.benefit.fixed === undefined
}

function applyOutcome(layer: LayerContext, outcome: BenefitOutcome): void {
  const { state } = layer
  const counters = contribute(state.book, outcome.contributions)
  state.remaining.set(outcome.spread.after)
  creditPayer(state, layer.payer, outcome.spread.payment)
  creditPayer(state, layer.payer, outcome.spread.extra)
  notePaid(state, layer.compiled.pack.kind, outcome.amounts.payment)
  if (layer.compiled.pack.kind === 'basic') {
    state.deductibleUsed += outcome.amounts.deductible?.taken ?? 0
  }
  if (state.recording) state.steps.push(benefitStep(layer, outcome, counters))
}

/** Books what already left the cells to a payer, line by line. */
export function creditPayer(state: SplitState, payer: number, spread: CellSpread): void {
  const column = state.payers[payer]
  assert(column !== undefined, 'a payment has a payer')
  spread.cells.forEach((cell, index) => {
    const amount = spread.amounts[index] ?? 0
    const line = Math.floor(cell / CATEGORY_COUNT)
    column.paid[line] = (column.paid[line] ?? 0) + amount
    column.total += amount
  })
}
