import { LIMITS } from './limits.ts'

/*
 * JSON text as nearly every sender writes it: plain numbers, no key twice. The text is gone through once by character codes, its
 * numbers put into quotes, and what `JSON.parse` makes of it has its keys counted: two equal keys in one object leave fewer than
 * were written. At anything else this gives up, and `parseJsonExact` reads the text from its beginning and says what is wrong.
 * test/protocol/json-exact.test.ts compares the two.
 */

/** The tree of `text`; undefined when it is not plain, whether right or wrong. */
export function readPlainJson(
  text: string,
  numberText: (token: string) => string,
): { readonly tree: unknown } | undefined {
  const scanned = scan(text, numberText)
  if (scanned === undefined) return undefined
  const tree = parsed(scanned.quoted)
  return tree === undefined || keysIn(tree) !== scanned.keys ? undefined : { tree }
}

/** Undefined for what is no JSON: `null` is a tree. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c]
const [MINUS, POINT, ZERO, NINE] = [0x2d, 0x2e, 0x30, 0x39]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

interface Scanned {
  /** The text, its numbers in quotes. */
  readonly quoted: string
  readonly keys: number
}

function scan(text: string, numberText: (token: string) => string): Scanned | undefined {
  const parts: string[] = []
  let [copied, keys, depth, index] = [0, 0, 0, 0]
  while (index < text.length) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) {
      index = endOfString(text, index)
      if (text.charCodeAt(endOfSpace(text, index)) === COLON) keys += 1
    } else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, index)
      if (end === undefined) return undefined
      parts.push(text.slice(copied, index), numberText(text.slice(index, end)))
      copied = end
      index = end
    } else {
      if (code === OPEN_OBJECT || code === OPEN_LIST) depth += 1
      else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1
      if (depth > LIMITS.jsonDepth) return undefined
      index += 1
    }
  }
  if (copied === 0) return { quoted: text, keys }
  parts.push(text.slice(copied))
  return { quoted: parts.join('"'), keys }
}

/** Index after the closing quote; the end of the text if it never closes. */
function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) return index + 1
    index += code === BACKSLASH ? 2 : 1
  }
  return text.length
}

function endOfSpace(text: string, start: number): number {
  let index = start
  for (;;) {
    const code = text.charCodeAt(index)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return index
    index += 1
  }
}

/** Index after a number without an exponent; undefined where it is another one, or none, or goes on, or is a key. */
function endOfNumber(text: string, start: number): number | undefined {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start
  let end = endOfDigits(text, first)
  if (end === first || (end > first + 1 && text.charCodeAt(first) === ZERO)) return undefined
  if (text.charCodeAt(end) === POINT) {
    const decimals = end + 1
    end = endOfDigits(text, decimals)
    if (end === decimals) return undefined
  }
  const after = endOfSpace(text, end)
  const next = text.charCodeAt(after)
  // What goes on is another token, and a colon would make a key of it.
  const isEnded = next === COMMA || next === CLOSE_OBJECT || next === CLOSE_LIST
  return isEnded || after === text.length ? end : undefined
}

function endOfDigits(text: string, start: number): number {
  let index = start
  while (isDigit(text.charCodeAt(index))) index += 1
  return index
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}

/** Keys of all objects in `tree`; not a number where one is `__proto__`. */
function keysIn(tree: unknown): number {
  if (typeof tree !== 'object' || tree === null) return 0
  let keys = 0
  if (Array.isArray(tree)) {
    for (let index = 0; index < tree.length; index += 1) {
      const item: unknown = tree[index]
      if (typeof item === 'object') keys += keysIn(item)
    }
    return keys
  }
  const members = tree as Readonly<Record<string, unknown>>
  for (const key in members) {
    if (key === '__proto__') return Number.NaN
    const member = members[key]
    keys += typeof member === 'object' ? 1 + keysIn(member) : 1
  }
  return keys
}
