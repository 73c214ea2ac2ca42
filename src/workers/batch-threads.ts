import type { Piscina } from 'piscina'
import type { SplitBatch } from './split-batch.ts'
import { startThread, type ThreadOptions } from './start-thread.ts'

type Thread = Piscina<SplitBatch, ArrayBuffer>

/** Threads that run one batch each. One that has ended is replaced by the next batch that needs it. */
export class BatchThreads {
  readonly #options: ThreadOptions
  /** In the order they were started, and whether each is idle. */
  readonly #threads = new Map<Thread, boolean>()

  /** Starts so many; throws when the system has no thread for one of them. */
  constructor(threads: number, options: ThreadOptions) {
    this.#options = options
    try {
      for (let count = 0; count < threads; count += 1) this.#threads.set(this.#start(), true)
    } catch (error) {
      // Nobody gets to end the others.
      void this.destroy()
      throw error
    }
  }

  /** Rejects when the thread ends, is stopped by `signal`, or cannot be had. */
  async run(batch: SplitBatch, signal: AbortSignal): Promise<ArrayBuffer> {
    // The same one first: it has the packs compiled.
    const [thread] = [...this.#threads].find(([, isIdle]) => isIdle) ?? [this.#start()]
    this.#threads.set(thread, false)
    const answer = await thread.run(batch, { transferList: [batch.jobs], signal })
    // One that answered may have ended since.
    if (this.#threads.has(thread)) this.#threads.set(thread, true)
    return answer
  }

  /** Ends all of them. */
  async destroy(): Promise<void> {
    await Promise.all([...this.#threads.keys()].map(async (thread) => thread.destroy()))
  }

  #start(): Thread {
    return startThread<SplitBatch, ArrayBuffer>(this.#options, (ended) => {
      this.#threads.delete(ended)
    })
  }
}
