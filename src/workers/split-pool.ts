import { assert } from '../assert.ts'
import type { Evaluator, SplitJob, SplitOutcome } from '../engine/evaluator-port.ts'
import { lineCount } from '../engine/job-bill.ts'
import { encode } from '../protocol/codec.ts'
import { BarredPacks } from './barred-packs.ts'
import { runBatch, type BatchEnd } from './batch-run.ts'
import type { BatchThreads } from './batch-threads.ts'
import { BATCH_LINES_MAX, LINE_BYTES_MIN, START_BUDGET_MS } from './pool-options.ts'
import type { SharedContents } from './shared-contents.ts'
import type { SplitBatch } from './split-batch.ts'
import { transferable } from './transferable.ts'

/** A job whose outcome somebody waits for. */
interface Waiting {
  /** In the order they came. */
  readonly number: number
  readonly job: SplitJob
  readonly resolve: (outcome: SplitOutcome) => void
  /** It was in a batch that broke, or met a bug: once more, with no other job. */
  isAlone: boolean
}

export interface SplitPoolParts {
  readonly threads: BatchThreads
  readonly workers: number
  readonly contents: SharedContents
  readonly batchMax: number
  readonly batchWaitTurns: number
  readonly timeBudgetMs: number
  readonly onError: (error: unknown) => void
}

/**
 * Evaluates bills on worker threads, in batches. A batch whose worker dies or hangs is run again bill by bill, so that only the
 * bill that brings down a worker by itself fails.
 */
export class SplitPool implements Evaluator {
  readonly #parts: SplitPoolParts
  readonly #barred = new BarredPacks()
  /** Unanswered jobs, the oldest first. */
  readonly #open = new Set<Waiting>()
  #fresh: Waiting[] = []
  #again: Waiting[] = []
  #running = 0
  #count = 0
  #isScheduled = false
  #isClosed = false
  #closers: (() => void)[] = []

  constructor(parts: SplitPoolParts) {
    this.#parts = parts
  }

  get workers(): number {
    return this.#parts.workers
  }

  async evaluate(job: SplitJob): Promise<SplitOutcome> {
    if (this.#isClosed) return { kind: 'unavailable' }
    return new Promise((resolve) => {
      this.#count += 1
      const waiting = { number: this.#count, job, resolve, isAlone: false }
      this.#barred.heldBack(job.suspended, waiting.number)
      this.#open.add(waiting)
      this.#fresh.push(waiting)
      this.#schedule()
    })
  }

  /** Ends the threads when every job has its outcome; later jobs are `unavailable`. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        this.#closers.push(resolve)
      })
    }
    await this.#parts.threads.destroy()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    let turns = this.#parts.batchWaitTurns
    const turn = () => {
      if (turns > 0 && this.#fresh.length < this.#parts.batchMax) {
        turns -= 1
        setImmediate(turn)
        return
      }
      this.#isScheduled = false
      this.#dispatch()
    }
    setImmediate(turn)
  }

  /** Gives every free worker a batch. */
  #dispatch(): void {
    while (this.#running < this.#parts.workers) {
      const batch = this.#nextBatch()
      if (batch.length === 0) return
      this.#running += 1
      void this.#run(batch)
    }
  }

  /** A job to be run alone, or what waits shared out among the free workers. */
  #nextBatch(): readonly Waiting[] {
    const alone = this.#again.shift()
    if (alone !== undefined) return [alone]
    const free = this.#parts.workers - this.#running
    const size = Math.min(this.#parts.batchMax, Math.ceil(this.#fresh.length / free))
    let count = 0
    let lines = 0
    while (count < size) {
      lines += linesOf(this.#fresh[count])
      if (count > 0 && lines > BATCH_LINES_MAX) break
      count += 1
    }
    return this.#fresh.splice(0, count)
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const end = await this.#send(batch)
    this.#running -= 1
    if (end === undefined) for (const one of batch) this.#settle(one, { kind: 'unavailable' })
    else if (end.kind === 'ran') this.#take(batch, end.outcomes)
    else this.#repeat(batch, end)
    this.#dispatch()
  }

  /** Undefined: it could not be sent. */
  async #send(batch: readonly Waiting[]): Promise<BatchEnd | undefined> {
    const { threads, timeBudgetMs, onError } = this.#parts
    let message
    try {
      message = this.#message(batch.map(({ job }) => job))
    } catch (error) {
      onError(error)
      return undefined
    }
    return runBatch(threads, message, { jobMs: timeBudgetMs, startMs: START_BUDGET_MS })
  }

  #message(jobs: readonly SplitJob[]): Omit<SplitBatch, 'progress'> {
    const { contents } = this.#parts
    const sets = [...new Set(jobs.map(({ ruleSet }) => ruleSet))]
    const named = new Map(sets.flatMap((ruleSet) => contents.of(ruleSet).contents))
    const [oldest] = this.#open
    assert(oldest !== undefined, 'a job that is sent is unanswered')
    return {
      jobs: transferable(encode(jobs)),
      contents: [...named],
      barred: this.#barred.list(oldest.number),
    }
  }

  #take(batch: readonly Waiting[], outcomes: readonly SplitOutcome[]): void {
    for (const [index, waiting] of batch.entries()) {
      const outcome = outcomes[index]
      assert(outcome !== undefined, 'a worker answers every job')
      const isBug = outcome.kind === 'failed' && !this.#barred.has(outcome.pack)
      if (isBug && !waiting.isAlone) this.#again.push(alone(waiting))
      else this.#settle(waiting, outcome)
    }
  }

  #repeat(batch: readonly Waiting[], end: Extract<BatchEnd, { kind: 'broke' }>): void {
    const [only] = batch
    if (only?.isAlone !== true) {
      this.#again.push(...batch.map(alone))
      return
    }
    if (end.job === undefined) {
      this.#parts.onError(new Error(`a worker does not start: ${end.why}`, { cause: end.cause }))
      this.#settle(only, { kind: 'unavailable' })
      return
    }
    const { why } = end
    const place = end.pack
    const pack =
      place === undefined ? undefined : this.#parts.contents.of(only.job.ruleSet).packs[place]
    if (pack !== undefined) this.#barred.bar(pack, why)
    this.#settle(only, { kind: 'failed', why, pack })
  }

  #settle(waiting: Waiting, outcome: SplitOutcome): void {
    this.#open.delete(waiting)
    waiting.resolve(outcome)
    if (this.#open.size === 0) for (const resolve of this.#closers.splice(0)) resolve()
  }
}

function alone(waiting: Waiting): Waiting {
  waiting.isAlone = true
  return waiting
}

/** Of a message, as many as it may have. */
function linesOf(waiting: Waiting | undefined): number {
  if (waiting === undefined) return 0
  const { document, sent } = waiting.job
  return sent === undefined
    ? lineCount(document)
    : Math.ceil(sent.message.byteLength / LINE_BYTES_MIN)
}
