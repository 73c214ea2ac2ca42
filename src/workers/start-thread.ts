import { Piscina } from 'piscina'

export interface ThreadOptions {
  readonly filename: string
  /** Heap, MiB. */
  readonly memoryMb?: number
  /** What the thread is started with. */
  readonly data?: unknown
  /** It ends when nobody has used it for so long, ms; absent: never. */
  readonly idleMs?: number
  /** Told of what is no task's fault. */
  readonly onError: (error: unknown) => void
}

/**
 * A thread that `ended` is told of, and that nobody replaces; throws when the system has none. Piscina replaces a thread inside an
 * event handler, where a system without a thread for it would end the process, and has tasks wait for a replacement also when that
 * cannot load its code. With a piscina of its own, given up with it, both are told to the task that wanted the thread.
 */
export function startThread<Task, Answer>(
  { filename, memoryMb, data, idleMs = Infinity, onError }: ThreadOptions,
  ended: (thread: Piscina<Task, Answer>) => void,
): Piscina<Task, Answer> {
  const thread = new Piscina<Task, Answer>({
    filename,
    minThreads: 1,
    maxThreads: 1,
    idleTimeout: idleMs,
    recordTiming: false,
    argv: [],
    // What the process was started with, a test runner's loader for one, is not for the workers.
    execArgv: [],
    ...(memoryMb !== undefined && { resourceLimits: { maxOldGenerationSizeMb: memoryMb } }),
    ...(data !== undefined && { workerData: data }),
  })
  // It has been started.
  thread.options.minThreads = 0
  thread.on('error', onError)
  thread.on('workerDestroy', () => {
    ended(thread)
  })
  return thread
}
