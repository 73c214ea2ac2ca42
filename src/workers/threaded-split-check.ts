import { Worker } from 'node:worker_threads'
import type { FindingsSummary } from '../engine/verification/finding.ts'
import type { ReadContent } from '../engine/rule-sets.ts'
import type { SplitCheck } from '../engine/verification/record-checks.ts'
import { registerOf, suspendedOf, type SplitBatch } from '../engine/verification/split-batch.ts'
import type { SplitRecord } from '../ledger/record.ts'
import type { Rows } from '../ledger/rows.ts'
import { SharedContents } from './shared-contents.ts'
import type { SharedContent } from './split-batch.ts'
import { workerFile } from './worker-file.ts'

export interface VerifyWorkerData {
  /** Batches that each worker has done. */
  readonly done: Int32Array
  readonly index: number
}

export type VerifyMessage =
  | { readonly kind: 'end' }
  | {
      readonly kind: 'batch'
      readonly batch: SplitBatch
      readonly contents: readonly SharedContent[]
    }

/** A thread ended before it had said what it found: nothing is known of the ledger. */
export class VerifyThreadEnded extends Error {
  override readonly name = 'VerifyThreadEnded'

  constructor(options: ErrorOptions) {
    super('a verifying thread ended before its time', options)
  }
}

/** Settlements sent at once, and batches that wait for one worker at most. */
const BATCH_SPLITS = 64
const BATCHES_WAITING_MAX = 4

interface Checker {
  readonly worker: Worker
  readonly index: number
  readonly ended: Promise<FindingsSummary>
  sent: number
}

/**
 * Has settlements adjudicated again by threads, each with the bytes of its block and the rows it was read with. While all threads are
 * busy it takes none, and who goes through the journal does them itself, so that no core waits and nothing piles up.
 */
export class ThreadedSplitCheck implements SplitCheck {
  readonly #contents: SharedContents
  readonly #done: Int32Array
  readonly #checkers: readonly Checker[]
  #target: Checker | undefined
  #seqs: number[] = []
  #isInBlock = false
  #blocks: Uint8Array[] = []
  readonly #register = new Map<string, Uint8Array>()
  readonly #ruleSets = new Set<string>()
  #suspended: (readonly [seq: number, packs: readonly string[]])[] = []
  #broken: VerifyThreadEnded | undefined

  constructor(read: ReadContent, threads: number) {
    this.#contents = new SharedContents(read)
    this.#done = new Int32Array(new SharedArrayBuffer(4 * threads))
    this.#checkers = this.#startAll(threads)
  }

  add(record: SplitRecord, rows: Rows): boolean {
    this.#target ??= this.#checkers.find(
      ({ index, sent }) => sent - Atomics.load(this.#done, index) < BATCHES_WAITING_MAX,
    )
    if (this.#target === undefined) return false
    const register = registerOf(rows, record)
    if (register === undefined || !this.#hasContents(record.ruleSet)) return false
    for (const [name, row] of register) this.#register.set(name, row)
    this.#ruleSets.add(record.ruleSet)
    this.#seqs.push(record.seq)
    const suspended = suspendedOf(rows, record)
    if (suspended.length > 0) this.#suspended.push([record.seq, suspended])
    this.#isInBlock = true
    return true
  }

  /** Throws `VerifyThreadEnded` as soon as that is known. */
  block(block: Uint8Array): void {
    if (this.#broken !== undefined) throw this.#broken
    if (this.#isInBlock) this.#blocks.push(block)
    this.#isInBlock = false
    if (this.#seqs.length >= BATCH_SPLITS) this.#send()
  }

  /** Rejects with `VerifyThreadEnded`. */
  async end(): Promise<readonly FindingsSummary[]> {
    if (this.#seqs.length > 0) this.#send()
    for (const { worker } of this.#checkers) worker.postMessage({ kind: 'end' })
    return Promise.all(this.#checkers.map(async ({ ended }) => ended))
  }

  /** Ends the threads, whatever they do. */
  async stop(): Promise<void> {
    for (const { worker } of this.#checkers) await worker.terminate()
  }

  /** What is missing or damaged is found by who goes through the journal. */
  #hasContents(ruleSet: string): boolean {
    try {
      this.#contents.of(ruleSet)
      return true
    } catch {
      return false
    }
  }

  #send(): void {
    const target = this.#target
    if (target === undefined) return
    const contents = [...this.#ruleSets].flatMap((hash) => [...this.#contents.of(hash).contents])
    const register = [...this.#register]
    const batch = { blocks: this.#blocks, seqs: this.#seqs, register, suspended: this.#suspended }
    target.worker.postMessage({ kind: 'batch', batch, contents } satisfies VerifyMessage)
    target.sent += 1
    this.#target = undefined
    this.#seqs = []
    this.#blocks = []
    this.#suspended = []
    this.#register.clear()
    this.#ruleSets.clear()
  }

  /** Where the system has no thread left, those there are do it with who goes through the journal. */
  #startAll(threads: number): readonly Checker[] {
    const file = workerFile('verify-worker')
    const checkers: Checker[] = []
    try {
      while (checkers.length < threads) checkers.push(this.#start(file, checkers.length))
    } catch {
      return checkers
    }
    return checkers
  }

  #start(file: string, index: number): Checker {
    const data: VerifyWorkerData = { done: this.#done, index }
    const worker = new Worker(file, { workerData: data })
    const ended = new Promise<FindingsSummary>((resolve, reject) => {
      worker.once('message', resolve)
      const broke = (cause: unknown) => {
        reject((this.#broken ??= new VerifyThreadEnded({ cause })))
      }
      worker.once('error', broke)
      worker.once('exit', broke)
    })
    // Told by `block` and `end`, to whoever asks.
    ended.catch(() => undefined)
    return { worker, index, ended, sent: 0 }
  }
}
