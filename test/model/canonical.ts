import { objectOf } from './complete-bill.ts'
import type { Tree } from './model-split.ts'

const ENVELOPE: ReadonlySet<string> = new Set(
  'msgid inf_time sign cainfo signtype opter opter_name opter_type'.split(' '),
)

/** Members of a body that say something. */
export function business(body: unknown): Tree {
  return Object.fromEntries(
    Object.entries(objectOf(body)).filter(
      ([key, member]) => !ENVELOPE.has(key) && !isBlank(member),
    ),
  )
}

/** A body without what says only how it was sent. */
export function canonical(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(canonical)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => !ENVELOPE.has(key) && !isBlank(member))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => [key, canonical(member)]),
  )
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
