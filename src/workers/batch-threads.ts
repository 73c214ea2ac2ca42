import type { Piscina } from 'piscina'
import type { SplitBatch } from './split-batch.ts'
import { startThread, type ThreadOptions } from './start-thread.ts'

type Thread = Piscina<SplitBatch, ArrayBuffer>

/** Threads that run one batch each. One that has ended is replaced by the next batch that needs it. */
export class BatchThreads {
  readonly #options: ThreadOptions
  readonly #all = new Set<Thread>()
  readonly #idle = new Set<Thread>()

  /** Starts so many; throws when the system has no thread for one of them. */
  constructor(threads: number, options: ThreadOptions) {
    this.#options = options
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
    const thread = startThread<SplitBatch, ArrayBuffer>(this.#options, (ended) => {
      this.#all.delete(ended)
      this.#idle.delete(ended)
    })
    this.#all.add(thread)
    return thread
  }
}
