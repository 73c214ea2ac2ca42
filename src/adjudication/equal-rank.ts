import { assert } from '../assert.ts'
import { allocateByLargestRemainder } from '../money/allocate.ts'
import type { BenefitOutcome } from './benefit.ts'
import type { BenefitSpread } from './benefit-spread.ts'
import { paymentSlots } from './benefit-counters.ts'
import { cellAmounts, creditSpread, takeFrom } from './cell-spread.ts'
import { contribute, type Contribution } from './counter-uses.ts'
import type { CounterUse } from './explanation.ts'
import { noteDeductible, recordLayer, runBenefits } from './layer.ts'
import type { LayerContext } from './layer-context.ts'
import { refuseFor } from './refusal.ts'
import { noteLayer, notePaid, sumAt } from './split-state.ts'
import { recordBenefit } from './trace.ts'

interface Claim {
  readonly layer: LayerContext
  /** What each benefit would pay, and where its payment counts. */
  readonly payments: readonly {
    readonly payment: number
    readonly slots: ReturnType<typeof paymentSlots>
  }[]
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
  const start = state.remaining.slice(0, state.cellCount)
  const claims = layers.map((layer) => claimOf(layer, start))
  const residual = sumAt(start, [...new Set(claims.flatMap(({ cells }) => cells))])
  const own = claims.map((claim) => claim.own)
  const claimed = own.reduce((sum, amount) => sum + amount, 0)
  const due = claimed > residual ? allocateByLargestRemainder(residual, own) : own
  const spreads = claims.map((claim, index) => {
    const left = sumAt(state.remaining, claim.cells)
    return takeFrom(state.remaining, claim.cells, Math.min(due[index] ?? 0, left))
  })
  const reduced = spreads.map(({ amounts }) => amounts.reduce((sum, amount) => sum + amount, 0))
  const lowered: CounterUse[] = []
  claims.forEach((claim, index) => {
    const spread = spreads[index]
    assert(spread !== undefined, 'every claim has a spread')
    creditSpread(state, claim.layer.payer, spread)
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
    spreads: spreads.map(({ cells, amounts }) => cellAmounts(cells, amounts)),
    counters: lowered,
  })
}

function claimOf(layer: LayerContext, start: Float64Array): Claim {
  recordLayer(layer)
  const remaining = start.slice()
  const payments: Claim['payments'][number][] = []
  const cells = new Set<number>()
  const claim = (_: LayerContext, outcome: BenefitOutcome, spread: BenefitSpread): void => {
    const { payment } = outcome.amounts
    noteDeductible(layer, outcome)
    recordBenefit(layer, outcome, spread)
    payments.push({ payment, slots: payment > 0 ? paymentSlots(layer, outcome) : [] })
    if (payment === 0) return
    const { payable, payableCount } = layer.state.work.selection
    for (const cell of payable.subarray(0, payableCount)) cells.add(cell)
    for (const cell of spread.extra.cells) cells.add(cell)
  }
  refuseFor(layer.compiled.pack.id, () => runBenefits(layer, remaining, claim))
  const own = payments.reduce((sum, { payment }) => sum + payment, 0)
  return { layer, payments, own, cells: [...cells].sort((a, b) => a - b) }
}

/** Takes out of the payment counters what the layer did not get, benefit by benefit. */
function lowerPaymentCounters(claim: Claim, reduced: number): CounterUse[] {
  if (reduced === claim.own) return []
  const payments = claim.payments.map(({ payment }) => payment)
  const kept = allocateByLargestRemainder(reduced, payments)
  const lost = claim.payments.flatMap(({ slots, payment }, index) =>
    slots.map((slot): Contribution => ({
      ...slot,
      what: 'payment',
      amount: (kept[index] ?? 0) - payment,
    })),
  )
  return contribute(claim.layer.state.book, lost)
}
