import type { ErrorCode } from '../errors/codes.ts'
import { nearestWord } from '../rules/read/nearest.ts'
import { placed, quoted, refuse, type Details, type Findings } from './findings.ts'
import { LIMITS } from './limits.ts'

/** Which keys an object of the document may have. */
export interface Shape {
  readonly known: ReadonlySet<string>
  /** Other name of a field → our name, e.g. the national interface's. */
  readonly aliases: ReadonlyMap<string, string>
  /** Fields of national messages that say nothing we read. */
  readonly ignored: ReadonlySet<string>
  /** Fields only the engine computes. */
  readonly derived: ReadonlySet<string>
}

/** One object of the document under our names; keys that were null or "" are not stated and not here. */
export interface Section {
  readonly fields: ReadonlyMap<string, unknown>
  /** Our name → the name it was written under, where that differs. */
  readonly writtenAs: ReadonlyMap<string, string>
  readonly where: string
  readonly findings: Findings
}

const EMPTY: ReadonlyMap<string, string> = new Map<string, string>()

export function shape(known: Iterable<string>, more: Partial<Omit<Shape, 'known'>> = {}): Shape {
  return {
    known: new Set(known),
    aliases: more.aliases ?? EMPTY,
    ignored: more.ignored ?? new Set(),
    derived: more.derived ?? new Set(),
  }
}

/** The names in `text`, divided by single spaces. */
export function words(text: string): readonly string[] {
  return text.split(' ')
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isBlank(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === ''
}

/**
 * The object `value` under our names. `FIELD_NOT_OBJECT`, `FIELD_UNKNOWN` naming the nearest known key,
 * `FACT_DERIVED`, `FIELD_STATED_TWICE` for one field under two names.
 */
export function openSection(
  value: unknown,
  where: string,
  allowed: Shape,
  findings: Findings,
): Section {
  const fields = new Map<string, unknown>()
  let writtenAs: Map<string, string> | undefined
  if (!isObject(value)) refuse(findings, 'FIELD_NOT_OBJECT', where)
  else {
    for (const [written, content] of Object.entries(value)) {
      const key = keyOf(written, where, allowed, findings)
      if (key === undefined || isBlank(content)) continue
      if (fields.has(key)) {
        const other = writtenAs?.get(key) ?? key
        refuse(findings, 'FIELD_STATED_TWICE', placed(where, written), { key: written, other })
        continue
      }
      fields.set(key, content)
      if (key !== written) (writtenAs ??= new Map()).set(key, written)
    }
  }
  return { fields, writtenAs: writtenAs ?? EMPTY, where, findings }
}

function keyOf(written: string, where: string, allowed: Shape, findings: Findings) {
  if (allowed.known.has(written)) return written
  const key = allowed.aliases.get(written)
  if (key !== undefined) return key
  if (allowed.ignored.has(written)) return undefined
  // The list is closed: what would be said of hundreds of thousands of fields more is not worked out.
  if (findings.problems.length > LIMITS.problems) return undefined
  const details = { key: quoted(written) }
  if (allowed.derived.has(written))
    refuse(findings, 'FACT_DERIVED', placed(where, details.key), details)
  else {
    const nearest = nearestWord(written, [...allowed.known, ...allowed.aliases.keys()])
    refuse(findings, 'FIELD_UNKNOWN', placed(where, details.key), { ...details, nearest })
  }
  return undefined
}

/** Place of a field as it was written. */
export function placeOf(section: Section, key: string): string {
  return placed(section.where, section.writtenAs.get(key) ?? key)
}

export function refuseField(
  section: Section,
  key: string,
  code: ErrorCode,
  details: Details = {},
): void {
  refuse(section.findings, code, placeOf(section, key), details)
}
