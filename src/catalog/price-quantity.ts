import { assert } from '../assert.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import { formatYuan, type Fen } from '../money/fen.ts'

/** 1/1,000,000 yuan × 1/10,000 of a unit, counted in fen. */
const PRODUCT_UNITS_PER_FEN = 100_000_000
const HALF_FEN = PRODUCT_UNITS_PER_FEN / 2
const PRODUCT_SAFE_MAX = Number.MAX_SAFE_INTEGER - HALF_FEN

/**
 * `microYuan` × `tenThousandths` in fen, rounded half away from zero: exact as long as it is a safe integer, beyond
 * that ±Infinity. Both arguments are safe integers of either sign.
 */
export function priceTimesQuantity(microYuan: number, tenThousandths: number): number {
  assert(Number.isSafeInteger(microYuan), 'a unit price is a safe integer of millionths of a yuan')
  assert(Number.isSafeInteger(tenThousandths), 'a quantity is a safe integer of 1/10,000')
  const magnitude = roundToFenMagnitude(Math.abs(microYuan), Math.abs(tenThousandths))
  return microYuan < 0 !== tenThousandths < 0 ? 0 - magnitude : magnitude
}

function roundToFenMagnitude(price: number, quantity: number): number {
  const product = price * quantity
  if (product <= PRODUCT_SAFE_MAX) {
    const raised = product + HALF_FEN
    return (raised - (raised % PRODUCT_UNITS_PER_FEN)) / PRODUCT_UNITS_PER_FEN
  }
  const exact = BigInt(price) * BigInt(quantity) + BigInt(HALF_FEN)
  const rounded = Number(exact / BigInt(PRODUCT_UNITS_PER_FEN))
  return Number.isSafeInteger(rounded) ? rounded : Number.POSITIVE_INFINITY
}

/**
 * Whether a line's stated amount is its unit price × quantity, rounded half away from zero to the fen.
 *
 * One fen off is for a warning; more is `LINE_PRICE_QUANTITY_DIFFERS`. Exact for every safe input.
 *
 * @param microYuan      unit price in 1/1,000,000 yuan (`pric`)
 * @param tenThousandths quantity in 1/10,000 (`cnt`), negative on a refund line
 */
export function checkPriceTimesQuantity(
  microYuan: number,
  tenThousandths: number,
  amount: Fen,
): Result<'exact' | 'oneFenOff'> {
  const computed = priceTimesQuantity(microYuan, tenThousandths)
  if (computed === amount) return success('exact')
  if (Math.abs(computed - amount) === 1) return success('oneFenOff')
  return failure(
    problem('LINE_PRICE_QUANTITY_DIFFERS', 'amount', {
      computed: productText(microYuan, tenThousandths),
      stated: formatYuan(amount),
    }),
  )
}

/** The unrounded product in yuan with its ten places. */
function productText(microYuan: number, tenThousandths: number): string {
  const product = BigInt(microYuan) * BigInt(tenThousandths)
  const digits = String(product < 0n ? -product : product).padStart(11, '0')
  const text = `${digits.slice(0, -10)}.${digits.slice(-10)}`.replace(/0{1,8}$/, '')
  return product < 0n ? `-${text}` : text
}
