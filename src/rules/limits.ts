/** Most a file of packs may hold; beyond is refused with a code before any work grows with it. */
export const PACK_LIMITS = {
  /** Bytes of one file of packs or profiles, UTF-8. */
  textBytesMax: 4 * 1024 * 1024,
  /** Words, marks and spaces of one file: 200,000 codes in a list are about 800,000. */
  lexemesMax: 1_000_000,
  /** Maps and lists inside one another. */
  nestingMax: 32,
  benefitsMax: 200,
  /** Rows of one decision table. */
  tableRowsMax: 20_000,
  /** Codes or names of one list, inline or from a file. */
  listItemsMax: 200_000,
  /** Problems listed of one file; how many more there are is said. */
  problemsMax: 500,
} as const
