/**
 * A drill: something that goes wrong in a worker at the moment a pack begins its work on a bill. For tests, and for operators who
 * want to see before the first day what a bad pack does; carried to the workers as data.
 */
export interface Fault {
  /**
   * `hang`: never ends. `slow`: waits a moment and goes on. `throw`: a bug in the code at work. `uncaught`: an exception nobody
   * catches, which ends the thread a moment later. `exit`: the thread ends. `outOfMemory`: takes memory until the thread has none.
   */
  readonly what: 'hang' | 'slow' | 'throw' | 'uncaught' | 'exit' | 'outOfMemory'
  /** Hash of the pack; absent: any. */
  readonly pack?: string
  /** Only on bills of this person; absent: of everybody. */
  readonly person?: string
  /** Bills it would strike and spares at first; default 0. Counted over all workers. */
  readonly skip?: number
  /** Bills it strikes after those; absent: every one. */
  readonly times?: number
}

/** Faults with how often each was met, counted in memory that the workers share. */
export interface FaultPlan {
  readonly faults: readonly Fault[]
  readonly met: SharedArrayBuffer
}

export function faultPlan(faults: readonly Fault[]): FaultPlan {
  return { faults, met: new SharedArrayBuffer(faults.length * Int32Array.BYTES_PER_ELEMENT) }
}
