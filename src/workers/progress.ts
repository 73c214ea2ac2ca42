const JOB = 0
const PACK = 1
const FIELDS = 2

/**
 * How far a worker has come with a batch, in memory that it shares with who watches it: what a thread that died or hangs was
 * doing can only be read from outside.
 */
export class Progress {
  readonly memory: SharedArrayBuffer
  readonly #cells: Int32Array

  constructor(memory = new SharedArrayBuffer(FIELDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory
    this.#cells = new Int32Array(memory)
  }

  /** The worker begins the job numbered `job` (from 0) of the batch; the number after the last: it is done with all. */
  beginJob(job: number): void {
    Atomics.store(this.#cells, PACK, 0)
    Atomics.store(this.#cells, JOB, job + 1)
  }

  /** The pack at `place` in the list of the job's rule set is about to run. */
  beginPack(place: number): void {
    Atomics.store(this.#cells, PACK, place + 1)
  }

  /** Undefined: not begun. */
  get job(): number | undefined {
    const job = Atomics.load(this.#cells, JOB)
    return job === 0 ? undefined : job - 1
  }

  /** Place of the pack at work in the list of the job's rule set; undefined: none yet. */
  get pack(): number | undefined {
    const place = Atomics.load(this.#cells, PACK)
    return place === 0 ? undefined : place - 1
  }
}
