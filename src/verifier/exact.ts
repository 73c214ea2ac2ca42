/** Amounts by cell, fen; a cell that is absent holds nothing. */
export type Amounts = ReadonlyMap<number, bigint>

export function total(amounts: Iterable<bigint>): bigint {
  let sum = 0n
  for (const amount of amounts) sum += amount
  return sum
}

export function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}

export function notNegative(amount: bigint): bigint {
  return amount > 0n ? amount : 0n
}

/** `num / den` rounded half away from zero; `den` > 0. */
export function rounded(num: bigint, den: bigint): bigint {
  const magnitude = ((num < 0n ? -num : num) * 2n + den) / (den * 2n)
  return num < 0n ? -magnitude : magnitude
}

/**
 * `amount` over the cells in proportion to what they hold, by largest remainder, ties to the lower cell. What all of
 * the cells together do not hold is not spread: no cell gets more than it has.
 */
export function spread(amount: bigint, over: Amounts): Map<number, bigint> {
  const room = total(over.values())
  const wanted = smaller(amount, room)
  const shares = new Map<number, bigint>()
  if (wanted <= 0n) return shares
  const ranked: { readonly cell: number; readonly remainder: bigint }[] = []
  let left = wanted
  for (const [cell, weight] of over) {
    const share = (wanted * weight) / room
    shares.set(cell, share)
    ranked.push({ cell, remainder: (wanted * weight) % room })
    left -= share
  }
  ranked.sort((one, other) => {
    if (one.remainder === other.remainder) return one.cell - other.cell
    return one.remainder > other.remainder ? -1 : 1
  })
  for (const { cell } of ranked.slice(0, Number(left))) {
    shares.set(cell, (shares.get(cell) ?? 0n) + 1n)
  }
  return shares
}

/** Cell by cell `left` + `right`. */
export function plus(left: Amounts, right: Amounts): Map<number, bigint> {
  const sums = new Map(left)
  for (const [cell, amount] of right) sums.set(cell, (sums.get(cell) ?? 0n) + amount)
  return sums
}

/** Cell by cell `left` − `right`. */
export function minus(left: Amounts, right: Amounts): Map<number, bigint> {
  const rests = new Map(left)
  for (const [cell, amount] of right) rests.set(cell, (rests.get(cell) ?? 0n) - amount)
  return rests
}

/** The part of `amounts` that lies in `cells`. */
export function within(amounts: Amounts, cells: Iterable<number>): Map<number, bigint> {
  const part = new Map<number, bigint>()
  for (const cell of cells) {
    const amount = amounts.get(cell)
    if (amount !== undefined) part.set(cell, amount)
  }
  return part
}

/** Yuan with two places, of any size. */
export function yuan(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
