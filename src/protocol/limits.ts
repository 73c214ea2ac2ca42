/** Every bound on what is read from outside; beyond one the answer is a coded refusal, at once. */
export const LIMITS = {
  /** Bytes of UTF-8 of one document. */
  textBytes: 16 * 1024 * 1024,
  /** Objects and lists inside each other. */
  jsonDepth: 16,
  lines: 20_000,
  policies: 64,
  counters: 10_000,
  /** Entries of a list of codes, such as diagnoses. */
  listEntries: 200,
  /** Policies left out, packs of a supplement. */
  names: 64,
  givenPayments: 64,
  /** Rows of setldetail. */
  nationalDetails: 200,
  /** Years, days, levels and ordinals: multiplied by an amount they must stay far inside what is exact. */
  wholeNumber: 1_000_000,
  /** UTF-16 units of a code or id. */
  codeCharacters: 120,
  /** UTF-16 units of a name meant for people. */
  nameCharacters: 500,
  /** UTF-16 units of a counter key. */
  counterKeyCharacters: 600,
  /** UTF-16 units repeated from a refused value. */
  quotedCharacters: 60,
  /** Problems listed for one document. */
  problems: 100,
  warnings: 1_000,
} as const
