/** Where two values part: the path of the member, and both sides as short text. */
export interface Difference {
  readonly field: string
  readonly stored: string
  readonly recomputed: string
}

const TEXT_MAX = 200
const ABSENT = '–'

/**
 * The first member, in the order in which the stored value has them, that is not equal in both. An absent member equals an
 * undefined one; the order of members does not matter, that of list items and of map entries does.
 */
export function firstDifference(
  stored: unknown,
  recomputed: unknown,
  field = '',
): Difference | undefined {
  if (stored === recomputed) return undefined
  if (!isObject(stored) || !isObject(recomputed)) return parted(field, stored, recomputed)
  if (stored instanceof Uint8Array || recomputed instanceof Uint8Array) {
    return isSameBytes(stored, recomputed) ? undefined : parted(field, stored, recomputed)
  }
  if (stored instanceof Map && recomputed instanceof Map) {
    return firstDifference([...stored], [...recomputed], field)
  }
  if (Array.isArray(stored) && Array.isArray(recomputed)) {
    return firstItem(stored, recomputed, field)
  }
  if (Array.isArray(stored) || Array.isArray(recomputed)) return parted(field, stored, recomputed)
  return firstMember(stored, recomputed, field)
}

function firstItem(
  stored: readonly unknown[],
  recomputed: readonly unknown[],
  field: string,
): Difference | undefined {
  const length = Math.max(stored.length, recomputed.length)
  for (let index = 0; index < length; index += 1) {
    if (stored[index] === recomputed[index]) continue
    const found = firstDifference(stored[index], recomputed[index], `${field}[${index}]`)
    if (found !== undefined) return found
  }
  return undefined
}

function firstMember(stored: Tree, recomputed: Tree, field: string): Difference | undefined {
  for (const key in stored) {
    if (stored[key] === recomputed[key]) continue
    const found = firstDifference(stored[key], recomputed[key], joined(field, key))
    if (found !== undefined) return found
  }
  for (const key in recomputed) {
    if (recomputed[key] === undefined || stored[key] !== undefined) continue
    return parted(joined(field, key), undefined, recomputed[key])
  }
  return undefined
}

type Tree = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null
}

function joined(field: string, key: string): string {
  return field === '' ? key : `${field}.${key}`
}

function isSameBytes(stored: unknown, recomputed: unknown): boolean {
  if (!(stored instanceof Uint8Array) || !(recomputed instanceof Uint8Array)) return false
  return Buffer.compare(stored, recomputed) === 0
}

function parted(field: string, stored: unknown, recomputed: unknown): Difference {
  return { field, stored: shortText(stored), recomputed: shortText(recomputed) }
}

/** A value as a text that fits a message. */
export function shortText(value: unknown): string {
  if (value === undefined) return ABSENT
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').slice(0, TEXT_MAX)
  const text = JSON.stringify(value instanceof Map ? [...value] : value) ?? typeof value
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX)}…`
}
