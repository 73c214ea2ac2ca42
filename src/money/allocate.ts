import { assert } from '../assert.ts'

/**
 * Working space of `allocateInto`, grown to the largest call and wholly rewritten by each; it carries nothing from
 * one call to the next. Without it every benefit of every bill would allocate twice.
 */
const scratch = { remainders: new Float64Array(64), ordered: new Float64Array(64) }

/**
 * `total` fen spread over `weights` in proportion, exactly, by largest remainder; equal remainders go to the
 * earlier index. Each share is within one fen of exact, shares add up to `total`, a zero weight gets nothing, and
 * where `total` ≤ the sum of the weights no share exceeds its weight.
 *
 * `total` and every weight are safe integers ≥ 0, so is the sum of the weights; with `total` > 0 it is positive.
 */
export function allocateByLargestRemainder(total: number, weights: readonly number[]): number[] {
  const shares = new Float64Array(weights.length)
  allocateInto(total, Float64Array.from(weights), weights.length, shares)
  return Array.from(shares)
}

/**
 * `allocateByLargestRemainder` over the first `count` cells without allocating; `out` may be `weights` itself.
 * O(n) on average.
 */
export function allocateInto(
  total: number,
  weights: Float64Array,
  count: number,
  out: Float64Array,
): void {
  assert(Number.isSafeInteger(total) && total >= 0, 'an allocated total is a safe integer ≥ 0')
  assert(count <= weights.length && count <= out.length, 'every allocated cell has a place')
  const sum = sumOfWeights(weights, count)
  if (total === 0) {
    out.fill(0, 0, count)
    return
  }
  assert(sum > 0, 'a positive total has a positive weight to go to')
  if (total === sum) {
    if (out !== weights)
      for (let index = 0; index < count; index += 1) out[index] = at(weights, index)
    return
  }
  growScratch(count)
  const left = total - allocateFloors(total, sum, weights, count, out)
  assert(left >= 0 && left < count, 'floors leave less than one fen per cell')
  if (left > 0) allocateLeft(left, sum, count, out)
}

function sumOfWeights(weights: Float64Array, count: number): number {
  let sum = 0
  for (let index = 0; index < count; index += 1) {
    const weight = at(weights, index)
    assert(weight >= 0 && Number.isSafeInteger(weight), 'a weight is a safe integer ≥ 0')
    sum += weight
  }
  assert(sum <= Number.MAX_SAFE_INTEGER, 'the sum of the weights stays in the safe range')
  return sum
}

/** Writes every cell's floor to `out` and its remainder to the scratch; returns the sum of the floors. */
function allocateFloors(
  total: number,
  sum: number,
  weights: Float64Array,
  count: number,
  out: Float64Array,
): number {
  const { remainders } = scratch
  let allocated = 0
  for (let index = 0; index < count; index += 1) {
    const weight = at(weights, index)
    const product = total * weight
    let share = Math.floor(product / sum)
    let remainder = product - share * sum
    if (product > Number.MAX_SAFE_INTEGER) {
      const exact = BigInt(total) * BigInt(weight)
      share = Number(exact / BigInt(sum))
      remainder = Number(exact % BigInt(sum))
    }
    out[index] = share
    remainders[index] = remainder
    allocated += share
  }
  return allocated
}

/** One fen more for each of the `left` largest remainders; at the smallest of them the earlier cells win. */
function allocateLeft(left: number, sum: number, count: number, out: Float64Array): void {
  const { remainders } = scratch
  const threshold = largestRemainder(left, sum, count)
  let atThreshold = left
  for (let index = 0; index < count; index += 1) {
    if (at(remainders, index) > threshold) atThreshold -= 1
  }
  for (let index = 0; index < count; index += 1) {
    const remainder = at(remainders, index)
    if (remainder < threshold) continue
    if (remainder === threshold) {
      if (atThreshold === 0) continue
      atThreshold -= 1
    }
    out[index] = at(out, index) + 1
  }
}

/**
 * The `nth` largest remainder. They are counted by size into bins first, so that only one bin has to be ordered: comparing them
 * all guesses wrong half the time. A larger remainder never stands in a lower bin, whatever the division rounds.
 */
function largestRemainder(nth: number, sum: number, count: number): number {
  const { remainders, ordered } = scratch
  const scale = BINS / sum
  bins.fill(0)
  for (let index = 0; index < count; index += 1) {
    const bin = binOf(at(remainders, index), scale)
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  let bin = BINS - 1
  let above = 0
  while (bin > 0 && above + (bins[bin] ?? 0) < nth) {
    above += bins[bin] ?? 0
    bin -= 1
  }
  let inBin = 0
  for (let index = 0; index < count; index += 1) {
    const remainder = at(remainders, index)
    if (binOf(remainder, scale) !== bin) continue
    ordered[inBin] = remainder
    inBin += 1
  }
  return selectRank(ordered, inBin, inBin - (nth - above))
}

const BINS = 64
const bins = new Int32Array(BINS)

function binOf(remainder: number, scale: number): number {
  return Math.min(BINS - 1, Math.floor(remainder * scale))
}

/** The value that would stand at `rank` if the cells were sorted ascending; reorders them (Hoare's selection). */
function selectRank(cells: Float64Array, count: number, rank: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const pivot = at(cells, (low + high) >>> 1)
    let left = low - 1
    let right = high + 1
    for (;;) {
      do left += 1
      while (at(cells, left) < pivot)
      do right -= 1
      while (at(cells, right) > pivot)
      if (left >= right) break
      const value = at(cells, left)
      cells[left] = at(cells, right)
      cells[right] = value
    }
    if (rank <= right) high = right
    else low = right + 1
  }
  return at(cells, rank)
}

function growScratch(count: number): void {
  if (scratch.remainders.length >= count) return
  scratch.remainders = new Float64Array(2 * count)
  scratch.ordered = new Float64Array(2 * count)
}

function at(cells: Float64Array, index: number): number {
  const value = cells[index]
  assert(value !== undefined, 'a cell lies inside its array')
  return value
}
