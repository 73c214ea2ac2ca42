import { assert } from '../assert.ts'
import { problem } from '../errors/problem.ts'
import { roundToFen, rational, addRational, type Rational } from '../money/rational.ts'
import { applyRate, signedRate, type Rate } from '../money/rate.ts'
import { ValueUndefined, type CompiledBenefit } from '../rules/compiled.ts'
import type { BandUse } from './explanation.ts'
import type { LayerContext } from './layer-context.ts'
import { SettleRefused } from './refusal.ts'

/** The bands of a benefit for one bill: edges and adjusted rates. */
export interface RatedBands {
  /** Upper edges ascending; the last may be Infinity. */
  readonly edges: readonly number[]
  readonly rates: readonly Rate[]
  readonly rounding: 'band' | 'benefit'
}

/** Evaluates edges and rates; refuses edges that do not ascend. */
export function ratedBands(layer: LayerContext, compiled: CompiledBenefit): RatedBands {
  const { frame } = layer
  const { bands } = compiled
  assert(bands !== undefined, 'a rated benefit has bands')
  const { rows, rounding } = bands
  const [only] = rows
  if (only !== undefined && rows.length === 1 && only.upTo === undefined) {
    return { edges: NO_EDGE, rates: [adjusted(layer, compiled, only.rate(frame))], rounding }
  }
  const edges: number[] = []
  const rates: Rate[] = []
  let lower = -1
  for (const row of rows) {
    const edge = row.upTo === undefined ? Infinity : row.upTo(frame)
    if (edge <= lower) {
      const details = { pack: layer.compiled.pack.id, benefit: compiled.benefit.id }
      const where = `${whereOf(layer, compiled)}.bands`
      throw new SettleRefused(problem('BANDS_NOT_ASCENDING', where, details))
    }
    lower = edge
    edges.push(edge)
    rates.push(adjusted(layer, compiled, row.rate(frame)))
  }
  return { edges, rates, rounding }
}

const NO_EDGE: readonly number[] = [Infinity]

function adjusted(layer: LayerContext, compiled: CompiledBenefit, start: Rate): Rate {
  if (compiled.adjustments.length === 0) return start
  return adjustedPlainly(layer, compiled, start) ?? adjustedExactly(layer, compiled, start)
}

/** Ordinary rates stay far inside the safe range; undefined where a product leaves it. */
function adjustedPlainly(
  layer: LayerContext,
  compiled: CompiledBenefit,
  start: Rate,
): Rate | undefined {
  let { num, den } = start
  for (const { adjustment, when, rate } of compiled.adjustments) {
    if (when !== undefined && !when(layer.frame)) continue
    const by = rate(layer.frame)
    switch (adjustment.op) {
      case 'add':
        num = num * by.den + by.num * den
        den *= by.den
        break
      case 'subtract':
        // A difference may be small where what it is taken from was rounded already.
        if (num * by.den > Number.MAX_SAFE_INTEGER) return undefined
        num = num * by.den - by.num * den
        den *= by.den
        break
      case 'multiply':
        num *= by.num
        den *= by.den
        break
      case 'set':
        num = by.num
        den = by.den
        break
    }
    if (Math.abs(num) > Number.MAX_SAFE_INTEGER || den > Number.MAX_SAFE_INTEGER) return undefined
  }
  if (num <= 0) return ZERO_RATE
  if (num >= den) return WHOLE_RATE
  let [divisor, rest] = [num, den]
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest]
  return { num: num / divisor, den: den / divisor }
}

const ZERO_RATE = signedRate(0, 1)
const WHOLE_RATE = signedRate(1, 1)

function adjustedExactly(layer: LayerContext, compiled: CompiledBenefit, start: Rate): Rate {
  let num = BigInt(start.num)
  let den = BigInt(start.den)
  for (const { adjustment, when, rate } of compiled.adjustments) {
    if (when !== undefined && !when(layer.frame)) continue
    const by = rate(layer.frame)
    const [byNum, byDen] = [BigInt(by.num), BigInt(by.den)]
    switch (adjustment.op) {
      case 'add':
        num = num * byDen + byNum * den
        den *= byDen
        break
      case 'subtract':
        num = num * byDen - byNum * den
        den *= byDen
        break
      case 'multiply':
        num *= byNum
        den *= byDen
        break
      case 'set':
        num = byNum
        den = byDen
        break
    }
  }
  if (num < 0n) return signedRate(0, 1)
  if (num > den) return signedRate(1, 1)
  const exact = rational(num, den)
  const [safeNum, safeDen] = [Number(exact.num), Number(exact.den)]
  if (!Number.isSafeInteger(safeNum) || !Number.isSafeInteger(safeDen)) {
    throw new ValueUndefined(`${whereOf(layer, compiled)}.adjust`, 'outOfRange')
  }
  return signedRate(safeNum, safeDen)
}

/** Path of the benefit into its pack. */
function whereOf({ compiled: { benefits } }: LayerContext, compiled: CompiledBenefit): string {
  return `benefits[${benefits.indexOf(compiled)}]`
}

/** What the bands pay on [start, start + base); `uses` receives one row a band touched. */
export function payOnBands(
  bands: RatedBands,
  start: number,
  base: number,
  uses?: BandUse[],
): number {
  const end = start + base
  let paid = 0
  let exact: Rational | undefined
  let lower = 0
  for (let index = 0; index < bands.edges.length && lower < end; index += 1) {
    const edge = bands.edges[index] ?? Infinity
    const rate = bands.rates[index]
    assert(rate !== undefined, 'a band has a rate')
    const from = Math.max(start, lower)
    const to = Math.min(end, edge)
    lower = edge
    if (to <= from) continue
    let payment = applyRate(to - from, rate)
    if (bands.rounding === 'benefit') {
      const slice = rational(BigInt(to - from) * BigInt(rate.num), BigInt(rate.den))
      const soFar = exact === undefined ? slice : addRational(exact, slice)
      exact = soFar
      payment = rounded(soFar) - paid
    }
    paid += payment
    const { num: rateNum, den: rateDen } = rate
    if (edge === Infinity) uses?.push({ from, to, rateNum, rateDen, payment })
    else uses?.push({ from, to, edge, rateNum, rateDen, payment })
  }
  return paid
}

function rounded(exact: Rational): number {
  const result = roundToFen(exact)
  assert(result.ok, 'a payment stays in the safe range')
  return result.value
}

/** The smallest base ≤ `base` whose payment from `start` reaches `target`; `target` ≤ the payment of `base`. */
export function servedBase(bands: RatedBands, start: number, base: number, target: number): number {
  let low = 0
  let high = base
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2)
    if (payOnBands(bands, start, middle) >= target) high = middle
    else low = middle + 1
  }
  return low
}
