import { finishOutcome } from '../engine/evaluate-job.ts'
import type { SplitOutcome } from '../engine/evaluator-port.ts'
import { decode } from '../protocol/codec.ts'
import type { BatchThreads } from './batch-threads.ts'
import { Progress } from './progress.ts'
import type { BatchOutcomes, SplitBatch } from './split-batch.ts'

/** How a batch ended. */
export type BatchEnd =
  | { readonly kind: 'ran'; readonly outcomes: readonly SplitOutcome[] }
  /** The thread is gone, and with it the outcomes. */
  | {
      readonly kind: 'broke'
      readonly why: 'died' | 'hung'
      /** The job at work, from 0, and the place of the pack at work in its rule set; undefined: not begun. */
      readonly job: number | undefined
      readonly pack: number | undefined
      readonly cause: unknown
    }

export interface TimeBudget {
  /** For one job, ms. */
  readonly jobMs: number
  /** For a thread to start, and to open rule sets it has not seen, ms. */
  readonly startMs: number
}

/**
 * A job is looked at so often within its budget, and hangs when it was the same at every look. A machine that stood still, a
 * suspended laptop for one, costs one look and not the budget.
 */
const LOOKS = 4

/** Runs one batch on some worker, and kills it when a job outlasts its budget. Never rejects. */
export async function runBatch(
  threads: BatchThreads,
  batch: Omit<SplitBatch, 'progress'>,
  budget: TimeBudget,
): Promise<BatchEnd> {
  const progress = new Progress()
  // Aborting a task that runs is how piscina stops a thread.
  const stop = new AbortController()
  const watch = watchJobs(progress, budget, () => {
    stop.abort()
  })
  try {
    const encoded = await threads.run({ ...batch, progress: progress.memory }, stop.signal)
    const { outcomes, dictionary } = decode(Buffer.from(encoded)) as BatchOutcomes
    return { kind: 'ran', outcomes: outcomes.map((one) => finishOutcome(one, dictionary)) }
  } catch (cause) {
    const { job, pack } = progress
    return { kind: 'broke', why: stop.signal.aborted ? 'hung' : 'died', job, pack, cause }
  } finally {
    clearInterval(watch)
  }
}

function watchJobs(
  progress: Progress,
  { jobMs, startMs }: TimeBudget,
  kill: () => void,
): NodeJS.Timeout {
  const everyMs = Math.max(1, jobMs / LOOKS)
  const startLooks = Math.ceil(startMs / everyMs)
  let seen: number | undefined
  let looks = 0
  return setInterval(() => {
    const { job } = progress
    looks = job === seen ? looks + 1 : 0
    seen = job
    if (looks >= (job === undefined ? startLooks : LOOKS)) kill()
  }, everyMs)
}
