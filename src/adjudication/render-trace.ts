import { assert } from '../assert.ts'
import { CATEGORIES } from '../rules/category.ts'
import { counterText } from './counter-key.ts'
import type { CounterBook } from './counter-book.ts'
import type {
  BenefitStep,
  ClassifyStep,
  CounterUse,
  ExplanationStep,
  LayerStep,
} from './explanation.ts'
import { cellAmounts } from './cell-spread.ts'
import type { LayerContext } from './layer-context.ts'
import { limitUses } from './limit-room.ts'
import type { WorkLine } from './split-state.ts'
import { MEASURES, PART, USE_NUMBERS, type BenefitTrace, type TraceEntry } from './trace.ts'

/** What a recorded settlement is rendered from. */
export interface Recording {
  readonly steps: readonly TraceEntry[]
  readonly trace: Float64Array
  readonly lines: readonly WorkLine[]
  readonly book: CounterBook
}

/** The explanation of a recorded settlement. */
export function renderExplanation(recording: Recording): ExplanationStep[] {
  return recording.steps.flatMap((entry): ExplanationStep | ExplanationStep[] => {
    if (entry.step === 'lines') {
      return recording.lines.slice(entry.from, entry.to).map(classifyStep)
    }
    if (entry.step === 'recordedLayer') return layerStep(entry.layer)
    return entry.step === 'recorded' ? benefitStep(entry, recording) : entry
  })
}

/** The name a person knows a line by. */
export function lineName({ facts, id }: WorkLine): string {
  return String(facts['name'] ?? facts['code'] ?? id)
}

function classifyStep(work: WorkLine): ClassifyStep {
  const { index, line } = work
  const cut = work.parts.steps
  const base = index * CATEGORIES.length
  const { ownPay, overLimit, preSelfPay, inScope } = work.parts
  const level = line.facts['chargeLevel'] ?? work.chargeLevel
  const stated = CATEGORIES.flatMap((category, column) => {
    const amount = line.cells?.[category] ?? 0
    return amount > 0 ? [{ cell: base + column, amount }] : []
  })
  return {
    step: 'classify',
    line: index,
    lineId: work.id,
    name: lineName(work),
    amount: work.amount,
    ownPay,
    overLimit,
    preSelfPay,
    inScope,
    by: work.by,
    ...((level === 'A' || level === 'B' || level === 'C') && { chargeLevel: level }),
    ...(cut?.cut === 'parts' && {
      selfPayRate: { num: cut.selfPayRate.num, den: cut.selfPayRate.den },
      accepted: work.amount - ownPay - overLimit,
    }),
    ...(work.by === 'supplement' && {
      cells: { cells: stated.map(({ cell }) => cell), amounts: stated.map(({ amount }) => amount) },
    }),
  }
}

function layerStep({ compiled, policy, year, segment, payer }: LayerContext): LayerStep {
  const { pack } = compiled
  const policyId = policy?.['id']
  return {
    step: 'layer',
    kind: pack.kind,
    pack: pack.id,
    hash: pack.hash,
    titleZh: pack.title.zh,
    titleEn: pack.title.en,
    ...(typeof policyId === 'string' && { policyId }),
    year,
    segment,
    payer,
  }
}

/** Columns of a recorded benefit, read back in the order they were written. */
function readColumns({ at, count, parts, payableCount }: BenefitTrace, trace: Float64Array) {
  let next = at
  const read = (length: number): number[] => {
    next += length
    return Array.from(trace.subarray(next - length, next))
  }
  const readPart = (part: number): number[] | undefined =>
    (parts & part) === 0 ? undefined : read(count)
  const cells = read(count)
  const selected = read(count)
  const kept = readPart(PART.kept)
  const weighted = readPart(PART.weighted)
  const firstShare = readPart(PART.firstShare)
  const deductible = readPart(PART.deductible)
  const overCap = readPart(PART.overCap)
  const paidCells = payableCount === undefined ? cells : read(payableCount)
  const paid = read(paidCells.length)
  return { cells, selected, kept, weighted, firstShare, deductible, overCap, paidCells, paid }
}

function benefitStep(entry: BenefitTrace, { trace, book }: Recording): BenefitStep {
  const { layer, outcome, spread } = entry
  const { amounts, base } = outcome
  const { benefit } = outcome.compiled
  const { pack } = layer.compiled
  const columns = readColumns(entry, trace)
  const { cells, selected, kept = selected, weighted = kept } = columns
  const axisType = benefit.bands?.axis
  return {
    step: 'benefit',
    pack: pack.id,
    benefit: benefit.id,
    titleZh: benefit.title.zh,
    titleEn: benefit.title.en,
    clause: benefit.clause,
    payer: layer.payer,
    basic: pack.kind === 'basic',
    of: benefit.of,
    selected: { cells, amounts: selected },
    ...(kept !== selected && { afterItems: { cells, amounts: kept } }),
    weights: base.weights,
    firstShares: base.firstShares,
    weighted: { cells, amounts: weighted },
    gross: amounts.gross,
    base: amounts.base,
    ...deductiblePart(entry),
    ratedBase: amounts.ratedBase,
    ...(axisType !== undefined && { axis: { type: axisType, start: amounts.axisStart } }),
    rounding: benefit.bands?.rounding ?? 'band',
    bands: amounts.bands,
    rated: amounts.rated,
    ...(amounts.floor !== undefined && { floor: amounts.floor }),
    limits: limitUses(outcome.limits),
    served: amounts.served,
    overCap: amounts.overCap,
    coinsurance: amounts.coinsurance,
    stopLoss: amounts.stopLoss,
    payment: amounts.payment,
    spread: {
      firstShare: cellAmounts(cells, columns.firstShare),
      deductible: cellAmounts(cells, columns.deductible),
      overCap: cellAmounts(cells, columns.overCap),
      payment: cellAmounts(columns.paidCells, columns.paid),
      extra: cellAmounts(spread.extra.cells, spread.extra.amounts),
    },
    counters: counterUses(entry, trace, book),
  }
}

function deductiblePart({ outcome, spread }: BenefitTrace): Pick<BenefitStep, 'deductible'> {
  const { deductible, taken } = outcome.amounts
  if (deductible === undefined) return {}
  const { amount, used, filled, slot } = deductible
  const when = outcome.compiled.benefit.deductible?.taken ?? 'before'
  const from = spread.from
  return { deductible: { amount, used, filled, taken, when, key: counterText(slot.key), from } }
}

function counterUses(
  { usesAt, uses }: BenefitTrace,
  trace: Float64Array,
  book: CounterBook,
): CounterUse[] {
  const bySlot = new Map<
    number,
    { before: number; sum: number; adds: CounterUse['adds'][number][] }
  >()
  for (let use = 0; use < uses; use += 1) {
    const at = usesAt + use * USE_NUMBERS
    const [slot, measure, amount] = [trace[at] ?? 0, trace[at + 1] ?? 0, trace[at + 2] ?? 0]
    const what = MEASURES[measure] ?? 'payment'
    const known = bySlot.get(slot)
    if (known === undefined) {
      bySlot.set(slot, { before: trace[at + 3] ?? 0, sum: amount, adds: [{ what, amount }] })
    } else {
      known.sum += amount
      known.adds.push({ what, amount })
    }
  }
  return [...bySlot].map(([slot, { before, sum, adds }]) => {
    const key = book.at(slot)?.key
    assert(key !== undefined, 'a use names a counter of the book')
    return { key: counterText(key), before, after: before + sum, adds }
  })
}
