import { formatEpochDay } from '../catalog/epoch-day.ts'
import { placed, refuse, type Findings } from '../protocol/findings.ts'
import { dayAt } from '../protocol/scalars.ts'
import { requireField } from '../protocol/bill-people.ts'
import { refuseField, type Section } from '../protocol/section.ts'
import type { Period } from './entries.ts'

/** `from` and `to` of an entry; undefined after a problem. */
export function readPeriod(section: Section): Period | undefined {
  requireField(section, 'from')
  const from = dateAt(section, 'from')
  const to = dateAt(section, 'to')
  if (from === undefined || (to === undefined && section.fields.has('to'))) return undefined
  if (to === undefined) return { from }
  if (to >= from) return { from, to }
  refuseField(section, 'to', 'END_BEFORE_START', { start: from, end: to })
  return undefined
}

/** Dates that were read before, as they were written: nearly all periods of a register begin and end on the same few. */
const KNOWN_DATES = new Map<unknown, string>()
const KNOWN_DATES_MAX = 4_096

/** `YYYY-MM-DD` of a date with or without a time. */
function dateAt(section: Section, key: string): string | undefined {
  const written = section.fields.get(key)
  if (written === undefined) return undefined
  const known = KNOWN_DATES.get(written)
  if (known !== undefined) return known
  const day = dayAt(section, key)
  if (day === undefined) return undefined
  if (KNOWN_DATES.size >= KNOWN_DATES_MAX) KNOWN_DATES.clear()
  const date = formatEpochDay(day)
  KNOWN_DATES.set(written, date)
  return date
}

/** A period, and where in the document it stands. */
export interface Placed<T extends Period> {
  readonly period: T
  readonly where: string
}

/** `periods` by their first day; `REGISTER_PERIODS_OVERLAP` at each that begins before another one has ended. */
export function inOrder<T extends Period>(
  periods: readonly Placed<T>[],
  findings: Findings,
): readonly T[] {
  const [only] = periods
  if (only !== undefined && periods.length === 1) return [only.period]
  const sorted = periods.toSorted((left, right) => compareText(left.period.from, right.period.from))
  for (const [index, { period, where }] of sorted.entries()) {
    const before = sorted[index - 1]?.period
    if (before === undefined || (before.to !== undefined && before.to < period.from)) continue
    const details = { from: period.from, other: `${before.from} – ${before.to ?? '…'}` }
    refuse(findings, 'REGISTER_PERIODS_OVERLAP', placed(where, 'from'), details)
  }
  return sorted.map(({ period }) => period)
}

/** By UTF-16 units, the same on every machine. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** Whether `day` (`YYYY-MM-DD`) lies inside. */
export function holdsOn({ from, to }: Period, day: string): boolean {
  return from <= day && (to === undefined || day <= to)
}
