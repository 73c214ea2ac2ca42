import type { Benefit, Bands } from '../../src/rules/pack.ts'
import type { Layer } from './benefit.ts'
import { Refused } from './conditions.ts'
import { compare, exact, minus, plus, round, times, type Exact } from './exact.ts'
import { valueContext } from './layer-context.ts'
import { factor, money, rate, truth } from './values.ts'

/** One band: fen from `lower` to `upper` (no upper edge: undefined) at `rate`. */
export interface Band {
  readonly lower: number
  readonly upper: number | undefined
  readonly rate: Exact
}

export function adjustedBands(benefit: Benefit, layer: Layer): Band[] {
  const context = valueContext(layer)
  const bands: Band[] = []
  let [lower, last] = [0, -1]
  for (const row of benefit.bands?.rows ?? []) {
    const upper = row.upTo === undefined ? undefined : money(row.upTo, context)
    if (upper !== undefined && upper <= last) {
      throw new Refused('BANDS_NOT_ASCENDING', `${layer.pack.id} ${benefit.id}`)
    }
    bands.push({ lower, upper, rate: adjusted(rate(row.rate, context), benefit, layer) })
    lower = upper ?? lower
    last = lower
  }
  return bands
}

function adjusted(start: Exact, benefit: Benefit, layer: Layer): Exact {
  const context = valueContext(layer)
  let result = start
  for (const adjustment of benefit.adjustments) {
    if (!truth(adjustment.when, context)) continue
    const by = (adjustment.op === 'multiply' ? factor : rate)(adjustment.rate, context)
    switch (adjustment.op) {
      case 'add':
        result = plus(result, by)
        break
      case 'subtract':
        result = minus(result, by)
        break
      case 'multiply':
        result = times(result, by)
        break
      case 'set':
        result = by
        break
    }
  }
  if (compare(result, exact(0)) < 0) return exact(0)
  return compare(result, exact(1)) > 0 ? exact(1) : result
}

/** What the bands pay for the slice of `length` fen that begins at `start`. */
export function bandsPayment(
  bands: readonly Band[],
  start: number,
  length: number,
  rounding: Bands['rounding'],
): number {
  let exactly = exact(0)
  let rounded = 0
  for (const band of bands) {
    const from = Math.max(start, band.lower)
    const to = Math.min(start + length, band.upper ?? Number.POSITIVE_INFINITY)
    if (to <= from) continue
    const payment = times(exact(to - from), band.rate)
    exactly = plus(exactly, payment)
    rounded += round(payment)
  }
  return rounding === 'band' ? rounded : round(exactly)
}

/**
 * The smallest slice, at most `most`, whose payment reaches `target`: a search by halving strides, which holds because
 * a longer slice never pays less. When even `most` does not reach it, `most`.
 */
export function smallestServed(
  target: number,
  most: number,
  bySlice: (slice: number) => number,
): number {
  if (bySlice(most) < target) return most
  let stride = 1
  while (stride < most) stride *= 2
  let tooLittle = -1
  for (; stride >= 1; stride /= 2) {
    while (tooLittle + stride <= most && bySlice(tooLittle + stride) < target) tooLittle += stride
  }
  return tooLittle + 1
}
