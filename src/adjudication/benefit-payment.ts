import { assert } from '../assert.ts'
import { problem } from '../errors/problem.ts'
import { addUnreduced, rational, roundToFen, type Rational } from '../money/rational.ts'
import { applyRate, signedRate, type Rate } from '../money/rate.ts'
import { unboxed } from '../money/unboxed.ts'
import { ValueUndefined, type CompiledBenefit } from '../rules/compiled.ts'
import type { BandUse } from './explanation.ts'
import type { LayerContext } from './layer-context.ts'
import { SettleRefused } from './refusal.ts'

/**
 * The bands of the benefit at work, edges and adjusted rates, and what it takes of each. An adjudicator has one, for benefit
 * after benefit.
 */
export class RatedBands {
  rounding: 'band' | 'benefit' = 'band'
  count = 0
  /** Upper edges ascending; the last may be Infinity. In parallel over `count`. */
  readonly edges: number[] = []
  readonly rates: Rate[] = []
  private readonly uses: BandUse[] = []
  private useCount = 0

  open(rounding: 'band' | 'benefit'): void {
    this.rounding = rounding
    this.count = 0
    this.useCount = 0
  }

  add(edge: number, rate: Rate): void {
    this.edges[this.count] = edge
    this.rates[this.count] = rate
    this.count += 1
  }

  noteUse(use: BandUse): void {
    this.uses[this.useCount] = use
    this.useCount += 1
  }

  /** The uses noted since it was opened, as a list of its own. */
  notedUses(): readonly BandUse[] {
    return this.useCount === 0 ? NO_USES : this.uses.slice(0, this.useCount)
  }
}

const NO_USES: readonly BandUse[] = []

/** Evaluates edges and rates; refuses edges that do not ascend. */
export function ratedBands(layer: LayerContext, compiled: CompiledBenefit): RatedBands {
  const { frame } = layer
  const { bands } = compiled
  assert(bands !== undefined, 'a rated benefit has bands')
  const rated = layer.state.work.bands
  rated.open(bands.rounding)
  let lower = -1
  for (const row of bands.rows) {
    const edge = row.upTo === undefined ? Infinity : row.upTo(frame)
    if (edge <= lower) {
      const details = { pack: layer.compiled.pack.id, benefit: compiled.benefit.id }
      const where = `${whereOf(layer, compiled)}.bands`
      throw new SettleRefused(problem('BANDS_NOT_ASCENDING', where, details))
    }
    lower = edge
    rated.add(edge, adjusted(layer, compiled, row.rate(frame)))
  }
  return rated
}

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

const NOTHING: Rational = { num: 0n, den: 1n }

/** What the bands pay on [start, start + base); with `noting` each band touched is noted. */
export function payOnBands(
  bands: RatedBands,
  start: number,
  base: number,
  noting: boolean,
): number {
  const end = start + base
  const once = bands.rounding === 'benefit'
  let paid = 0
  let exact = NOTHING
  let lower = 0
  for (let index = 0; index < bands.count && lower < end; index += 1) {
    const edge = bands.edges[index] ?? Infinity
    const rate = bands.rates[index]
    assert(rate !== undefined, 'a band has a rate')
    const from = unboxed(Math.max(start, lower))
    const to = unboxed(Math.min(end, edge))
    lower = edge
    if (to <= from) continue
    let payment = 0
    if (once) {
      const slice = { num: BigInt(to - from) * BigInt(rate.num), den: BigInt(rate.den) }
      exact = addUnreduced(exact, slice)
      if (noting) payment = rounded(exact) - paid
    } else payment = applyRate(to - from, rate)
    paid += payment
    if (noting) bands.noteUse(useOf(edge, from, to, rate, payment))
  }
  return once ? rounded(exact) : paid
}

function useOf(edge: number, from: number, to: number, rate: Rate, payment: number): BandUse {
  const { num: rateNum, den: rateDen } = rate
  if (edge === Infinity) return { from, to, rateNum, rateDen, payment }
  return { from, to, edge: unboxed(edge), rateNum, rateDen, payment }
}

function rounded(exact: Rational): number {
  const result = roundToFen(exact)
  assert(result.ok, 'a payment stays in the safe range')
  return unboxed(result.value)
}

/** The smallest base ≤ `base` whose payment from `start` reaches `target`; `target` ≤ the payment of `base`. */
export function servedBase(bands: RatedBands, start: number, base: number, target: number): number {
  let low = 0
  let high = base
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2)
    if (payOnBands(bands, start, middle, false) >= target) high = middle
    else low = middle + 1
  }
  return low
}
