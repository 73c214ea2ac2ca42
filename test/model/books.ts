/** An amount between two accounts. */
interface Pairing {
  readonly day: string
  readonly hospital: string
  readonly from: string
  readonly to: string
  readonly amount: number
}

/** One amount for each two accounts of a day and hospital, without zeros. */
export function netted(entries: readonly Pairing[]): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>()
  for (const { day, hospital, from, to, amount } of entries) {
    const isTurned = from > to
    const key = [day, hospital, ...(isTurned ? [to, from] : [from, to])].join(' ')
    sums.set(key, (sums.get(key) ?? 0) + (isTurned ? -amount : amount))
  }
  return sorted(new Map([...sums].filter(([, amount]) => amount !== 0)))
}

/** In the order of their names. */
export function sorted(map: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...map].sort(([left], [right]) => (left < right ? -1 : 1))
}
