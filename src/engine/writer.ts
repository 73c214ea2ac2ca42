import { problem, type Problem } from '../errors/problem.ts'
import { accountingDay, dayOf } from '../ledger/days.ts'
import { packedOf } from '../ledger/packed-split.ts'
import type { LedgerRecord } from '../ledger/record.ts'
import type { HeadRow } from '../ledger/rows.ts'
import { commitPuts } from './commit-puts.ts'
import type { EngineSettings } from './limits.ts'
import type { LayerWatch } from './layer-watch.ts'
import { OverlayRows } from './overlay-rows.ts'
import type { Clock, Store } from './ports.ts'
import type { RuleSets } from './rule-sets.ts'
import { headOf, StoreRows } from './store-rows.ts'
import { StoreFailed, thrownProblem } from './store-failed.ts'
import type { Turn } from './turn.ts'
import { WaitingLine } from './waiting-line.ts'

/** Something that waits for its place in the journal. */
export interface Job {
  /**
   * What the records of some jobs are shorter with in one block: neighbours are not parted while they come to such records. Never more
   * jobs than a block holds records.
   */
  readonly together?: Uint8Array
  /** Called once, in its turn, with the rows as they are then; what it appends is committed with the batch. */
  readonly run: (turn: Turn) => void
  /** After the flush of what it wrote, or of what it read. */
  readonly done: () => void
  /** Instead of `done`: the store failed. */
  readonly failed: (problem: Problem) => void
}

/** Measures the writer. Nothing that is answered depends on it. */
export interface WriterMeter {
  /** Milliseconds since any moment, never going back. */
  readonly now: () => number
  /** A batch is on the disk: its records, and how long its jobs took to be worked on and its bytes to be flushed, ms. */
  readonly flushed: (batch: FlushedBatch) => void
}

export interface FlushedBatch {
  readonly records: number
  readonly workMs: number
  readonly flushMs: number
}

export interface WriterPorts {
  readonly meter?: WriterMeter
  readonly watch?: LayerWatch
  readonly store: Store
  readonly clock: Clock
  readonly rules: RuleSets
  readonly settings: EngineSettings
  /** Runs a function a little later; the simulator chooses when. */
  readonly schedule: (work: () => void) => void
  /** Told of what a job threw: jobs answer for what they do, so that this is a bug of the program. */
  readonly onDefect?: (error: unknown) => void
  /** Told of every batch after its jobs: what it wrote, or nothing when it failed. */
  readonly batchEnded?: (records: readonly LedgerRecord[]) => void
}

interface Batch {
  readonly rows: OverlayRows
  readonly jobs: Job[]
  workMs: number
}

/**
 * The one writer. Takes jobs one by one, each on the state that the one before it left, and commits them in groups: while one group
 * is being flushed the next one is worked on, above it. A job is done when everything it saw is on the disk.
 */
export class Writer {
  readonly #ports: WriterPorts
  readonly #committed: StoreRows
  #head: HeadRow
  /** Last closed day as of the last turn, committed or not. */
  #closed: number | null
  readonly #queue = new WaitingLine<Job>()
  #inFlight: Batch | undefined
  #open: Batch | undefined
  #isScheduled = false
  #halted: Problem | undefined
  #idle: (() => void)[] = []

  constructor(ports: WriterPorts) {
    this.#ports = ports
    this.#committed = new StoreRows(ports.store)
    this.#head = headOf(ports.store)
    this.#closed = this.#head.closed
  }

  /** Jobs not done yet. */
  get waiting(): number {
    return this.#queue.length + (this.#inFlight?.jobs.length ?? 0) + (this.#open?.jobs.length ?? 0)
  }

  /** Why nothing is taken any more. */
  get halted(): Problem | undefined {
    return this.#halted
  }

  /** Rows as committed; for readers who need no place in the journal. */
  get committed(): StoreRows {
    return this.#committed
  }

  get head(): HeadRow {
    return this.#head
  }

  add(job: Job): void {
    if (this.#halted !== undefined) {
      job.failed(this.#halted)
      return
    }
    this.#queue.push(job)
    this.#wake()
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    if (this.waiting === 0) return
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve)
    })
  }

  #wake(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#ports.schedule(() => {
      this.#isScheduled = false
      this.#work()
    })
  }

  #work(): void {
    const { sliceMax } = this.#ports.settings
    for (let count = 0; ; count += 1) {
      const next = this.#queue.first
      if (next === undefined) break
      if ((count >= sliceMax || this.#isFull) && !this.#goesOn(next)) break
      this.#queue.drop()
      this.#run(next)
    }
    if (this.#inFlight === undefined) this.#commit()
    if (this.#queue.length > 0 && !this.#isFull) this.#wake()
  }

  /** Whether the last record was packed with that of `job`: one that was evaluated anew in its turn was not. */
  #goesOn({ together }: Job): boolean {
    const last = this.#open?.rows.records.at(-1)
    return together !== undefined && last !== undefined && packedOf(last)?.dictionary === together
  }

  get #isFull(): boolean {
    return (this.#open?.rows.records.length ?? 0) >= this.#ports.settings.batchMax
  }

  #run(job: Job): void {
    this.#open ??= {
      rows: new OverlayRows(this.#inFlight?.rows ?? this.#committed),
      jobs: [],
      workMs: 0,
    }
    const batch = this.#open
    const began = this.#now()
    const turn = this.#turn(batch.rows)
    try {
      job.run(turn)
    } catch (error) {
      // It has written nothing, and must not take the others with it.
      if (!(error instanceof StoreFailed)) this.#ports.onDefect?.(error)
      job.failed(thrownProblem(error))
      return
    }
    for (const record of turn.rows.records) {
      if (record.kind === 'dayClosed') this.#closed = record.closed
    }
    turn.rows.mergeInto(batch.rows)
    batch.jobs.push(job)
    batch.workMs += this.#now() - began
  }

  #now(): number {
    return this.#ports.meter?.now() ?? 0
  }

  /** A turn above what is committed, without what is being flushed; nothing written in it is ever merged. */
  rehearsalTurn(): Turn {
    return { ...this.#turn(new OverlayRows(this.#committed)), lastSeen: this.#head.seq }
  }

  #turn(batch: OverlayRows): Turn {
    const { clock, rules, settings, watch } = this.#ports
    const last = batch.records.at(-1) ?? this.#inFlight?.rows.records.at(-1)
    const at = Math.max(clock(), last?.at ?? this.#head.at)
    const closed = this.#closed
    return {
      rows: new OverlayRows(batch),
      at,
      today: dayOf(at),
      day: accountingDay(at, closed),
      closed,
      firstSeq: (last?.seq ?? this.#head.seq) + 1,
      rules,
      settings,
      ...(watch !== undefined && { watch }),
      hasContent: (hash) =>
        batch.contentOf(hash) !== undefined || this.#ports.store.get('content', hash) !== undefined,
    }
  }

  #commit(): void {
    const batch = this.#open
    if (batch === undefined) {
      if (this.#queue.length === 0) for (const resolve of this.#idle.splice(0)) resolve()
      return
    }
    this.#open = undefined
    this.#inFlight = batch
    void this.#flush(batch)
  }

  /** The one place where an answer waits for the disk: `commit` resolves after the flush. */
  async #flush(batch: Batch): Promise<void> {
    const began = this.#now()
    try {
      if (batch.rows.records.length > 0) {
        const { puts, head } = commitPuts(batch.rows, this.#head)
        await this.#ports.store.commit(puts)
        this.#head = head
      }
    } catch (error) {
      this.#fail(batch, error)
      return
    }
    const { records } = batch.rows
    this.#ports.meter?.flushed({
      records: records.length,
      workMs: batch.workMs,
      flushMs: this.#now() - began,
    })
    this.#committed.refresh(batch.rows.changes())
    this.#inFlight = undefined
    this.#open?.rows.rebase(this.#committed)
    for (const job of batch.jobs) job.done()
    if (this.#queue.length > 0) this.#wake()
    this.#commit()
    this.#ports.batchEnded?.(records)
  }

  /**
   * Certainly nothing written: the batch and what was computed above it go back as refusals, and work goes on from what is
   * committed. Perhaps written: nobody can say before the ledger is opened anew, so nothing more is taken.
   */
  #fail(batch: Batch, error: unknown): void {
    const known = error instanceof StoreFailed && error.nothingWritten
    const what =
      error instanceof StoreFailed
        ? error.problem
        : problem('OUTCOME_UNKNOWN', '', {
            why: error instanceof Error ? error.message : String(error),
          })
    const jobs = [...batch.jobs, ...(this.#open?.jobs ?? [])]
    this.#inFlight = undefined
    this.#open = undefined
    this.#closed = this.#head.closed
    if (!known) {
      const { code } = what
      this.#halted =
        code === 'OUTCOME_UNKNOWN' ? what : problem('OUTCOME_UNKNOWN', '', { why: code })
      jobs.push(...this.#queue.takeAll())
    }
    for (const job of jobs) job.failed(known ? what : (this.#halted ?? what))
    if (this.#queue.length > 0) this.#wake()
    else this.#commit()
    this.#ports.batchEnded?.([])
  }
}
