import type { RulePack } from '../rules/pack.ts'

/** First and last day in force, inclusive, as activated; days since 1970-01-01. They narrow the pack's own. */
export interface ActiveDays {
  readonly from?: number
  readonly to?: number
}

/**
 * The days of a version, whose pack holds for `own`, once another version takes over on the day `first` until `last`: it ends the
 * day before. `undefined`: no day is left to it.
 */
export function endedBefore<T extends ActiveDays>(
  version: T,
  own: RulePack['effective'],
  { first, last }: { readonly first: number; readonly last: number },
): T | undefined {
  const from = Math.max(own.from, version.from ?? own.from)
  const to = Math.min(own.to ?? Infinity, version.to ?? Infinity)
  if (to < first || from > last) return version
  return first > from ? { ...version, to: first - 1 } : undefined
}
