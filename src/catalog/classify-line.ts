import { assert } from '../assert.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { applyRate, applyRatio, type Rate } from '../money/rate.ts'
import { fen, formatYuan, ZERO_FEN, type Fen } from '../money/fen.ts'
import type { LineParts } from './check-classification.ts'
import type { CatalogEntry, HospitalLevel, QuantityLimit } from './entry.ts'
import { priceTimesQuantity } from './price-quantity.ts'

/** One line of the bill, refunds already netted into it. */
export interface LineToClassify {
  readonly code: string
  /** Fen, ≥ 0. */
  readonly amount: Fen
  /** In 1/10,000 (`cnt`), above 0; days for a bed. Needed where the entry has a ceiling or a quantity limit. */
  readonly quantity?: number
  /** `hosp_appr_flag`: 0 no approval needed, 1 approved, 2 refused. */
  readonly hospitalApproval?: '0' | '1' | '2'
  /** Whether the restriction of payment is met, where the caller knows; it then stands over `hospitalApproval`. */
  readonly restrictionMet?: boolean
}

export interface ClassificationContext {
  readonly hospitalLevel: HospitalLevel
  readonly personType: string
  readonly visitType: string
  /** What the profile says of a line whose code the catalogue does not have. */
  readonly unmatched: 'refuse' | 'ownPay'
  /** Quantities of the same item already covered on the line's day and in its month, in 1/10,000, ≥ 0. */
  readonly quantityUsed: { readonly day: number; readonly month: number }
}

/** The quantity limit that cut the line: `allowed` of its quantity stayed covered, in 1/10,000. */
export interface QuantityLimitStep {
  readonly limit: QuantityLimit
  readonly used: number
  readonly allowed: number
}

/** The ceiling the line was held against, whether it cut or not: `perUnit` in 1/1,000,000 yuan. */
export interface CeilingStep {
  readonly kind: 'price' | 'bedDay'
  readonly perUnit: number
  /** Covered quantity in 1/10,000. */
  readonly quantity: number
}

/** Why the line was cut as it was, enough to recompute the parts. */
export type ClassificationSteps =
  | { readonly cut: 'ownPay'; readonly why: 'unmatched' | 'classC' | 'restrictionNotMet' }
  | {
      readonly cut: 'parts'
      readonly quantityLimit?: QuantityLimitStep
      readonly ceiling?: CeilingStep
      readonly selfPayRate: Rate
    }

export interface Classification extends LineParts {
  readonly steps: ClassificationSteps
}

/**
 * Cuts a line into own pay, over limit, first self-pay and in scope, in this order: not covered or restriction not
 * met, all own pay; quantity above a limit, own pay in proportion; above the ceiling × quantity, over limit; first
 * self-pay rate on the rest; what is left is in scope. Each cut is rounded once, half away from zero to the fen.
 *
 * Refuses with `LINE_CODE_UNKNOWN`, `LINE_AMOUNT_NEGATIVE`, `LINE_QUANTITY_MISSING`, `LINE_QUANTITY_NOT_POSITIVE`,
 * `LINE_SELF_PAY_RATE_NOT_UNIQUE` or `LINE_PRICE_CEILING_NOT_UNIQUE`; `where` is relative to the line.
 */
export function classifyLine(
  line: LineToClassify,
  entry: CatalogEntry | undefined,
  context: ClassificationContext,
): Result<Classification> {
  const { code, amount } = line
  if (amount < 0) {
    const details = { code, amount: formatYuan(amount) }
    return failure(problem('LINE_AMOUNT_NEGATIVE', 'amount', details))
  }
  if (entry === undefined) {
    if (context.unmatched === 'ownPay') return success(allOwnPay(amount, 'unmatched'))
    return failure(problem('LINE_CODE_UNKNOWN', 'code', { code }))
  }
  assert(entry.code === code, 'a line is classified by the entry of its own code')
  if (entry.chargeLevel === 'C') return success(allOwnPay(amount, 'classC'))
  if (!isRestrictionMet(line, entry)) return success(allOwnPay(amount, 'restrictionNotMet'))
  return cutIntoParts(line, entry, context)
}

/** "2" (refused by the hospital) makes a restricted item own pay; without a restriction it says nothing. */
function isRestrictionMet(line: LineToClassify, entry: CatalogEntry): boolean {
  return line.restrictionMet ?? !(entry.restriction.flag && line.hospitalApproval === '2')
}

function allOwnPay(amount: Fen, why: 'unmatched' | 'classC' | 'restrictionNotMet'): Classification {
  return {
    ownPay: amount,
    overLimit: ZERO_FEN,
    preSelfPay: ZERO_FEN,
    inScope: ZERO_FEN,
    steps: { cut: 'ownPay', why },
  }
}

function cutIntoParts(
  line: LineToClassify,
  entry: CatalogEntry,
  context: ClassificationContext,
): Result<Classification> {
  const selfPayRate = selfPayRateOf(entry, context)
  if (!selfPayRate.ok) return selfPayRate
  const perUnit = unitCeilingOf(entry, context.hospitalLevel)
  if (!perUnit.ok) return perUnit
  const limited = perUnit.value !== 'none' || entry.quantityLimits.length > 0
  const quantity = limited ? quantityOf(line) : success(0)
  if (!quantity.ok) return quantity

  const quantityLimit = tightestLimit(entry.quantityLimits, quantity.value, context.quantityUsed)
  const allowed = quantityLimit?.allowed ?? quantity.value
  const ownPay = quantityLimit
    ? applyRatio(line.amount, quantity.value - allowed, quantity.value)
    : 0
  const covered = line.amount - ownPay
  const ceiling = ceilingStep(entry, perUnit.value, allowed)
  const overLimit = ceiling
    ? Math.max(0, covered - priceTimesQuantity(ceiling.perUnit, allowed))
    : 0
  const preSelfPay = applyRate(covered - overLimit, selfPayRate.value)
  const steps = partSteps(quantityLimit, ceiling, selfPayRate.value)
  return success(partsOf(line.amount, ownPay, overLimit, preSelfPay, steps))
}

function partsOf(
  amount: Fen,
  ownPay: number,
  overLimit: number,
  preSelfPay: number,
  steps: ClassificationSteps,
): Classification {
  const inScope = amount - ownPay - overLimit - preSelfPay
  assert(
    ownPay >= 0 && overLimit >= 0 && preSelfPay >= 0 && inScope >= 0,
    'no part of a line is negative',
  )
  return {
    ownPay: fen(ownPay),
    overLimit: fen(overLimit),
    preSelfPay: fen(preSelfPay),
    inScope: fen(inScope),
    steps,
  }
}

function partSteps(
  quantityLimit: QuantityLimitStep | undefined,
  ceiling: CeilingStep | undefined,
  selfPayRate: Rate,
): ClassificationSteps {
  if (quantityLimit === undefined && ceiling === undefined) return { cut: 'parts', selfPayRate }
  return {
    cut: 'parts',
    ...(quantityLimit && { quantityLimit }),
    ...(ceiling && { ceiling }),
    selfPayRate,
  }
}

function ceilingStep(
  entry: CatalogEntry,
  perUnit: number | 'none',
  quantity: number,
): CeilingStep | undefined {
  if (perUnit === 'none') return undefined
  return { kind: entry.bedStandards.length > 0 ? 'bedDay' : 'price', perUnit, quantity }
}

function selfPayRateOf(entry: CatalogEntry, context: ClassificationContext): Result<Rate> {
  let found: Rate | undefined
  let matches = 0
  for (const item of entry.selfPayRates) {
    if (item.personType !== undefined && item.personType !== context.personType) continue
    if (item.visitType !== undefined && item.visitType !== context.visitType) continue
    found = item.rate
    matches += 1
  }
  if (matches === 1 && found !== undefined) return success(found)
  const { personType, visitType } = context
  const details = { code: entry.code, personType, visitType, matches }
  return failure(problem('LINE_SELF_PAY_RATE_NOT_UNIQUE', 'code', details))
}

/** Price ceiling or bed standard of this hospital level, in 1/1,000,000 yuan; 'none' where the entry has neither. */
function unitCeilingOf(entry: CatalogEntry, hospitalLevel: HospitalLevel): Result<number | 'none'> {
  if (entry.priceCeilings.length === 0 && entry.bedStandards.length === 0) return NO_CEILING
  let found: number | 'none' = 'none'
  let matches = 0
  for (const item of entry.priceCeilings) {
    if (item.hospitalLevel !== undefined && item.hospitalLevel !== hospitalLevel) continue
    found = item.microYuan
    matches += 1
  }
  for (const item of entry.bedStandards) {
    if (item.hospitalLevel !== undefined && item.hospitalLevel !== hospitalLevel) continue
    found = item.perDay * MICRO_YUAN_PER_FEN
    matches += 1
  }
  if (matches === 1) return success(found)
  const details = { code: entry.code, hospitalLevel, matches }
  return failure(problem('LINE_PRICE_CEILING_NOT_UNIQUE', 'code', details))
}

const NO_CEILING: Result<'none'> = success('none')
const MICRO_YUAN_PER_FEN = 10_000

function quantityOf(line: LineToClassify): Result<number> {
  const { code, quantity } = line
  if (quantity === undefined) {
    return failure(problem('LINE_QUANTITY_MISSING', 'quantity', { code }))
  }
  assert(Number.isSafeInteger(quantity), 'a quantity is a safe integer of 1/10,000')
  if (quantity > 0) return success(quantity)
  const details = { code, quantity: quantity / 10_000 }
  return failure(problem('LINE_QUANTITY_NOT_POSITIVE', 'quantity', details))
}

/** The limit that leaves least of `quantity`, the first of equals; undefined when none cuts it. */
function tightestLimit(
  limits: readonly QuantityLimit[],
  quantity: number,
  used: { readonly day: number; readonly month: number },
): QuantityLimitStep | undefined {
  let tightest: QuantityLimitStep | undefined
  for (const limit of limits) {
    const usedSoFar = used[limit.per]
    assert(usedSoFar >= 0, 'a quantity already used is not negative')
    const allowed = Math.max(0, limit.tenThousandths - usedSoFar)
    if (allowed >= (tightest?.allowed ?? quantity)) continue
    tightest = { limit, used: usedSoFar, allowed }
  }
  return tightest
}
