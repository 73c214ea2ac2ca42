import { createHash } from 'node:crypto'

/** Hex SHA-256 of the canonical JSON of `content`. */
export function contentHash(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content, 'left out'), 'utf8').digest('hex')
}

/** Exactly one row of a decision table matches, so their order says nothing. */
function isTableRow(item: unknown): boolean {
  return typeof item === 'object' && item !== null && Object.hasOwn(item, 'matches')
}

/** Codes of lists, which every version of a pack shares: written out once, not for each notice. */
const longLists = new WeakMap<object, string>()
const LONG = 1_000

/**
 * JSON with sorted keys and no white space: equal content gives equal text. Rows of decision tables are sorted;
 * absent members and the places of `places: 'left out'` (`where`, a text) are left out.
 */
export function canonicalJson(content: unknown, places: 'kept' | 'left out' = 'kept'): string {
  if (Array.isArray(content)) {
    const known = longLists.get(content)
    if (known !== undefined) return known
    const items = content.map((item: unknown) => canonicalJson(item, places))
    const text = `[${(content.every(isTableRow) ? items.toSorted() : items).join(',')}]`
    if (content.length >= LONG && content.every((item) => typeof item === 'string')) {
      longLists.set(content, text)
    }
    return text
  }
  if (typeof content === 'object' && content !== null) {
    const members = Object.entries(content)
      .filter(
        ([key, value]) => value !== undefined && !(places === 'left out' && isPlace(key, value)),
      )
      .toSorted(([left], [right]) => (left < right ? -1 : Number(left > right)))
      .map(([key, value]) => `${JSON.stringify(key)}:${canonicalJson(value, places)}`)
    return `{${members.join(',')}}`
  }
  return JSON.stringify(content)
}

/** A parameter or counter may be called `where` too, but is never a text. */
function isPlace(key: string, value: unknown): boolean {
  return key === 'where' && typeof value === 'string'
}
