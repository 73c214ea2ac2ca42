import { problem, type Problem } from '../errors/problem.ts'

/** Every number anywhere in `value` that is not a safe integer, by its path. Nothing else can be recomputed exactly. */
export function numbersNotWhole(value: unknown, where: string): Problem[] {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return []
    return [problem('VERIFY_NUMBER_NOT_WHOLE', where, { stated: String(value) })]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    numbersNotWhole(member, Array.isArray(value) ? `${where}[${key}]` : joined(where, key)),
  )
}

/** Numbers that may lie below zero: what a package takes off, a refund owed, counters after a reversal. */
const SIGNED = new Set(['adjustment', 'cash', 'before', 'after'])

/** Steps that take back: a refund line, payments of equal rank lowered in their counters. */
const MAY_TAKE_AWAY = new Set(['refund', 'equalRank'])

const DENOMINATORS = new Set(['den', 'rateDen'])

/** Every number of the explanation that is negative and may not be, every zero denominator. */
export function numbersOutOfRange(value: unknown, where: string, step = ''): Problem[] {
  if (typeof value !== 'object' || value === null) return []
  const name = 'step' in value ? String(value.step) : step
  return Object.entries(value).flatMap(([key, member]) => {
    const path = Array.isArray(value) ? `${where}[${key}]` : joined(where, key)
    if (typeof member !== 'number') return numbersOutOfRange(member, path, name)
    if (member === 0 && DENOMINATORS.has(key)) {
      return [problem('VERIFY_DENOMINATOR_ZERO', path, { step: name, part: path })]
    }
    if (member >= 0 || SIGNED.has(key) || MAY_TAKE_AWAY.has(name)) return []
    const details = { step: name, part: path, stated: member }
    return [problem('VERIFY_AMOUNT_NEGATIVE', path, details)]
  })
}

function joined(where: string, key: string): string {
  return where === '' ? key : `${where}.${key}`
}
