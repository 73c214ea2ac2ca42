import type { CatalogEntry, EpochDay } from './entry.ts'

/** The compiled catalogue of any number of jurisdictions. */
export interface Catalog {
  readonly rowCount: number
  /** The entry of `code` in force on `day` in `jurisdiction`; at most one is. */
  find(jurisdiction: string, code: string, day: EpochDay): CatalogEntry | undefined
}
