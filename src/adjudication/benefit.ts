import { applyRate } from '../money/rate.ts'
import { CATEGORY_COUNT, IN_SCOPE_COLUMNS } from '../rules/category.ts'
import { FactMissing, type CompiledBenefit } from '../rules/compiled.ts'
import { benefitBase, itemOf, refuseUnknownGiven, type BenefitBase } from './benefit-base.ts'
import { chosenLines } from './benefit-cuts.ts'
import { payOnBands, ratedBands, servedBase } from './benefit-payment.ts'
import type { Slot } from './counter-book.ts'
import type { BandUse } from './explanation.ts'
import { enterLine, slotOf, type LayerContext } from './layer-context.ts'
import { cutBy, hasTimesLeft, openLimits, type OpenLimit } from './limit-room.ts'
import { paidOf, sumAt, sumOf } from './split-state.ts'
import type { Selection } from './workspace.ts'

/** Amounts of one benefit, fen; see `BenefitStep` for each. */
export interface BenefitAmounts {
  readonly gross: number
  readonly base: number
  readonly deductible: DeductibleUse | undefined
  readonly takenBefore: number
  readonly taken: number
  readonly ratedBase: number
  readonly axis: Slot | undefined
  readonly axisStart: number
  readonly bands: readonly BandUse[]
  readonly rated: number
  readonly floor: FloorUse | undefined
  readonly served: number
  readonly overCap: number
  readonly coinsurance: number
  readonly stopLoss: number
  readonly payment: number
  /** What the patient still has of the selected cells. */
  readonly share: number
}

export interface DeductibleUse {
  readonly slot: Slot
  readonly amount: number
  readonly used: number
  readonly filled: number
  /** Still to be borne. */
  readonly left: number
}

export interface FloorUse {
  readonly num: number
  readonly den: number
  readonly of: number
  readonly amount: number
  readonly cells: readonly number[]
}

/** What a benefit would do to the cells it was computed on, which the selection holds; nothing is changed yet. */
export interface BenefitOutcome {
  readonly compiled: CompiledBenefit
  readonly base: BenefitBase
  readonly limits: readonly OpenLimit[]
  readonly amounts: BenefitAmounts
}

/** Conditions under which a benefit does nothing at all. */
export function isOpen(layer: LayerContext, compiled: CompiledBenefit): boolean {
  const { state, frame } = layer
  const supplement = state.bill.supplement !== undefined
  if (compiled.settledBy === 'direct' && supplement) return false
  if (compiled.settledBy === 'supplement' && !supplement) return false
  if (compiled.when !== undefined && !compiled.when(frame)) return false
  for (const kind of compiled.requiresSettled) {
    if (!state.settledKinds.includes(kind)) return false
  }
  return !isWaiting(layer, compiled)
}

function isWaiting(layer: LayerContext, compiled: CompiledBenefit): boolean {
  if (compiled.waitingDays === undefined) return false
  const start = layer.policy?.['start']
  if (typeof start !== 'number') throw new FactMissing('policy.start', 'waiting')
  if (start + compiled.waitingDays(layer.frame) <= layer.day) return false
  return compiled.waitingExcept === undefined || !compiled.waitingExcept(layer.frame)
}

/** Computes a rated benefit on `remaining` (design section 7.3); undefined when it is not open. */
export function computeBenefit(
  layer: LayerContext,
  compiled: CompiledBenefit,
  remaining: Float64Array,
): BenefitOutcome | undefined {
  if (!isOpen(layer, compiled)) return undefined
  refuseUnknownGiven(layer, compiled)
  if (!hasTimesLeft(layer, compiled)) return undefined
  const limits = openLimits(layer, compiled)
  const base = benefitBase(layer, compiled, remaining, limits)
  choosePayable(compiled, layer.state.work.selection, remaining)
  const amounts = benefitAmounts(layer, compiled, limits, remaining)
  return { compiled, base, limits, amounts }
}

/** Cells a payment may come from: the selected ones, or with `of: cost` what is unpaid of those lines. */
function choosePayable(
  compiled: CompiledBenefit,
  selection: Selection,
  remaining: Float64Array,
): void {
  const { cells, count, costCells } = selection
  if (!compiled.ofCost) {
    selection.payable = cells
    selection.payableCount = count
    return
  }
  let payable = 0
  for (let index = 0; index < count; index += 1) {
    const cell = cells[index] ?? 0
    const column = cell % CATEGORY_COUNT
    const first = column < IN_SCOPE_COLUMNS ? cell - column : cell
    const end = column < IN_SCOPE_COLUMNS ? first + IN_SCOPE_COLUMNS : cell + 1
    for (let other = first; other < end; other += 1) {
      if ((remaining[other] ?? 0) === 0) continue
      costCells[payable] = other
      payable += 1
    }
  }
  selection.payable = costCells
  selection.payableCount = payable
}

function benefitAmounts(
  layer: LayerContext,
  compiled: CompiledBenefit,
  limits: readonly OpenLimit[],
  remaining: Float64Array,
): BenefitAmounts {
  const { selection } = layer.state.work
  const gross = sumOf(selection.weighted, selection.count)
  const limited = cutBy(limits, 'base', gross)
  const axis = compiled.bands === undefined ? undefined : slotOf(layer, compiled.bands.counter)
  const axisStart = axis?.now ?? 0
  const deductible = deductibleDue(layer, compiled, limits)
  const takenBefore =
    deductible !== undefined && compiled.deductible?.taken === 'before'
      ? Math.min(limited, deductible.left)
      : 0
  const afterDeductible = limited - takenBefore
  const ratedBase = cutBy(limits, 'baseAfterDeductible', afterDeductible)
  const rules = ratedBands(layer, compiled)
  const start = compiled.bands?.axis === 'aboveDeductible' ? axisStart : axisStart + takenBefore
  const onBands = payOnBands(rules, start, ratedBase, layer.state.recording)
  const takenAfter =
    deductible !== undefined && compiled.deductible?.taken === 'afterRate'
      ? Math.min(onBands, deductible.left)
      : 0
  const left = sumAt(remaining, selection.payable, selection.payableCount)
  const rated = Math.min(onBands - takenAfter, left)
  const floor = floorUse(layer, compiled, remaining)
  const floored = floor === undefined ? rated : Math.max(rated, floor.amount)
  const limitedPayment = cutBy(limits, 'payment', floored)
  const target = limitedPayment + takenAfter
  const served =
    limitedPayment < floored && target <= onBands && !isCutOff(limits, limitedPayment)
      ? servedBase(rules, start, ratedBase, target)
      : ratedBase
  const overCap = gross - limited + (afterDeductible - ratedBase) + (ratedBase - served)
  const share = left - limitedPayment
  const stopLoss = share - cutBy(limits, 'patientShare', share)
  const payment = limitedPayment + stopLoss
  return {
    gross,
    base: limited,
    deductible,
    takenBefore,
    taken: takenBefore + takenAfter,
    ratedBase,
    axis,
    axisStart,
    bands: rules.notedUses(),
    rated,
    floor,
    served,
    overCap,
    coinsurance: compiled.ofCost ? 0 : Math.max(0, gross - takenBefore - overCap - payment),
    stopLoss,
    payment,
    share: Math.max(0, left - payment),
  }
}

/** Whether a limit that binds only cuts the payment off (`overCap: payment`). */
function isCutOff(limits: readonly OpenLimit[], payment: number): boolean {
  for (const { bound, room, limit } of limits) {
    if (!bound || limit.on !== 'payment' || limit.overCap !== 'payment') continue
    if (room === payment) return true
  }
  return false
}

function deductibleDue(
  layer: LayerContext,
  compiled: CompiledBenefit,
  limits: readonly OpenLimit[],
): DeductibleUse | undefined {
  const { deductible } = compiled
  if (deductible === undefined) return undefined
  const amount = deductible.amount(layer.frame)
  const slot = slotOf(layer, deductible.counter)
  const used = slot.now
  const open = cutBy(limits, 'deductible', Math.max(0, amount - used))
  const filled = Math.min(open, earlierPayments(layer, deductible.filledBy))
  return { slot, amount, used, filled, left: open - filled }
}

function earlierPayments(layer: LayerContext, kinds: readonly string[]): number {
  if (kinds.length === 0) return 0
  const { state } = layer
  const lines = chosenLines(layer, state.work.selection)
  let paid = 0
  for (const payer of state.payers) {
    if (payer.index === layer.payer || !kinds.includes(payer.kind)) continue
    for (const line of lines) paid += paidOf(state, payer.index, line.index)
  }
  return paid
}

function floorUse(
  layer: LayerContext,
  compiled: CompiledBenefit,
  remaining: Float64Array,
): FloorUse | undefined {
  const { floor } = compiled
  if (floor === undefined) return undefined
  const { frame, state } = layer
  const cells: number[] = []
  let of = 0
  for (const line of layer.lines) {
    enterLine(frame, line)
    if (compiled.lines !== undefined && !compiled.lines(frame)) continue
    for (let column = 0; column < CATEGORY_COUNT; column += 1) {
      if (itemOf(layer, floor.base, column) < 0) continue
      const cell = line.index * CATEGORY_COUNT + column
      of += state.cost[cell] ?? 0
      if ((remaining[cell] ?? 0) > 0) cells.push(cell)
    }
  }
  enterLine(frame, undefined)
  const rate = floor.rate(frame)
  const amount = Math.min(applyRate(of, rate), sumAt(remaining, cells))
  return { num: rate.num, den: rate.den, of, amount, cells }
}
