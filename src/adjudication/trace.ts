import { assert } from '../assert.ts'
import type { BenefitOutcome } from './benefit.ts'
import type { BenefitSpread } from './benefit-spread.ts'
import { countBenefit } from './benefit-counters.ts'
import type { CounterMeasure, ExplanationStep } from './explanation.ts'
import type { LayerContext } from './layer-context.ts'
import type { SplitState } from './split-state.ts'

/** A run of lines whose classification was set here. */
export interface LinesMark {
  readonly step: 'lines'
  readonly from: number
  readonly to: number
}

/**
 * A benefit as the recorder wrote it: the amounts as computed, and what there is cell by cell as numbers of the trace,
 * from `at` on in the order of `COLUMNS`, those named by `parts`. Rendered by `render-trace.ts`.
 */
export interface BenefitTrace {
  readonly step: 'recorded'
  readonly layer: LayerContext
  readonly outcome: BenefitOutcome
  readonly spread: BenefitSpread
  readonly at: number
  readonly count: number
  readonly parts: number
  /** With `of: cost` the payment has so many cells of its own. */
  readonly payableCount: number | undefined
  readonly usesAt: number
  readonly uses: number
}

/** The start of a layer. */
export interface LayerTrace {
  readonly step: 'recordedLayer'
  readonly layer: LayerContext
}

export type TraceEntry = ExplanationStep | LinesMark | LayerTrace | BenefitTrace

/** Columns of a recorded benefit that are written only where they say something. */
export const PART = { kept: 1, weighted: 2, firstShare: 4, deductible: 8, overCap: 16 } as const

/** Measures by their number in the trace. */
export const MEASURES: readonly CounterMeasure[] = [
  ...(['payment', 'base', 'baseAfterDeductible', 'deductible', 'patientShare'] as const),
  ...(['days', 'times', 'quantity', 'bands', 'item'] as const),
]

/** Numbers a counter use takes in the trace: slot, measure, amount, and the counter before. */
export const USE_NUMBERS = 4

/** Puts what an applied benefit counted into the book and, with the recorder on, writes the benefit down. */
export function recordBenefit(
  layer: LayerContext,
  outcome: BenefitOutcome,
  spread: BenefitSpread,
): void {
  const { state } = layer
  if (!state.recording) {
    countBenefit(layer, outcome, (slot, unit, _, amount) => {
      if (amount !== 0) state.book.add(slot, unit, amount)
    })
    return
  }
  const { selection } = state.work
  const { amounts } = outcome
  const ofCost = outcome.compiled.benefit.of === 'cost'
  const parts =
    (selection.isCut ? PART.kept : 0) |
    (selection.isWeighted ? PART.weighted : 0) |
    (selection.hasFirstShare ? PART.firstShare : 0) |
    (amounts.takenBefore > 0 && !ofCost ? PART.deductible : 0) |
    (amounts.overCap > 0 && !ofCost ? PART.overCap : 0)
  const at = state.work.traceLength
  const payableCount = ofCost ? selection.payableCount : undefined
  writeCells(state, parts, payableCount)
  const usesAt = state.work.traceLength
  const uses = writeUses(layer, outcome)
  const { count } = selection
  state.steps.push({
    step: 'recorded',
    layer,
    outcome,
    spread,
    at,
    count,
    parts,
    payableCount,
    usesAt,
    uses,
  })
}

function writeCells(state: SplitState, parts: number, payableCount: number | undefined): void {
  const { work } = state
  const { selection } = work
  const { count } = selection
  work.reserveTrace(8 * count + 2 * (payableCount ?? 0))
  write(state, selection.cells, count)
  write(state, selection.selected, count)
  if ((parts & PART.kept) !== 0) write(state, selection.kept, count)
  if ((parts & PART.weighted) !== 0) write(state, selection.weighted, count)
  if ((parts & PART.firstShare) !== 0) write(state, selection.firstShare, count)
  if ((parts & PART.deductible) !== 0) write(state, selection.deductible, count)
  if ((parts & PART.overCap) !== 0) write(state, selection.overCap, count)
  if (payableCount === undefined) write(state, selection.payment, count)
  else {
    write(state, selection.payable, payableCount)
    write(state, selection.payment, payableCount)
  }
}

function write({ work }: SplitState, numbers: ArrayLike<number>, count: number): void {
  const { trace } = work
  let at = work.traceLength
  for (let index = 0; index < count; index += 1) {
    trace[at] = numbers[index] ?? 0
    at += 1
  }
  work.traceLength = at
}

function writeUses(layer: LayerContext, outcome: BenefitOutcome): number {
  const { work, book } = layer.state
  const { base, limits, compiled } = outcome
  // A deductible, an axis, and whatever its lists name.
  const most = 2 + limits.length + base.uses.length + compiled.counts.length
  work.reserveTrace(USE_NUMBERS * most)
  let uses = 0
  countBenefit(layer, outcome, (slot, unit, what, amount) => {
    if (amount === 0) return
    const { trace, traceLength: at } = work
    assert(at + USE_NUMBERS <= trace.length, 'the trace has room for a counter')
    trace[at] = slot
    trace[at + 1] = MEASURES.indexOf(what)
    trace[at + 2] = amount
    trace[at + 3] = book.read(slot)
    work.traceLength = at + USE_NUMBERS
    book.add(slot, unit, amount)
    uses += 1
  })
  return uses
}
