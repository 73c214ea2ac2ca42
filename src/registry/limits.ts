/** Bounds of an import. */
export const REGISTRY_LIMITS = {
  /** Characters of one row, quoted line ends included; bytes of one line of NDJSON. */
  row: 1024 * 1024,
  columns: 200,
  /** Rows of one person in a CSV file. */
  personRows: 1_000,
  /** Entries handed over to be written at a time. */
  batch: 4_096,
  /** Problems listed of one file; the others are counted. */
  listed: 100,
} as const
