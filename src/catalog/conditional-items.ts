/**
 * A cell that may hold one value or several that depend on something:
 *
 *     0.1
 *     person=11: 0.05; person=12 visit=21: 0.1
 *
 * An item without a condition on a key holds for every value of that key.
 */
export interface ConditionalItem {
  readonly conditions: Readonly<Partial<Record<string, string>>>
  readonly value: string
}

const ITEMS_MAX = 64

/** The items of `text`, none for the empty text; 'overlap' when two of them can hold at the same time. */
export function parseConditionalItems(
  text: string,
  keys: readonly string[],
): readonly ConditionalItem[] | 'malformed' | 'overlap' {
  if (text === '') return []
  const items: ConditionalItem[] = []
  for (const part of text.split(';', ITEMS_MAX + 1)) {
    const item = parseItem(part.trim(), keys)
    if (item === undefined || items.length === ITEMS_MAX) return 'malformed'
    if (items.some((earlier) => canBothHold(earlier, item, keys))) return 'overlap'
    items.push(item)
  }
  return items
}

function parseItem(text: string, keys: readonly string[]): ConditionalItem | undefined {
  const colon = text.indexOf(':')
  if (text === '' || colon === text.length - 1) return undefined
  if (colon < 0) return { conditions: {}, value: text }
  const conditions: Partial<Record<string, string>> = {}
  for (const condition of text.slice(0, colon).trim().split(/ +/)) {
    const parts = /^([a-z]+)=([!-:<-~]{1,50})$/.exec(condition)
    const [key, expected] = [parts?.[1], parts?.[2]]
    if (key === undefined || !keys.includes(key) || conditions[key] !== undefined) return undefined
    conditions[key] = expected
  }
  return { conditions, value: text.slice(colon + 1).trim() }
}

function canBothHold(left: ConditionalItem, right: ConditionalItem, keys: readonly string[]) {
  return keys.every((key) => {
    const [a, b] = [left.conditions[key], right.conditions[key]]
    return a === undefined || b === undefined || a === b
  })
}
