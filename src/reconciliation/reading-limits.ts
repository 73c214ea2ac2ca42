/** Bounds on a file that is compared; beyond one the file is refused. */
export const READING_LIMITS = {
  /** Bytes of a file. */
  bytes: 1024 * 1024 * 1024,
  /** UTF-16 units of a row. */
  rowCharacters: 16_384,
  rows: 1_000_000,
  /** UTF-16 units of an id, code or account. */
  cellCharacters: 600,
  /** Problems listed for one file. */
  problems: 20,
  /** UTF-16 units repeated from a refused value. */
  quotedCharacters: 60,
} as const
