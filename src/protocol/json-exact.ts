import { failure, problem, success, type Result } from '../errors/problem.ts'
import { quoted } from './findings.ts'
import { LIMITS } from './limits.ts'
import { readPlainJson } from './plain-json.ts'

/**
 * JSON text → tree in which every number stands as its source text ("4.50"), or as `numberText` makes of that, so that no amount
 * passes through a float; strings, true, false, null, lists and objects are as `JSON.parse` gives them.
 *
 * Refuses `TEXT_TOO_LARGE`, `JSON_MALFORMED`, `JSON_TOO_DEEP`, `JSON_KEY_REPEATED` (two equal keys in one object,
 * of which `JSON.parse` would keep the last) and `JSON_KEY_FORBIDDEN` (`__proto__`).
 */
export function parseJsonExact(
  text: string,
  numberText: (token: string) => string = (token) => token,
): Result<unknown> {
  const size = Buffer.byteLength(text, 'utf8')
  if (size > LIMITS.textBytes) {
    return failure(problem('TEXT_TOO_LARGE', '', { size, max: LIMITS.textBytes }))
  }
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const plain = readPlainJson(content, numberText)
  return plain === undefined ? parseCarefully(content, numberText) : success(plain.tree)
}

/** Any text that is not too large, without a byte order mark, with the first that is wrong. */
export function parseCarefully(
  text: string,
  numberText: (token: string) => string,
): Result<unknown> {
  const scanned = quoteNumbers(text, numberText)
  if (!scanned.ok) return scanned
  try {
    return success<unknown>(JSON.parse(scanned.value))
  } catch (error) {
    if (error instanceof SyntaxError) return failure(malformed(error.message))
    throw error
  }
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/
const TOKEN = /[-+.\w]+/y
const SPACE = /[ \t\r\n]*/y

/** The keys of one open object, or null for an open list. */
type Open = Set<string> | null

/**
 * Puts number tokens outside strings into quotes. A token that is no JSON number, or a number where a key belongs,
 * stays as it is for `JSON.parse` to refuse.
 */
function quoteNumbers(text: string, numberText: (token: string) => string): Result<string> {
  const parts: string[] = []
  const open: Open[] = []
  let copied = 0
  let index = 0
  while (index < text.length) {
    const character = text[index]
    if (character === '"') {
      const end = endOfString(text, index)
      const refused = checkKey(text, index, end, open.at(-1))
      if (refused !== undefined) return failure(refused)
      index = end
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : null)
      if (open.length > LIMITS.jsonDepth) {
        return failure(problem('JSON_TOO_DEEP', '', { max: LIMITS.jsonDepth }))
      }
      index += 1
    } else if (character === '}' || character === ']') {
      open.pop()
      index += 1
    } else {
      const token = matchAt(TOKEN, text, index)
      const end = index + token.length
      if (NUMBER.test(token) && !isKey(text, end)) {
        parts.push(text.slice(copied, index), '"', numberText(token), '"')
        copied = end
      }
      index = token === '' ? index + 1 : end
    }
  }
  parts.push(text.slice(copied))
  return success(parts.join(''))
}

function checkKey(text: string, start: number, end: number, keys: Open | undefined) {
  if (keys === undefined || keys === null || !isKey(text, end)) return undefined
  const raw = text.slice(start + 1, end - 1)
  const key = raw.includes('\\') ? unescapeKey(raw) : raw
  if (key === '__proto__') return problem('JSON_KEY_FORBIDDEN', '', { key })
  if (keys.has(key)) return problem('JSON_KEY_REPEATED', '', { key: quoted(key) })
  keys.add(key)
  return undefined
}

function unescapeKey(raw: string): string {
  try {
    return String(JSON.parse(`"${raw}"`))
  } catch (error) {
    // `JSON.parse` of the whole text names the place of the wrong escape.
    if (error instanceof SyntaxError) return raw
    throw error
  }
}

/** Index after the closing quote of the string that opens at `start`; the end of the text if it never closes. */
function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length) {
    const character = text[index]
    if (character === '\\') index += 2
    else if (character === '"') return index + 1
    else index += 1
  }
  return text.length
}

function isKey(text: string, end: number): boolean {
  return text[end + matchAt(SPACE, text, end).length] === ':'
}

function matchAt(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index
  return pattern.exec(text)?.[0] ?? ''
}

function malformed(why: string) {
  return problem('JSON_MALFORMED', '', { why: quoted(why) })
}
