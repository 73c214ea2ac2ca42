const DAY_MS = 86_400_000
/** Asia/Shanghai is eight hours ahead all year. */
const SHANGHAI_MS = 8 * 3_600_000

/** Day in Asia/Shanghai of a time in ms: days since 1970-01-01. */
export function dayOf(at: number): number {
  return Math.floor((at + SHANGHAI_MS) / DAY_MS)
}

/** The day entries are posted in: never a closed one. */
export function accountingDay(at: number, closed: number | null): number {
  const day = dayOf(at)
  return closed !== null && day <= closed ? closed + 1 : day
}
