import { assert } from '../assert.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { applyRate, applyRatio, type Rate } from '../money/rate.ts'
import { fen, formatYuan, ZERO_FEN, type Fen } from '../money/fen.ts'
import { quantityOf, selfPayRateOf, tightestLimit, unitCeilingOf } from './applicable-terms.ts'
import type {
  CeilingStep,
  Classification,
  ClassificationContext,
  ClassificationSteps,
  LineToClassify,
  QuantityLimitStep,
} from './classification.ts'
import type { CatalogEntry } from './entry.ts'
import { priceTimesQuantity } from './price-quantity.ts'

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
  if (quantityLimit === undefined) {
    return ceiling === undefined
      ? { cut: 'parts', selfPayRate }
      : { cut: 'parts', ceiling, selfPayRate }
  }
  return ceiling === undefined
    ? { cut: 'parts', quantityLimit, selfPayRate }
    : { cut: 'parts', quantityLimit, ceiling, selfPayRate }
}

function ceilingStep(
  entry: CatalogEntry,
  perUnit: number | 'none',
  quantity: number,
): CeilingStep | undefined {
  if (perUnit === 'none') return undefined
  return { kind: entry.bedStandards.length > 0 ? 'bedDay' : 'price', perUnit, quantity }
}
