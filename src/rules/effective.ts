import type { RulePack } from './pack.ts'

/** Whether this version of a pack is in force on a day, its first and its last included. */
export function isInForce({ effective: { from, to } }: RulePack, day: number): boolean {
  return day >= from && (to === undefined || day <= to)
}
