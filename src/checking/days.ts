import type { CompiledPack } from '../rules/compiled.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Days on which the pack is in force: first that with most packs beside it, then the borders of versions and named days. */
export function daysOf(
  { pack }: CompiledPack,
  packs: readonly CompiledPack[],
  { days }: Vocabulary,
): readonly number[] {
  const isWithin = (day: number, { from, to }: CompiledPack['pack']['effective']) =>
    day >= from && (to === undefined || day <= to)
  const borders = packs.flatMap((other) => [
    other.pack.effective.from,
    ...(other.pack.effective.to === undefined ? [] : [other.pack.effective.to]),
  ])
  const named = [...days].flatMap((day) => [day - 1, day, day + 1])
  const possible = [...new Set([pack.effective.from, ...borders, ...named])]
    .filter((day) => isWithin(day, pack.effective))
    .toSorted((left, right) => left - right)
  const inForce = (day: number) =>
    packs.filter((other) => isWithin(day, other.pack.effective)).length
  const best = possible.toSorted((left, right) => inForce(right) - inForce(left))[0]
  return best === undefined ? [] : [best, ...possible.filter((day) => day !== best)]
}
