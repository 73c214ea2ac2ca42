const DAY_MS = 86_400_000
const SHANGHAI_MS = 8 * 3_600_000

const ISO_DAYS = new Map<number, string>()

/** Day in Asia/Shanghai of a moment, days since 1970-01-01. */
export function dayOf(at: number): number {
  return Math.floor((at + SHANGHAI_MS) / DAY_MS)
}

/** The moment at which that day begins. */
export function startOf(day: number): number {
  return day * DAY_MS - SHANGHAI_MS
}

export function isoDay(day: number): string {
  const known = ISO_DAYS.get(day)
  if (known !== undefined) return known
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10)
  ISO_DAYS.set(day, text)
  return text
}

export function dayOfIso(text: string): number {
  return Math.floor(Date.parse(`${text}T00:00:00Z`) / DAY_MS)
}
