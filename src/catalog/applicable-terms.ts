import { assert } from '../assert.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { Rate } from '../money/rate.ts'
import type { ClassificationContext, LineToClassify, QuantityLimitStep } from './classification.ts'
import type { CatalogEntry, HospitalLevel, QuantityLimit } from './entry.ts'

const NO_CEILING: Result<'none'> = success('none')
const MICRO_YUAN_PER_FEN = 10_000

/** The one first self-pay rate of this person and visit; `LINE_SELF_PAY_RATE_NOT_UNIQUE` for none or several. */
export function selfPayRateOf(entry: CatalogEntry, context: ClassificationContext): Result<Rate> {
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

/**
 * Price ceiling or bed standard of this hospital level, in 1/1,000,000 yuan; 'none' where the entry has neither.
 * `LINE_PRICE_CEILING_NOT_UNIQUE` where it has some but not exactly one of this level.
 */
export function unitCeilingOf(
  entry: CatalogEntry,
  hospitalLevel: HospitalLevel,
): Result<number | 'none'> {
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

/** The line's quantity in 1/10,000, above 0; `LINE_QUANTITY_MISSING` or `LINE_QUANTITY_NOT_POSITIVE`. */
export function quantityOf(line: LineToClassify): Result<number> {
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
export function tightestLimit(
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
