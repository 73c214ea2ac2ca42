import type { Piscina } from 'piscina'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { PackTexts } from '../rules/read/read-pack-texts.ts'
import type { CheckReport, PackCheckTask, PackTrial, TakenTexts } from './pack-check.ts'
import { START_BUDGET_MS } from './pool-options.ts'
import { startThread } from './start-thread.ts'
import { workerFile } from './worker-file.ts'

export interface PackCheckOptions {
  /** What reading an upload may take, ms. */
  readonly readMs?: number
  /** What trying packs may take, ms. */
  readonly tryMs?: number
  /** Heap of the thread, MiB. */
  readonly memoryMb?: number
  /** Uploads that may wait for the thread. */
  readonly waitingMax?: number
}

/** What work there may be is bounded by counts (`UPLOAD_LIMITS`), about half a second; time is for a machine in trouble, or a bug. */
const DEFAULTS = { readMs: 5_000, tryMs: 10_000, memoryMb: 512, waitingMax: 16 } as const

/** The thread ends when nobody has used it for so long. */
const IDLE_MS = 30_000

/**
 * Looks at packs that come from outside, in one thread of its own with bounds of time and memory: whatever a pack does to it, the
 * loop that settles goes on. A thread that was stopped is replaced for the next task.
 */
export class PackCheckPool {
  readonly #options: Required<PackCheckOptions>
  #thread: Piscina<PackCheckTask, unknown> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  /** Counts how often it was closed: what began before is refused, what comes after begins anew. */
  #closed = 0

  constructor(options: PackCheckOptions = {}) {
    this.#options = { ...DEFAULTS, ...options }
  }

  /** Refuses what is wrong with the texts, `PACK_CHECK_TOO_COSTLY`, and `PACK_CHECK_BUSY`. */
  async read(texts: PackTexts): Promise<Result<TakenTexts>> {
    const done = await this.#next({ kind: 'read', texts }, this.#options.readMs)
    // The worker is ours: it answers this task with this type.
    return done.ok ? (done.value as Result<TakenTexts>) : done
  }

  /** Refuses `PACK_CHECK_TOO_COSTLY` and `PACK_CHECK_BUSY`. */
  async try(trial: PackTrial): Promise<Result<CheckReport>> {
    const done = await this.#next({ kind: 'try', trial }, this.#options.tryMs)
    return done.ok ? success(done.value as CheckReport) : done
  }

  /** Refuses what it has with `ENGINE_STOPPING`, and ends the thread. */
  async close(): Promise<void> {
    this.#closed += 1
    const thread = this.#thread
    this.#thread = undefined
    await thread?.destroy()
  }

  /** One task after the other: each has the thread, and its time, for itself. */
  async #next(task: PackCheckTask, ms: number): Promise<Result<unknown>> {
    const { waitingMax } = this.#options
    if (this.#waiting >= waitingMax) {
      return failure(problem('PACK_CHECK_BUSY', '', { max: waitingMax }))
    }
    this.#waiting += 1
    const since = this.#closed
    const run = this.#last.then(async () => this.#run(task, { ms, since }))
    // Whatever becomes of this one, the next has its turn.
    this.#last = run.catch(() => undefined)
    try {
      return await run
    } finally {
      this.#waiting -= 1
    }
  }

  /** Rejects when there is no thread to be had. */
  async #run(
    task: PackCheckTask,
    { ms, since }: { readonly ms: number; readonly since: number },
  ): Promise<Result<unknown>> {
    if (since !== this.#closed) return stopping()
    const thread = (this.#thread ??= this.#start())
    try {
      // Loading the code is not the pack's doing.
      await thread.run({ kind: 'start' }, { signal: AbortSignal.timeout(START_BUDGET_MS) })
      return success(await thread.run(task, { signal: AbortSignal.timeout(ms) }))
    } catch {
      if (since !== this.#closed) return stopping()
      this.#startNext()
      const details = { ms, mb: this.#options.memoryMb }
      return failure(problem('PACK_CHECK_TOO_COSTLY', '', details))
    }
  }

  /** The next pack is not to wait for a thread to begin; where none is to be had now, it asks for one itself. */
  #startNext(): void {
    try {
      const thread = (this.#thread ??= this.#start())
      void thread.run({ kind: 'start' }).catch(() => undefined)
    } catch {
      return
    }
  }

  #start(): Piscina<PackCheckTask, unknown> {
    const options = {
      filename: workerFile('pack-check-worker'),
      memoryMb: this.#options.memoryMb,
      idleMs: IDLE_MS,
      // A thread that dies is told to the task it had.
      onError: () => undefined,
    }
    return startThread<PackCheckTask, unknown>(options, (ended) => {
      if (this.#thread === ended) this.#thread = undefined
    })
  }
}

function stopping(): Result<never> {
  return failure(problem('ENGINE_STOPPING', ''))
}
