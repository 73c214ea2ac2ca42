import type { Fen } from '../money/fen.ts'

/** More than this on a row is no rounding, unless many rows have it. */
const ROUNDING_FEN = 1
/** Up to this much on at least so many rows is rounding as well: a sum of rounded parts. */
const MANY = { fen: 5, rows: 5 } as const

/** What the two versions of one row's amounts say of themselves; undefined: only that they differ. */
export function amountError(
  ours: readonly Fen[],
  theirs: readonly Fen[],
): 'sign' | 'unit' | 'rounding' | undefined {
  const differing = ours
    .map((left, index) => [left, theirs[index] ?? left] as const)
    .filter(([left, right]) => left !== right)
  if (differing.every(([left, right]) => left === 0 - right)) return 'sign'
  if (differing.every(([left, right]) => isHundredfold(left, right))) return 'unit'
  if (differing.every(([left, right]) => isHundredfold(right, left))) return 'unit'
  return largestOf(differing) <= ROUNDING_FEN ? 'rounding' : undefined
}

function isHundredfold(small: number, large: number): boolean {
  return large !== 0 && large % 100 === 0 && large / 100 === small
}

function largestOf(pairs: readonly (readonly [number, number])[]): number {
  return pairs.reduce((most, [left, right]) => Math.max(most, Math.abs(right - left)), 0)
}

/** Which of `effects` are small enough to be rounding, given that there are many such. */
export function manySmall(effects: readonly (readonly number[])[]): readonly boolean[] {
  const small = effects.map((effect) => effect.every((part) => Math.abs(part) <= MANY.fen))
  const isMany = small.filter(Boolean).length >= MANY.rows
  return small.map((is) => is && isMany)
}
