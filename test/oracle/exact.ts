/** An exact number: `num / den`, `den` > 0, never reduced: slow and plain. */
export interface Exact {
  readonly num: bigint
  readonly den: bigint
}

export function exact(num: number | bigint, den: number | bigint = 1): Exact {
  return { num: BigInt(num), den: BigInt(den) }
}

export function plus(a: Exact, b: Exact): Exact {
  return { num: a.num * b.den + b.num * a.den, den: a.den * b.den }
}

export function minus(a: Exact, b: Exact): Exact {
  return { num: a.num * b.den - b.num * a.den, den: a.den * b.den }
}

export function times(a: Exact, b: Exact): Exact {
  return { num: a.num * b.num, den: a.den * b.den }
}

/** `b` is not zero. */
export function over(a: Exact, b: Exact): Exact {
  const sign = b.num < 0n ? -1n : 1n
  return { num: a.num * b.den * sign, den: a.den * b.num * sign }
}

/** Below zero, zero or above zero as `a` is less than, equal to or greater than `b`. */
export function compare(a: Exact, b: Exact): number {
  const difference = a.num * b.den - b.num * a.den
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Half away from zero to a whole number. */
export function round(a: Exact): number {
  const magnitude = a.num < 0n ? -a.num : a.num
  const rounded = (2n * magnitude + a.den) / (2n * a.den)
  return safe(a.num < 0n ? -rounded : rounded)
}

/** A result left the safe range of whole numbers: the bill is refused. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

function safe(value: bigint): number {
  const result = Number(value)
  if (!Number.isSafeInteger(result)) throw new TooLarge(`${value} is past the safe range`)
  return result + 0
}

export function sum(amounts: Iterable<number>): number {
  let total = 0n
  for (const amount of amounts) total += BigInt(amount)
  return safe(total)
}

/** Amounts by cell: cell = line × 7 + column. */
export type Cells = ReadonlyMap<number, number>

export function total(cells: Cells): number {
  return sum(cells.values())
}

/**
 * `amount` over `weights` by largest remainder: floors first, then one fen each to the largest remainders, ties to
 * the lower cell. Only cells that get something are in the answer. `amount` ≤ the sum of the weights.
 */
export function largestRemainder(amount: number, weights: Cells): Map<number, number> {
  const all = BigInt(total(weights))
  const shares = new Map<number, number>()
  if (amount === 0) return shares
  if (all < BigInt(amount) || amount < 0) throw new Error(`cannot spread ${amount} over ${all}`)
  return spreadInProportion(amount, weights)
}

/** As `largestRemainder`, but the amount may be more than the weights add up to. */
export function spreadInProportion(amount: number, weights: Cells): Map<number, number> {
  const all = BigInt(total(weights))
  const rows = [...weights]
    .filter(([, weight]) => weight > 0)
    .sort((a, b) => a[0] - b[0])
    .map(([cell, weight]) => {
      const product = BigInt(amount) * BigInt(weight)
      return { cell, share: product / all, remainder: product % all }
    })
  let left = BigInt(amount) - rows.reduce((so, row) => so + row.share, 0n)
  const byRemainder = [...rows].sort((a, b) =>
    a.remainder === b.remainder ? a.cell - b.cell : a.remainder > b.remainder ? -1 : 1,
  )
  for (const row of byRemainder) {
    if (left === 0n) break
    row.share += 1n
    left -= 1n
  }
  return new Map(rows.filter((row) => row.share > 0n).map((row) => [row.cell, Number(row.share)]))
}

/** `a` − `b`, cell by cell; cells that come to zero are left out. */
export function without(a: Cells, b: Cells): Map<number, number> {
  const rest = new Map<number, number>()
  for (const [cell, amount] of a) {
    const left = amount - (b.get(cell) ?? 0)
    if (left < 0) throw new Error(`cell ${cell} would go below zero`)
    if (left > 0) rest.set(cell, left)
  }
  return rest
}

export function add(into: Map<number, number>, more: Cells): void {
  for (const [cell, amount] of more) into.set(cell, sum([into.get(cell) ?? 0, amount]))
}
