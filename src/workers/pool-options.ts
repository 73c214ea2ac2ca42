import type { ReadContent } from '../engine/rule-sets.ts'
import type { Fault } from './fault.ts'

export interface PoolOptions {
  /** Bytes of a published content; of the store, so that workers never open it. */
  readonly content: ReadContent
  /** Threads; 0: none. `auto`: what suits the machine, also none. */
  readonly workers: number | 'auto'
  /** Bills sent to a worker at once. */
  readonly batchMax?: number
  /** Turns of the event loop a bill waits for others to go with; 0: only for those of its own turn. */
  readonly batchWaitTurns?: number
  /** What one bill may take, ms; a worker that takes longer is killed. */
  readonly timeBudgetMs?: number
  /** Heap of one worker, MiB. */
  readonly memoryMb?: number
  /** Drills. */
  readonly faults?: readonly Fault[]
  /** Told of what is neither a bill's nor a pack's fault: a worker that does not start, a content that cannot be read. */
  readonly onError?: (error: unknown) => void
}

export const POOL_DEFAULTS = {
  batchMax: 32,
  batchWaitTurns: 0,
  timeBudgetMs: 2_000,
  memoryMb: 512,
} as const

/** Lines of bills in one batch: a few huge bills are no batch. */
export const BATCH_LINES_MAX = 4_000
/** A line of a bill takes no less in a message. */
export const LINE_BYTES_MIN = 40
/** A slow machine takes a few seconds to load the code of a worker and to compile the packs of a city. */
export const START_BUDGET_MS = 60_000
