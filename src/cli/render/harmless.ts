/**
 * Controls but line ends and tabs, halves of characters, and marks that turn the direction of writing: what a name in a
 * bill or pack could use to rewrite the screen or to show another text than it holds.
 */
const HARMFUL =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]|\p{Cs}/gu

/** `text` with what a terminal would obey written as `\\u001b`, which in JSON is the same text. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
