import { applyRate } from '../money/rate.ts'
import { CATEGORY_COUNT, IN_SCOPE_COLUMNS } from '../rules/category.ts'
import type { CompiledBenefit } from '../rules/compiled.ts'
import { FactMissing } from '../rules/compiled.ts'
import { baseItemOf, benefitBase, refuseUnknownGiven, type BenefitBase } from './benefit-base.ts'
import { benefitContributions } from './benefit-counters.ts'
import { payOnBands, ratedBands, servedBase } from './benefit-payment.ts'
import { spreadBenefit, type BenefitSpread } from './benefit-spread.ts'
import type { Contribution } from './counter-book.ts'
import type { BandUse } from './explanation.ts'
import { keyOf, type LayerContext } from './layer-context.ts'
import { cutBy, openLimits, roomOn, selectionRooms, type OpenLimit } from './limit-room.ts'
import { sumOf } from './split-state.ts'

/** Amounts of one benefit, fen; see `BenefitStep` for each. */
export interface BenefitAmounts {
  readonly gross: number
  readonly base: number
  readonly deductible: DeductibleUse | undefined
  readonly takenBefore: number
  readonly ratedBase: number
  readonly axisStart: number
  readonly axisKey: string | undefined
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
  readonly key: string
  readonly amount: number
  readonly used: number
  readonly filled: number
  readonly taken: number
}

export interface FloorUse {
  readonly num: number
  readonly den: number
  readonly of: number
  readonly amount: number
  readonly cells: readonly number[]
}

/** What a benefit would do to the cells and counters it was computed on; nothing is changed yet. */
export interface BenefitOutcome {
  readonly compiled: CompiledBenefit
  readonly base: BenefitBase
  readonly limits: readonly OpenLimit[]
  readonly amounts: BenefitAmounts
  readonly spread: BenefitSpread
  readonly contributions: readonly Contribution[]
}

/** Conditions under which a benefit does nothing at all. */
export function isOpen(layer: LayerContext, compiled: CompiledBenefit): boolean {
  const { benefit } = compiled
  const { state, frame } = layer
  const supplement = state.bill.supplement !== undefined
  if (benefit.settledBy === 'direct' && supplement) return false
  if (benefit.settledBy === 'supplement' && !supplement) return false
  if (compiled.when !== undefined && !compiled.when(frame)) return false
  if (benefit.requiresSettled.some((kind) => !state.settledKinds.includes(kind))) return false
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
  const limits = openLimits(layer, compiled)
  if (roomOn(limits, 'times') <= 0) return undefined
  const base = benefitBase(layer, compiled, remaining, selectionRooms(layer, compiled, limits))
  const payable = payableCells(compiled, base, remaining)
  const amounts = benefitAmounts(layer, compiled, base, limits, payable, remaining)
  const spread = spreadBenefit(layer, compiled, base, amounts, payable, remaining)
  const contributions = benefitContributions(layer, compiled, base, limits, amounts)
  return { compiled, base, limits, amounts, spread, contributions }
}

/** Cells a payment may come from: the selected ones, or with `of: cost` what is unpaid of those lines. */
function payableCells(
  compiled: CompiledBenefit,
  base: BenefitBase,
  remaining: Float64Array,
): readonly number[] {
  if (compiled.benefit.of === 'residual') return Array.from(base.cells)
  const cells: number[] = []
  for (const cell of base.cells) {
    const column = cell % CATEGORY_COUNT
    const first = cell - column
    if (column >= IN_SCOPE_COLUMNS) cells.push(cell)
    else for (let other = 0; other < IN_SCOPE_COLUMNS; other += 1) cells.push(first + other)
  }
  return cells.filter((cell) => (remaining[cell] ?? 0) > 0)
}

function leftIn(cells: readonly number[], remaining: Float64Array): number {
  let left = 0
  for (const cell of cells) left += remaining[cell] ?? 0
  return left
}

function benefitAmounts(
  layer: LayerContext,
  compiled: CompiledBenefit,
  base: BenefitBase,
  limits: readonly OpenLimit[],
  payable: readonly number[],
  remaining: Float64Array,
): BenefitAmounts {
  const { benefit } = compiled
  const gross = sumOf(base.weighted)
  const limited = cutBy(limits, 'base', gross)
  const axisKey = compiled.bands === undefined ? undefined : keyOf(layer, compiled.bands.counter)
  const axisStart = axisKey === undefined ? 0 : layer.state.book.read(axisKey)
  const due = deductibleDue(layer, compiled, base, limits)
  const takenBefore =
    due !== undefined && benefit.deductible?.taken === 'before' ? Math.min(limited, due.left) : 0
  const afterDeductible = limited - takenBefore
  const ratedBase = cutBy(limits, 'baseAfterDeductible', afterDeductible)
  const rules = ratedBands(layer, compiled)
  const start = benefit.bands?.axis === 'aboveDeductible' ? axisStart : axisStart + takenBefore
  const bands: BandUse[] = []
  const onBands = payOnBands(rules, start, ratedBase, bands)
  const takenAfter =
    due !== undefined && benefit.deductible?.taken === 'afterRate' ? Math.min(onBands, due.left) : 0
  const left = leftIn(payable, remaining)
  const rated = Math.min(onBands - takenAfter, left)
  const floor = floorUse(layer, compiled, remaining)
  const floored = floor === undefined ? rated : Math.max(rated, floor.amount)
  const limitedPayment = cutBy(limits, 'payment', floored)
  const cutOff = limits.some(
    ({ bound, room, limit }) =>
      bound && limit.on === 'payment' && limit.overCap === 'payment' && room === limitedPayment,
  )
  const target = limitedPayment + takenAfter
  const served =
    limitedPayment < floored && !cutOff && target <= onBands
      ? servedBase(rules, start, ratedBase, target)
      : ratedBase
  const overCap = gross - limited + (afterDeductible - ratedBase) + (ratedBase - served)
  const stopLoss = stopLossOf(limits, left, limitedPayment)
  const payment = limitedPayment + stopLoss
  const cost = benefit.of === 'cost'
  return {
    gross,
    base: limited,
    deductible: due === undefined ? undefined : { ...due, taken: takenBefore + takenAfter },
    takenBefore,
    ratedBase,
    axisStart,
    axisKey,
    bands,
    rated,
    floor,
    served,
    overCap,
    coinsurance: cost ? 0 : Math.max(0, gross - takenBefore - overCap - payment),
    stopLoss,
    payment,
    share: Math.max(0, left - payment),
  }
}

function stopLossOf(limits: readonly OpenLimit[], unpaid: number, payment: number): number {
  const share = unpaid - payment
  const borne = cutBy(limits, 'patientShare', share)
  return share - borne
}

function deductibleDue(
  layer: LayerContext,
  compiled: CompiledBenefit,
  base: BenefitBase,
  limits: readonly OpenLimit[],
): (Omit<DeductibleUse, 'taken'> & { readonly left: number }) | undefined {
  const { deductible } = compiled
  const rule = compiled.benefit.deductible
  if (deductible === undefined || rule === undefined) return undefined
  const amount = deductible.amount(layer.frame)
  const key = keyOf(layer, deductible.counter)
  const used = layer.state.book.read(key)
  const open = cutBy(limits, 'deductible', Math.max(0, amount - used))
  const filled = Math.min(open, earlierPayments(layer, rule.filledBy, base))
  return { key, amount, used, filled, left: open - filled }
}

function earlierPayments(layer: LayerContext, kinds: readonly string[], base: BenefitBase): number {
  if (kinds.length === 0) return 0
  let paid = 0
  layer.state.payers.forEach((payer, index) => {
    if (index === layer.payer || !kinds.includes(payer.kind)) return
    for (const line of base.lines) paid += payer.paid[line.index] ?? 0
  })
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
    frame.line = line.facts
    if (compiled.lines !== undefined && !compiled.lines(frame)) continue
    for (let column = 0; column < CATEGORY_COUNT; column += 1) {
      if (baseItemOf(layer, floor.base, column) < 0) continue
      const cell = line.index * CATEGORY_COUNT + column
      of += state.cost[cell] ?? 0
      if ((remaining[cell] ?? 0) > 0) cells.push(cell)
    }
  }
  frame.line = undefined
  const rate = floor.rate(frame)
  const amount = Math.min(applyRate(of, rate), leftIn(cells, remaining))
  return { num: rate.num, den: rate.den, of, amount, cells }
}
