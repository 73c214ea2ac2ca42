/** Parts of documents that come from outside, or from the ledger. */

export type Member = Readonly<Record<string, unknown>>

export function isMap(value: unknown): value is Member {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list of texts that all match, none of them twice. */
export function isTextList(value: unknown, pattern: RegExp, max: number): value is string[] {
  if (!Array.isArray(value) || value.length > max || new Set(value).size !== value.length) {
    return false
  }
  return value.every((item) => typeof item === 'string' && pattern.test(item))
}

/** Members that `known` does not name. */
export function strangers(map: Member, known: readonly string[]): readonly string[] {
  return Object.keys(map).filter((key) => !known.includes(key))
}
