/** Bounds of a workbook; beyond one the file is refused before, or as soon as, it takes the memory. */
export const XLSX_LIMITS = {
  /** Files in the archive. */
  entries: 1_000,
  /** Bytes, unpacked, of each part that is read and of all of them together, as the directory of the archive states them. */
  unpackedBytes: 128 * 1024 * 1024,
  /** Elements inside each other. */
  depth: 32,
  /** UTF-16 units of a cell: what Excel takes itself. */
  cellCharacters: 32_767,
  sharedTexts: 1_000_000,
  /** UTF-16 units of all of them. */
  sharedCharacters: 64 * 1024 * 1024,
  cellFormats: 65_536,
  rows: 1_048_576,
} as const
