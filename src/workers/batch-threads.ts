import { Piscina } from 'piscina'
import type { SplitBatch } from './split-batch.ts'

/** How a thread is started. */
export type ThreadOptions = Pick<
  NonNullable<ConstructorParameters<typeof Piscina>[0]>,
  'filename' | 'resourceLimits' | 'workerData'
>

type Thread = Piscina<SplitBatch, ArrayBuffer>

/**
 * Threads that run one batch each. A pool of piscina replaces a thread that ended in its own time, inside an event handler, where a
 * system that has no thread left for it would end the process; and a batch that waits for a replacement which cannot load its code
 * waits until its watch stops it. So each thread has a piscina of its own, is given up with it, and is replaced by the next batch,
 * which hears of both.
 */
export class BatchThreads {
  readonly #options: ThreadOptions
  readonly #onError: (error: unknown) => void
  readonly #all = new Set<Thread>()
  readonly #idle = new Set<Thread>()

  /** Starts so many; throws when the system has no thread for one of them. */
  constructor(threads: number, options: ThreadOptions, onError: (error: unknown) => void) {
    this.#options = options
    this.#onError = onError
    for (let count = 0; count < threads; count += 1) this.#idle.add(this.#start())
  }

  /** Rejects when the thread ends, is stopped by `signal`, or cannot be had. */
  async run(batch: SplitBatch, signal: AbortSignal): Promise<ArrayBuffer> {
    // The same one first: it has the packs compiled.
    const thread = [...this.#all].find((one) => this.#idle.has(one)) ?? this.#start()
    this.#idle.delete(thread)
    const answer = await thread.run(batch, { transferList: [batch.jobs], signal })
    // One that answered may have ended since.
    if (this.#all.has(thread)) this.#idle.add(thread)
    return answer
  }

  /** Ends all of them. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#all].map(async (thread) => thread.destroy()))
  }

  #start(): Thread {
    const thread: Thread = new Piscina<SplitBatch, ArrayBuffer>({
      ...this.#options,
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Infinity,
      recordTiming: false,
      argv: [],
      // What the process was started with, a test runner's loader for one, is not for the workers.
      execArgv: [],
    })
    // It has been started, and is not to be replaced.
    thread.options.minThreads = 0
    thread.on('error', this.#onError)
    thread.on('workerDestroy', () => {
      this.#all.delete(thread)
      this.#idle.delete(thread)
    })
    this.#all.add(thread)
    return thread
  }
}
