import { createHash } from 'node:crypto'

/** Hex SHA-256 of the canonical JSON of `content`. */
export function contentHash(content: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(content, ['where']), 'utf8')
    .digest('hex')
}

/**
 * JSON with sorted keys and no white space: equal content gives equal text. Members named in `without` and absent
 * members are left out.
 */
export function canonicalJson(content: unknown, without: readonly string[] = []): string {
  if (Array.isArray(content)) {
    return `[${content.map((item: unknown) => canonicalJson(item, without)).join(',')}]`
  }
  if (typeof content === 'object' && content !== null) {
    const members = Object.entries(content)
      .filter(([key, value]) => value !== undefined && !without.includes(key))
      .toSorted(([left], [right]) => (left < right ? -1 : Number(left > right)))
      .map(([key, value]) => `${JSON.stringify(key)}:${canonicalJson(value, without)}`)
    return `{${members.join(',')}}`
  }
  return JSON.stringify(content)
}
