import { assert } from '../assert.ts'

/**
 * Working space of `allocateInto`, grown to the largest call and wholly rewritten by each; it carries nothing from
 * one call to the next. Without it every benefit of every bill would allocate twice.
 */
const scratch = {
  remainders: new Float64Array(64),
  /** Bin of each remainder. */
  binOf: new Uint8Array(64),
  /** Cells of the bin in which the last fen ends, and in parallel their remainders, reordered. */
  cells: new Int32Array(64),
  ordered: new Float64Array(64),
}

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
  if (left > 0) allocateLeft(left, count, out)
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

/**
 * Writes every cell's floor to `out` and its remainder to the scratch, and counts the remainders by size into bins; returns the sum of
 * the floors. A larger remainder never stands in a lower bin, whatever the division rounds.
 */
function allocateFloors(
  total: number,
  sum: number,
  weights: Float64Array,
  count: number,
  out: Float64Array,
): number {
  const { remainders, binOf } = scratch
  const scale = BINS / sum
  for (let bin = 0; bin < BINS; bin += 1) inBin[bin] = 0
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
    const bin = Math.min(BINS - 1, Math.floor(remainder * scale))
    out[index] = share
    remainders[index] = remainder
    binOf[index] = bin
    inBin[bin] = (inBin[bin] ?? 0) + 1
    allocated += share
  }
  return allocated
}

/** So many that of a bill's cells one or two stand in each: comparing them all guesses wrong half the time. */
const BINS = 32
const inBin = new Int32Array(BINS)

/** One fen more for each of the `left` largest remainders: all of the higher bins, and of one bin those that are larger. */
function allocateLeft(left: number, count: number, out: Float64Array): void {
  let bin = BINS - 1
  let open = left
  while (bin > 0 && (inBin[bin] ?? 0) < open) {
    open -= inBin[bin] ?? 0
    bin -= 1
  }
  const { binOf, remainders, ordered, cells } = scratch
  let candidates = 0
  for (let index = 0; index < count; index += 1) {
    const own = binOf[index] ?? 0
    // 1 where its bin is a higher one; a condition would be guessed wrong half the time.
    out[index] = at(out, index) + ((bin - own) >>> 31)
    if (own !== bin) continue
    cells[candidates] = index
    ordered[candidates] = at(remainders, index)
    candidates += 1
  }
  assert(open > 0 && open <= candidates, 'the last fen go to cells of one bin')
  const threshold = candidates === open ? 0 : selectRank(ordered, candidates, candidates - open)
  addToLargest(open, threshold, candidates, out)
}

/** One fen more for `open` of the candidates: those above the threshold, and of those at it the earlier ones. */
function addToLargest(
  open: number,
  threshold: number,
  candidates: number,
  out: Float64Array,
): void {
  const { remainders, cells } = scratch
  let atThreshold = open
  for (let place = 0; place < candidates; place += 1) {
    if (at(remainders, cells[place] ?? 0) > threshold) atThreshold -= 1
  }
  for (let place = 0; place < candidates; place += 1) {
    const cell = cells[place] ?? 0
    const remainder = at(remainders, cell)
    if (remainder < threshold) continue
    if (remainder === threshold) {
      if (atThreshold === 0) continue
      atThreshold -= 1
    }
    out[cell] = at(out, cell) + 1
  }
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
  scratch.binOf = new Uint8Array(2 * count)
  scratch.cells = new Int32Array(2 * count)
  scratch.ordered = new Float64Array(2 * count)
}

function at(cells: Float64Array, index: number): number {
  const value = cells[index]
  assert(value !== undefined, 'a cell lies inside its array')
  return value
}
