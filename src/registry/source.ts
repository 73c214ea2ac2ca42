import type { Problem } from '../errors/problem.ts'

/** One thing that a file states: a person with all its rows, or one row of anything else. */
export interface SourceItem {
  /** What `readRegistryEntry` takes; of a roster, what `readRosterRow` takes. */
  readonly tree: unknown
  /** Of its first row, 1-based. */
  readonly line: number
  readonly rows: number
  /** Of a person with several rows: where each entry of its lists stands. */
  readonly parts?: PartLines
}

/** Line of each entry of a list of the tree. */
export interface PartLines {
  readonly coverage: readonly number[]
  readonly identities: readonly number[]
  readonly policies: readonly number[]
}

/** Where something stands in a file. */
export interface Place {
  readonly line: number
  /** Name of the column, or path in the row. */
  readonly field: string
  /** Number of the column, 1-based. */
  readonly column?: number
}

/** The next part of a file. */
export interface SourceBatch {
  readonly items: readonly SourceItem[]
  /** Rows that are no item, with their lines; each of them wrong. */
  readonly refused: readonly RefusedRows[]
  /** Nothing after this was read, and nothing will be. */
  readonly stopped?: readonly Problem[]
  /** Where `path` of an item's tree stands. */
  readonly locate: (item: SourceItem, path: string) => Place
}

export interface RefusedRows {
  readonly rows: number
  readonly problems: readonly Problem[]
}
