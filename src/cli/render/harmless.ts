/**
 * Controls but line ends and tabs, halves of characters, and marks that turn the direction of writing: what a name in a
 * bill or pack could use to rewrite the screen or to show another text than it holds.
 */
const HARMFUL = /(?![\n\t])[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu

/** `text` with what a terminal would obey written as `\\u001b`, which in JSON is the same text. */
export function harmless(text: string): string {
  return text.replace(HARMFUL, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
