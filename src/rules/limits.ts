/** Most a file of packs may hold; beyond is refused with a code before any work grows with it. */
export const PACK_LIMITS = {
  /** Bytes of one file of packs or profiles, UTF-8. */
  textBytesMax: 4 * 1024 * 1024,
  /** Maps and lists inside one another. */
  nestingMax: 32,
  benefitsMax: 200,
  /** Rows of one decision table. */
  tableRowsMax: 20_000,
  /** Codes or names of one list, inline or from a file. */
  listItemsMax: 200_000,
} as const
