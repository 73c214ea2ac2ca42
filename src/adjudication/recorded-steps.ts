import { CATEGORIES } from '../rules/category.ts'
import type { BenefitAmounts } from './benefit.ts'
import type { BenefitBase } from './benefit-base.ts'
import type { CounterBook } from './counter-book.ts'
import type { BestOfStep, ClassifyStep } from './explanation.ts'
import type { LayerContext } from './layer-context.ts'
import type { OpenLimit } from './limit-room.ts'
import { RecordingWriter } from './recording-writer.ts'
import { lineName } from './render-trace.ts'
import type { WorkLine } from './split-state.ts'
import type { BenefitTrace, LinesMark, TraceEntry } from './trace.ts'

/** Each step begins with its number. */
const STEP = {
  lines: 1,
  layer: 2,
  benefit: 3,
  patient: 4,
  other: 5,
  counters: 6,
  numbers: 7,
  bestOf: 8,
} as const
const BY: Readonly<Record<ClassifyStep['by'], number>> = {
  catalog: 0,
  bill: 1,
  supplement: 2,
  unmatched: 3,
  package: 4,
}
/** Stands where a step says nothing; no amount that may be there is below zero. */
const NONE = -1
const NO_RATE = { num: NONE, den: NONE }

/** Of what is recorded: steps, the lines and counters they speak of, the numbers left and paid, and the trace. */
export interface Recorded {
  readonly steps: readonly TraceEntry[]
  readonly lines: readonly WorkLine[]
  readonly book: CounterBook
  readonly numbers: Float64Array
  readonly from: number
  readonly end: number
}

const writer = new RecordingWriter()

/**
 * Gives `read` the bytes of a recording: everything an explanation states, in one form for all of it. What only a pack decides
 * is named by the pack's hash and the place in it. The form belongs to the semantics: a digest is taken over it. The bytes
 * are good only while `read` runs.
 */
export function withRecordedBytes<T>(recorded: Recorded, read: (bytes: Uint8Array) => T): T {
  const { steps, lines, book, numbers, from, end } = recorded
  const to = writer
  to.clear()
  for (const entry of steps) {
    if (entry.step === 'recorded') writeBenefit(to, entry)
    else if (entry.step === 'recordedLayer') writeLayer(to, entry.layer)
    else if (entry.step === 'lines') writeLines(to, entry, lines)
    else if (entry.step === 'bestOf') writeBestOf(to, entry)
    else if (entry.step === 'patient') {
      to.put5(STEP.patient, entry.total, entry.account, entry.cash, entry.deposit ?? NONE)
    } else {
      // Rare, and of many forms.
      to.put(STEP.other)
      to.text(JSON.stringify(entry))
    }
  }
  writeCounters(to, book)
  to.put(STEP.numbers)
  to.put(end - from)
  to.amounts(numbers, from, end)
  return read(to.bytes())
}

function writeLines(to: RecordingWriter, mark: LinesMark, lines: readonly WorkLine[]): void {
  to.put5(STEP.lines, mark.from, mark.to, NONE, NONE)
  for (let index = mark.from; index < mark.to; index += 1) {
    const work = lines[index]
    if (work !== undefined) writeLine(to, work)
  }
}

function writeLine(to: RecordingWriter, work: WorkLine): void {
  const { ownPay, overLimit, preSelfPay, inScope, steps } = work.parts
  const level = work.line.facts['chargeLevel'] ?? work.chargeLevel
  to.text(work.id)
  to.text(lineName(work))
  to.put5(work.amount, ownPay, overLimit, preSelfPay, inScope)
  const rate = steps?.cut === 'parts' ? steps.selfPayRate : NO_RATE
  to.put5(BY[work.by], levelNumber(level), rate.num, rate.den, NONE)
  if (work.by !== 'supplement') return
  for (const category of CATEGORIES) to.put(work.line.cells?.[category] ?? 0)
}

function levelNumber(level: unknown): number {
  if (level === 'A') return 1
  if (level === 'B') return 2
  return level === 'C' ? 3 : 0
}

function writeLayer(to: RecordingWriter, layer: LayerContext): void {
  const policyId = layer.policy?.['id']
  to.put5(STEP.layer, layer.day, layer.admission, layer.segment, layer.payer)
  to.known(layer.compiled.pack.hash)
  to.text(layer.year)
  if (typeof policyId === 'string') to.text(policyId)
  else to.put(NONE)
}

function writeBenefit(to: RecordingWriter, entry: BenefitTrace): void {
  const { layer, outcome, spread } = entry
  to.put5(
    STEP.benefit,
    layer.payer,
    layer.compiled.benefits.indexOf(outcome.compiled),
    entry.at,
    entry.count,
  )
  to.put5(entry.parts, entry.payableCount ?? NONE, entry.usesAt, entry.uses, NONE)
  writeBase(to, outcome.base)
  writeAmounts(to, outcome.amounts)
  writeLimits(to, outcome.limits)
  to.list(spread.extra.cells)
  to.list(spread.extra.amounts)
  to.put(spread.from.length)
  for (const cells of spread.from) to.list(cells)
}

/** Its titles are those of the winner, which the hash of the layer's pack names too. */
function writeBestOf(to: RecordingWriter, { group, candidates, winner }: BestOfStep): void {
  to.put5(STEP.bestOf, candidates.length, NONE, NONE, NONE)
  to.text(group)
  to.text(winner)
  for (const { benefit, payment } of candidates) {
    to.text(benefit)
    to.put(payment)
  }
}

function writeBase(to: RecordingWriter, { weights, firstShares }: BenefitBase): void {
  to.put(weights.length)
  for (const { num, den, before, after, cells } of weights) {
    to.put5(num, den, before, after, NONE)
    to.list(cells)
  }
  to.put(firstShares.length)
  for (const { num, den, before, amount } of firstShares) to.put5(num, den, before, amount, NONE)
}

function writeAmounts(to: RecordingWriter, amounts: BenefitAmounts): void {
  const { deductible, floor, axis, bands } = amounts
  to.put5(amounts.gross, amounts.base, amounts.takenBefore, amounts.taken, amounts.ratedBase)
  to.put5(amounts.axisStart, amounts.rated, amounts.served, amounts.overCap, amounts.coinsurance)
  to.put5(amounts.stopLoss, amounts.payment, amounts.share, axis?.index ?? NONE, bands.length)
  for (const { from, to: end, edge, rateNum, rateDen, payment } of bands) {
    to.put5(from, end, edge ?? NONE, rateNum, rateDen)
    to.put(payment)
  }
  if (deductible === undefined) to.put(NONE)
  else {
    const { slot, amount, used, filled, left } = deductible
    to.put5(slot.index, amount, used, filled, left)
  }
  if (floor === undefined) to.put(NONE)
  else {
    to.put5(floor.num, floor.den, floor.of, floor.amount, NONE)
    to.list(floor.cells)
  }
}

function writeLimits(to: RecordingWriter, limits: readonly OpenLimit[]): void {
  to.put(limits.length)
  for (const { limit, slot, amount, used, room, bound } of limits) {
    to.put5(slot.index, amount, used, room, bound ? 1 : 0)
    to.text(limit.on)
    to.text(limit.id)
  }
}

/** Steps name counters by their number; here is which counter each is, and what it was. */
function writeCounters(to: RecordingWriter, book: CounterBook): void {
  to.put(STEP.counters)
  for (let index = 0; ; index += 1) {
    const slot = book.at(index)
    if (slot === undefined) break
    to.counter(slot.key)
    to.put(slot.before)
  }
}
