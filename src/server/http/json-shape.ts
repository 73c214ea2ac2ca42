/** How deep a body may nest, and how many values and members it may have: far more than any request needs. */
export const JSON_DEPTH_MAX = 64
export const JSON_VALUES_MAX = 50_000

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Whether a text that may be JSON keeps to the bounds. It is looked at before it is parsed: a few MB of brackets or of members take
 * seconds to become values, and everybody else would wait for it.
 */
export function isBoundedJson(text: Uint8Array): boolean {
  let [depth, values, isInText] = [0, 1, false]
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at]
    if (isInText) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) isInText = false
    } else if (byte === QUOTE) isInText = true
    else if (byte === COMMA) values += 1
    else if (byte === OPEN_LIST || byte === OPEN_MAP) {
      depth += 1
      values += 1
    } else if (byte === CLOSE_LIST || byte === CLOSE_MAP) depth -= 1
    if (depth > JSON_DEPTH_MAX || values > JSON_VALUES_MAX) return false
  }
  return true
}
