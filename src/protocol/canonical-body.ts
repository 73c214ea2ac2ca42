import { isBlank } from './section.ts'

/** Members that say how a request was sent, not what it asks for. */
export const ENVELOPE: ReadonlySet<string> = new Set([
  'msgid',
  'inf_time',
  'sign',
  'signtype',
  'cainfo',
  'opter',
  'opter_name',
  'opter_type',
])

/**
 * A body in one form whatever it came in: numbers as their shortest decimal text, members that are null, "" or absent left out,
 * keys in ascending order. Undefined when it is deeper than `depthMax`, or holds anything but plain data, a whole number that a
 * double may have rounded (two ids would be one), or text that is not Unicode: half a surrogate pair would come back from the store, and from a worker, as another character than it was judged by.
 */
export function canonicalBody(value: unknown, depthMax: number): unknown {
  if (depthMax < 0) return undefined
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return exactNumberText(value)
  return typeof value === 'object' ? canonicalObject(value, depthMax) : undefined
}

/** The shortest decimal text of a number; undefined for one that a double may have rounded. */
export function exactNumberText(value: number): string | undefined {
  const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)
  return isExact ? String(value) : undefined
}

/** The shortest text of a number of a JSON text, as other encodings bring it: 4.50 is 4.5. An exponent is its reader's to refuse. */
export function shortNumber(token: string): string {
  // Most numbers have nothing to leave out.
  if (!token.endsWith('0') || /[eE]/.test(token)) return token
  const short = token.includes('.') ? token.replace(/\.?0+$/, '') : token
  return short === '-0' ? '0' : short
}

function canonicalObject(value: object, depthMax: number): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value as readonly unknown[]) {
      const canonical = canonicalBody(item, depthMax - 1)
      if (canonical === undefined) return undefined
      items.push(canonical)
    }
    return items
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  const members: Record<string, unknown> = {}
  const keys = Object.keys(value)
  if (!isAscending(keys)) keys.sort()
  for (const key of keys) {
    const member = (value as Readonly<Record<string, unknown>>)[key]
    if (isBlank(member)) continue
    if (key === '__proto__' || !key.isWellFormed()) return undefined
    const canonical = canonicalBody(member, depthMax - 1)
    if (canonical === undefined) return undefined
    members[key] = canonical
  }
  return members
}

function isAscending(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index += 1) {
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return false
  }
  return true
}

/** A canonical body without the members of the envelope, at its top: what is asked for, and what a fingerprint is taken over. */
export function businessContent(
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isEnveloped = Object.keys(body).some((key) => ENVELOPE.has(key))
  if (!isEnveloped) return body
  return Object.fromEntries(Object.entries(body).filter(([key]) => !ENVELOPE.has(key)))
}
