import type { JobOutcome } from '../engine/evaluate-job.ts'

/** Bytes of a published content, in memory that all threads share. */
export type SharedContent = readonly [hash: string, bytes: SharedArrayBuffer]

/** A pack that has brought workers down: nothing is tried with it again before the ledger holds it back. */
export type BarredPack = readonly [pack: string, why: 'died' | 'hung']

/** What a worker answers, encoded: an outcome for each job, and the dictionary of the splits it has packed. */
export interface BatchOutcomes {
  readonly outcomes: readonly JobOutcome[]
  readonly dictionary: Uint8Array
}

/** What a worker is sent: plain data, `jobs` transferred, the rest shared or small. */
export interface SplitBatch {
  /** A list of `SplitJob`, encoded; `BatchOutcomes` come back in the same way. */
  readonly jobs: ArrayBuffer
  /** The rule sets of the jobs and everything they name. */
  readonly contents: readonly SharedContent[]
  /** Of `Progress`. */
  readonly progress: SharedArrayBuffer
  readonly barred: readonly BarredPack[]
}
