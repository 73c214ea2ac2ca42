import { assert } from '../assert.ts'
import { allocateByLargestRemainder } from '../money/allocate.ts'
import type { BenefitOutcome } from './benefit.ts'
import { benefitStep, cellAmounts, contribute } from './benefit-record.ts'
import { takeFrom } from './benefit-spread.ts'
import type { CounterUse } from './explanation.ts'
import { creditPayer, outcomesOf, recordLayer } from './layer.ts'
import type { LayerContext } from './layer-context.ts'
import { refuseFor } from './refusal.ts'
import { noteLayer, notePaid } from './split-state.ts'

interface Claim {
  readonly layer: LayerContext
  readonly outcomes: readonly BenefitOutcome[]
  readonly own: number
  readonly cells: readonly number[]
}

/**
 * Layers of equal rank: each computes alone on the same cells with its own deductible and limits. Where together they
 * claim more than is left, each gets left × own ÷ sum by largest remainder; payment counters follow, deductibles stay.
 */
export function runEqualRank(layers: readonly LayerContext[]): void {
  const first = layers[0]
  assert(first !== undefined, 'a rank has a layer')
  const { state } = first
  const start = state.remaining.slice()
  const claims = layers.map((layer) => claimOf(layer, start))
  const union = new Set(claims.flatMap(({ cells }) => cells))
  let residual = 0
  for (const cell of union) residual += start[cell] ?? 0
  const own = claims.map((claim) => claim.own)
  const claimed = own.reduce((sum, amount) => sum + amount, 0)
  const due = claimed > residual ? allocateByLargestRemainder(residual, own) : own
  const spreads = claims.map((claim, index) => {
    let left = 0
    for (const cell of claim.cells) left += state.remaining[cell] ?? 0
    return takeFrom(state.remaining, claim.cells, Math.min(due[index] ?? 0, left))
  })
  const reduced = spreads.map(({ amounts }) => amounts.reduce((sum, amount) => sum + amount, 0))
  const lowered: CounterUse[] = []
  claims.forEach((claim, index) => {
    const spread = spreads[index]
    assert(spread !== undefined, 'every claim has a spread')
    creditPayer(state, claim.layer.payer, spread)
    lowered.push(...lowerPaymentCounters(claim, reduced[index] ?? 0))
    const { kind } = claim.layer.compiled.pack
    noteLayer(state, kind)
    notePaid(state, kind, reduced[index] ?? 0)
  })
  if (!state.recording) return
  state.steps.push({
    step: 'equalRank',
    payers: claims.map(({ layer }) => layer.payer),
    own,
    residual,
    reduced,
    spreads: spreads.map(cellAmounts),
    counters: lowered,
  })
}

function claimOf(layer: LayerContext, start: Float64Array): Claim {
  const { state } = layer
  recordLayer(layer)
  let remaining = start.slice()
  const outcomes: BenefitOutcome[] = []
  const cells = new Set<number>()
  refuseFor(layer.compiled.pack.id, () => {
    for (const outcome of outcomesOf(layer, () => remaining)) {
      remaining = outcome.spread.after.slice()
      const uses = contribute(state.book, outcome.contributions)
      outcomes.push(outcome)
      if (outcome.amounts.payment > 0) {
        for (const cell of outcome.spread.payment.cells) cells.add(cell)
        for (const cell of outcome.spread.extra.cells) cells.add(cell)
      }
      if (state.recording) state.steps.push(benefitStep(layer, outcome, uses))
    }
  })
  const own = outcomes.reduce((sum, { amounts }) => sum + amounts.payment, 0)
  return { layer, outcomes, own, cells: [...cells].sort((a, b) => a - b) }
}

/** Takes out of the payment counters what the layer did not get, benefit by benefit. */
function lowerPaymentCounters(claim: Claim, reduced: number): CounterUse[] {
  if (reduced === claim.own) return []
  const payments = claim.outcomes.map(({ amounts }) => amounts.payment)
  const kept = allocateByLargestRemainder(reduced, payments)
  const lost = claim.outcomes.flatMap((outcome, index) =>
    outcome.contributions
      .filter(({ what }) => what === 'payment')
      .map((item) => ({ ...item, amount: (kept[index] ?? 0) - (payments[index] ?? 0) })),
  )
  return contribute(claim.layer.state.book, lost)
}
