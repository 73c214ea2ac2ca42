import { parseYuan } from '../../money/fen.ts'
import { problem } from '../../errors/problem.ts'
import type { FactType } from '../facts.ts'
import type { Match } from '../pack.ts'
import { factNamed, visibleType } from './expression-type.ts'
import type { Findings } from './findings.ts'
import type { RawMatch } from './raw-value.ts'

type MatchValue = string | number | boolean

const WHOLE_NUMBER = /^-?(?:0|[1-9][0-9]*)$/
const RANGE = /^(-?[0-9]+(?:\.[0-9]+)?)?\.\.(-?[0-9]+(?:\.[0-9]+)?)?$/

/** Types whose keys may be ranges; an expression whose type the text does not tell is read by the look of the key. */
const RANGED: readonly (FactType | undefined)[] = ['int', 'money', undefined]

/**
 * The key `raw` of a table over the expression `by`: `*`, an exact value, alternatives `1|2`, or an inclusive
 * range `60..69`, `70..`, `..59` (in yuan for money). Undefined after reporting a key that can never match.
 */
export function readMatch(raw: RawMatch, by: string, findings: Findings): Match | undefined {
  if (raw.text === '*') return { type: 'any' }
  const type = visibleType(by)
  const ends = RANGED.includes(type) ? RANGE.exec(raw.text) : null
  const match = ends === null ? exactValues(raw.text, type, by) : range(ends[1], ends[2], type)
  if (match === undefined) {
    const details = { key: raw.text.slice(0, 60), by: by.slice(0, 80) }
    findings.add(problem('PACK_TABLE_KEY', raw.where, details), raw)
  }
  return match
}

function range(
  from: string | undefined,
  to: string | undefined,
  type: FactType | undefined,
): Match | undefined {
  const low = from === undefined ? undefined : rangeEnd(from, type)
  const high = to === undefined ? undefined : rangeEnd(to, type)
  const broken =
    (from !== undefined && low === undefined) || (to !== undefined && high === undefined)
  if (broken || (low === undefined && high === undefined)) return undefined
  if (low !== undefined && high !== undefined && low > high) return undefined
  return {
    type: 'range',
    ...(low === undefined ? {} : { from: low }),
    ...(high === undefined ? {} : { to: high }),
  }
}

function rangeEnd(text: string, type: FactType | undefined): number | undefined {
  return type === 'money' ? fenOf(text) : wholeNumber(text)
}

function exactValues(text: string, type: FactType | undefined, by: string): Match | undefined {
  const possible = factNamed(by)?.values
  const values = text.split('|').map((part) => exactValue(part.trim(), type))
  const known = values.filter((value) => value !== undefined)
  const reachable = known.every(
    (value) => possible === undefined || possible.some((candidate) => candidate === value),
  )
  return known.length === values.length && reachable ? { type: 'anyOf', values: known } : undefined
}

function exactValue(text: string, type: FactType | undefined): MatchValue | undefined {
  switch (type) {
    case 'int':
      return wholeNumber(text)
    case 'money':
      return fenOf(text)
    case 'bool':
      return text === 'true' || text === 'false' ? text === 'true' : undefined
    case 'string':
      return text === '' ? undefined : text
    case 'date':
    case 'strings':
      return undefined
    case undefined:
      return valueByLook(text)
  }
}

/** Only canonical forms become numbers and booleans, so the compiler can turn them back into the text. */
function valueByLook(text: string): MatchValue | undefined {
  if (text === 'true' || text === 'false') return text === 'true'
  return wholeNumber(text) ?? (text === '' ? undefined : text)
}

function wholeNumber(text: string): number | undefined {
  const value = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value + 0 : undefined
}

function fenOf(text: string): number | undefined {
  const amount = parseYuan(text)
  return amount.ok ? amount.value : undefined
}
