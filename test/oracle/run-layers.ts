import type { Benefit } from '../../src/rules/pack.ts'
import { cellsAfter, computeBenefit, applies, type Layer, type Outcome } from './benefit.ts'
import { credit, pay, type BillState } from './bill-state.ts'
import { billFacts } from './layer-context.ts'
import { add, largestRemainder, spreadInProportion, sum } from './exact.ts'
import { payFixed, type OracleFixed } from './fixed.ts'

/** A benefit that ran, for comparison with the explanation. */
export interface BenefitRecord {
  readonly payer: string
  readonly benefit: string
  readonly segment: number
  readonly numbers: Outcome['numbers']
}

export interface Records {
  readonly benefits: BenefitRecord[]
  readonly fixed: OracleFixed[]
}

/** One layer alone: each benefit on what the one before it left, and knowing what that one paid. */
export function runLayer(layer: Layer, records: Records): Outcome[] {
  return runBenefits(layer, records, () => ({ ...layer, billFacts: billFacts(layer) }))
}

function runBenefits(layer: Layer, records: Records, now: () => Layer): Outcome[] {
  const done = new Set<string>()
  const outcomes: Outcome[] = []
  for (const benefit of layer.pack.benefits) {
    if (benefit.bestOf !== undefined && done.has(benefit.bestOf)) continue
    if (benefit.bestOf !== undefined) done.add(benefit.bestOf)
    if (benefit.fixed !== undefined) {
      payFixed(benefit, now(), records.fixed)
      continue
    }
    const outcome = best(benefit, now())
    if (outcome === undefined) continue
    outcomes.push(outcome)
    applyOutcome(outcome, layer)
    records.benefits.push({
      payer: layer.payer.key,
      benefit: outcome.benefit.id,
      segment: layer.segment.index,
      numbers: outcome.numbers,
    })
  }
  return outcomes
}

/** The benefit itself, or the one of its group that pays most; ties to the first. */
function best(benefit: Benefit, layer: Layer): Outcome | undefined {
  const group =
    benefit.bestOf === undefined
      ? [benefit]
      : layer.pack.benefits.filter((other) => other.bestOf === benefit.bestOf)
  const outcomes = group.flatMap((one) => (applies(one, layer) ? [computeBenefit(one, layer)] : []))
  const most = Math.max(...outcomes.map((outcome) => outcome.payment))
  return outcomes.find((outcome) => outcome.payment === most)
}

function applyOutcome(outcome: Outcome, layer: Layer): void {
  const payment = new Map(outcome.paid)
  add(payment, outcome.extra)
  layer.state.remaining = cellsAfter(outcome)
  credit(layer.state, layer.payer, payment)
  for (const [key, amount] of outcome.counters) layer.ledger.add(key, amount)
  for (const key of outcome.paymentCounters) layer.ledger.add(key, outcome.payment)
}

/** A copy in which a layer of equal rank can run without being seen by its peers. */
function sandbox(state: BillState): BillState {
  return {
    lines: state.lines,
    remaining: new Map(state.remaining),
    paid: new Map([...state.paid].map(([key, byLine]) => [key, new Map(byLine)])),
    payerKinds: new Map(state.payerKinds),
    settled: new Set(state.settled),
  }
}

/** Layers of one rank and priority: each by itself on the same cells, then cut to what there is. */
export function runEqualRank(layers: readonly Layer[], records: Records): void {
  const state = layers[0]?.state
  if (state === undefined) return
  const runs = layers.map((layer) => ({
    layer,
    outcomes: runAlone({ ...layer, state: sandbox(state) }, records),
  }))
  const own = new Map(
    runs.map((run, index) => [index, sum(run.outcomes.map((one) => one.payment))]),
  )
  const cells = runs.map((run) => new Set(run.outcomes.flatMap(cellsPaidFrom)))
  const union = new Set(cells.flatMap((set) => [...set]))
  const residual = sum([...union].map((cell) => state.remaining.get(cell) ?? 0))
  const promised = sum(own.values())
  const reduced = promised > residual ? spreadInProportion(residual, own) : own
  runs.forEach((run, index) => {
    const mine = new Map([...state.remaining].filter(([cell]) => cells[index]?.has(cell) === true))
    const amount = Math.min(reduced.get(index) ?? 0, sum(mine.values()))
    pay(state, run.layer.payer, largestRemainder(amount, mine))
    settleCounters(run.layer, run.outcomes, amount)
  })
}

/** Cells a benefit that pays something paid from or could have. */
function cellsPaidFrom(outcome: Outcome): number[] {
  return outcome.payment > 0 ? [...outcome.payable.keys(), ...outcome.extraCells] : []
}

/** What a peer has paid is no fact before all of the rank have. */
function runAlone(layer: Layer, records: Records): Outcome[] {
  return runBenefits(layer, records, () => layer)
}

/** Counters of payment were moved by what a benefit promised; they take what was paid. */
function settleCounters(layer: Layer, outcomes: readonly Outcome[], amount: number): void {
  const own = new Map(outcomes.map((outcome, index) => [index, outcome.payment]))
  const paid = largestRemainder(amount, own)
  outcomes.forEach((outcome, index) => {
    const less = (paid.get(index) ?? 0) - outcome.payment
    for (const key of outcome.paymentCounters) layer.ledger.add(key, less)
  })
}
