import { parseEpochDay } from '../catalog/epoch-day.ts'
import { parseYuan, type Fen } from '../money/fen.ts'
import { cleanText, placed, quoted, refuse, refuseAll } from './findings.ts'
import { LIMITS } from './limits.ts'
import { placeOf, refuseField, type Section } from './section.ts'

/*
 * Readers of one field of a section. Each answers undefined when the field is not stated, and also, after adding a
 * problem, when it is wrong. Numbers come as source text or as JavaScript numbers; the latter are taken by their
 * shortest decimal text.
 */

/** Yuan, exact to the fen. */
export function moneyAt(section: Section, key: string): Fen | undefined {
  const value = section.fields.get(key)
  if (value === undefined) return undefined
  const text = numberText(value)
  if (text === undefined) {
    refuseField(section, key, 'AMOUNT_MALFORMED', { text: quoted(value) })
    return undefined
  }
  const amount = parseYuan(text)
  if (amount.ok) return amount.value
  refuseAll(section.findings, amount.problems, placeOf(section, key))
  return undefined
}

/** As `moneyAt`, but `FACT_NEGATIVE` below zero. */
export function moneyNotNegativeAt(section: Section, key: string): Fen | undefined {
  const amount = moneyAt(section, key)
  if (amount === undefined || amount >= 0) return amount
  refuseField(section, key, 'FACT_NEGATIVE', { text: quoted(section.fields.get(key)) })
  return undefined
}

/** A whole number from 0 to `LIMITS.wholeNumber`; trailing zeros after a point are allowed, as the national age 35.0. */
export function wholeAt(section: Section, key: string): number | undefined {
  const value = section.fields.get(key)
  if (value === undefined) return undefined
  const text = numberText(value)
  const whole = text === undefined ? null : /^([0-9]{1,16})(?:\.0{1,6})?$/.exec(text)
  const number = Number(whole?.[1] ?? Number.NaN)
  if (number <= LIMITS.wholeNumber) return number
  const details = { text: quoted(value), max: LIMITS.wholeNumber }
  refuseField(
    section,
    key,
    number > LIMITS.wholeNumber ? 'FACT_TOO_LARGE' : 'FACT_NOT_INTEGER',
    details,
  )
  return undefined
}

/** A decimal with at most `places` places as a whole number of its last place: "1.5" with 4 places is 15000. */
export function scaledAt(section: Section, key: string, places: number): number | undefined {
  const value = section.fields.get(key)
  if (value === undefined) return undefined
  const scaled = scaledNumber(value, places)
  if (scaled === undefined) {
    refuseField(section, key, 'NUMBER_MALFORMED', { text: quoted(value), places })
  }
  return scaled
}

/** `value` in units of its `places`-th decimal; undefined unless exact and a safe integer. */
export function scaledNumber(value: unknown, places: number): number | undefined {
  const text = numberText(value)
  const parts = text === undefined ? null : /^(-?)([0-9]{1,16})(?:\.([0-9]{1,40}))?$/.exec(text)
  if (parts === null) return undefined
  const [, sign, whole = '', decimals = ''] = parts
  if (/[1-9]/.test(decimals.slice(places))) return undefined
  const magnitude = Number(`${whole}${decimals.slice(0, places).padEnd(places, '0')}`)
  if (!Number.isSafeInteger(magnitude)) return undefined
  return sign === '-' ? 0 - magnitude : magnitude
}

export function booleanAt(section: Section, key: string): boolean | undefined {
  const value = section.fields.get(key)
  if (value === undefined || typeof value === 'boolean') return value
  refuseField(section, key, 'FACT_NOT_BOOLEAN', { text: quoted(value) })
  return undefined
}

/** A national flag: "1" is true, "0" false; true and false stand too. */
export function flagAt(section: Section, key: string): boolean | undefined {
  const text = numberText(section.fields.get(key))
  if (text === '1' || text === '0') return text === '1'
  return booleanAt(section, key)
}

/** A code or id without invisible characters and without `|`, which divides the parts of a counter key. */
export function codeAt(section: Section, key: string): string | undefined {
  const value = section.fields.get(key)
  return value === undefined ? undefined : readCode(value, placeOf(section, key), section)
}

/** A list of codes, in the order stated. */
export function codesAt(section: Section, key: string, max: number): readonly string[] | undefined {
  const value = section.fields.get(key)
  if (value === undefined) return undefined
  const place = placeOf(section, key)
  if (!Array.isArray(value)) {
    refuse(section.findings, 'FIELD_NOT_LIST', place)
    return undefined
  }
  const entries: readonly unknown[] = value
  if (entries.length > max) {
    refuse(section.findings, 'LIST_TOO_LONG', place, { count: entries.length, max })
    return undefined
  }
  return entries.flatMap(
    (entry, index) => readCode(entry, placed(place, `[${index}]`), section) ?? [],
  )
}

function readCode(value: unknown, place: string, { findings }: Section): string | undefined {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text !== 'string' || text === '') {
    refuse(findings, 'FACT_NOT_TEXT', place, { text: quoted(value) })
    return undefined
  }
  if (text.length > LIMITS.codeCharacters) {
    const details = { count: text.length, max: LIMITS.codeCharacters }
    refuse(findings, 'TEXT_TOO_LONG', place, details)
    return undefined
  }
  const character = forbiddenCharacter(text)
  if (character !== undefined) {
    refuse(findings, 'TEXT_CHARACTER_FORBIDDEN', place, { character })
    return undefined
  }
  return text
}

/** Nearly every code, decided without the tables of Unicode. */
const PRINTABLE_ASCII = /^[ -{}~]*$/

/** Hexadecimal code of the first character a code may not hold: controls, formats, lone surrogates, `|`, and what stands for lost ones. */
export function forbiddenCharacter(text: string): string | undefined {
  if (PRINTABLE_ASCII.test(text)) return undefined
  const found = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\uFFFD|]/u.exec(text)?.[0]
  return found?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')
}

/** A name for people: what cannot be shown is taken out, nothing else is judged. */
export function nameAt(section: Section, key: string): string | undefined {
  const value = section.fields.get(key)
  if (value === undefined) return undefined
  if (typeof value === 'string') return cleanText(value)
  refuseField(section, key, 'FACT_NOT_TEXT', { text: quoted(value) })
  return undefined
}

/** `YYYY-MM-DD` or `YYYY-MM-DD HH:mm:ss` as days since 1970-01-01. */
export function dayAt(section: Section, key: string): number | undefined {
  const value = section.fields.get(key)
  if (value === undefined) return undefined
  const date = typeof value === 'string' ? DATE_TEXT.exec(value)?.[1] : undefined
  const day = date === undefined ? undefined : parseEpochDay(date)
  if (day === undefined) refuseField(section, key, 'FACT_NOT_DATE', { text: quoted(value) })
  return day
}

const DATE_TEXT = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?: (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?$/

/** Source text of a number, or the shortest decimal of a JavaScript number; undefined for anything else. */
export function numberText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}
