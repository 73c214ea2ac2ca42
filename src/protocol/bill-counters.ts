import type { Counters } from '../adjudication/counters.ts'
import { placed, quoted, refuse, type Findings } from './findings.ts'
import { LIMITS } from './limits.ts'
import { forbiddenCharacter, scaledNumber } from './scalars.ts'
import { isBlank, isObject } from './section.ts'

const OWNERS = 'person|family|policy|group|stay|transferChain|accident'
const KEY = new RegExp(`^(?:${OWNERS}):[^|]+\\|[^|]+\\|[^|]*\\|[^|]*$`)

/** Decimal places of each unit a counter may be stated in. */
const UNIT_PLACES: Readonly<Record<string, number>> = { yuan: 2, days: 0, times: 0, quantity: 4 }

/**
 * Counters by canonical key. "1000.00" (a decimal point) is yuan, "3" times or days; `{ yuan }`, `{ times }`,
 * `{ days }` and `{ quantity }` say it outright. A JavaScript number without decimals could be either:
 * `COUNTER_UNIT_AMBIGUOUS`.
 */
export function readCounters(value: unknown, findings: Findings): Counters {
  const counters = new Map<string, number>()
  if (isBlank(value)) return counters
  if (!isObject(value)) {
    refuse(findings, 'FIELD_NOT_OBJECT', 'counters')
    return counters
  }
  const entries = Object.entries(value)
  if (entries.length > LIMITS.counters) {
    const details = { count: entries.length, max: LIMITS.counters }
    refuse(findings, 'LIST_TOO_LONG', 'counters', details)
    return counters
  }
  for (const [key, written] of entries) {
    const where = placed('counters', `["${quoted(key)}"]`)
    if (!isCounterKey(key)) refuse(findings, 'COUNTER_KEY_MALFORMED', where, { key: quoted(key) })
    const amount = readCounterValue(written, where, findings)
    if (amount !== undefined) counters.set(key, amount)
  }
  return counters
}

function isCounterKey(key: string): boolean {
  if (key.length > LIMITS.counterKeyCharacters || !KEY.test(key)) return false
  return forbiddenCharacter(key.replaceAll('|', '')) === undefined
}

function readCounterValue(value: unknown, where: string, findings: Findings): number | undefined {
  const amount = isObject(value) ? withUnit(value) : withoutUnit(value)
  if (typeof amount === 'number') return amount
  const code = amount === 'ambiguous' ? 'COUNTER_UNIT_AMBIGUOUS' : 'COUNTER_VALUE_MALFORMED'
  refuse(findings, code, where, { text: quoted(value) })
  return undefined
}

function withUnit(value: Readonly<Record<string, unknown>>): number | undefined {
  const [[unit, amount] = ['', undefined], another] = Object.entries(value)
  if (another !== undefined || !Object.hasOwn(UNIT_PLACES, unit)) return undefined
  const places = UNIT_PLACES[unit]
  return places === undefined ? undefined : scaledNumber(amount, places)
}

function withoutUnit(value: unknown): number | 'ambiguous' | undefined {
  if (typeof value === 'number' && Number.isInteger(value) && value !== 0) return 'ambiguous'
  const hasPoint = typeof value === 'number' || (typeof value === 'string' && value.includes('.'))
  return scaledNumber(value, hasPoint ? 2 : 0)
}
