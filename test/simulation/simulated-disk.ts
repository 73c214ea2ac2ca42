import { problem } from '../../src/errors/problem.ts'
import { StoreFailed } from '../../src/engine/store-failed.ts'
import { MemoryRows } from '../../src/store/memory-rows.ts'
import type { RowPut, RowStore } from '../../src/store/row-store.ts'
import type { Fault } from './faults.ts'
import type { World } from './world.ts'

/** What is wrong with a disk on purpose, to see that it is found. */
export type DiskDefect =
  | 'acknowledgesBeforeFlush'
  | 'losesFlushed'
  | 'tearsCommits'
  | 'dropsRequest'
  | 'dropsHolder'
  | 'writesOldPutsAgain'

/** What comes of a commit for the machine. */
export interface DiskEvents {
  /** Everything written until now outlives a crash. */
  readonly flushed: () => void
  readonly crash: (isPowerLost: boolean) => void
}

/** A commit on its way. */
interface Pending {
  readonly puts: readonly RowPut[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  /** What stood under its keys before it was written. */
  before: readonly RowPut[] | undefined
}

const FULL_MS = 4_000

/**
 * A disk with a page cache. A commit is accepted, then written (readers see it), then flushed (it outlives a crash), then
 * acknowledged, each at its own moment. A crash in between keeps it whole or loses it whole, as a transaction of LMDB: torn pages are
 * the store's own tests. One process at a time has it mounted.
 */
export class SimulatedDisk {
  readonly #world: World
  /** What is on it, for those who look from outside. */
  readonly rows: MemoryRows
  readonly #events: DiskEvents
  readonly #defect: DiskDefect | undefined
  #mount = 0
  /** Not flushed yet. Only a disk that acknowledges too early has more than one. */
  #pending: readonly Pending[] = []
  /** The last commit that was flushed, for the defects. */
  #last: Pending | undefined
  #fullUntil = 0

  constructor(world: World, rows: MemoryRows, events: DiskEvents, defect?: DiskDefect) {
    this.#world = world
    this.rows = rows
    this.#events = events
    this.#defect = defect
  }

  /** Gives the disk to a new process; whoever had it before can do nothing with it any more. */
  mount(): RowStore {
    this.#mount += 1
    const mount = this.#mount
    const { rows } = this
    return {
      place: 'simulated disk',
      get: (table, key) => rows.get(table, key),
      peek: (table, key) => rows.peek(table, key),
      range: (table, range) => rows.range(table, range),
      count: (table) => rows.count(table),
      commit: async (puts) => this.#accept(mount, puts),
      backup: async (path) => rows.backup(path),
      close: async () => Promise.resolve(),
    }
  }

  /** The process is gone; with the power gone too, so is what was not flushed. */
  crash(isPowerLost: boolean): void {
    this.#mount += 1
    const pending = this.#pending
    this.#pending = []
    if (!isPowerLost) return
    for (const { before } of pending.toReversed()) {
      if (before === undefined) continue
      const isTorn = this.#defect === 'tearsCommits'
      this.#put(isTorn ? before.slice(0, before.length >> 1) : before)
    }
    if (this.#defect === 'losesFlushed' && pending.length === 0) {
      this.#put(this.#last?.before ?? [])
      this.#last = undefined
    }
  }

  async #accept(mount: number, puts: readonly RowPut[]): Promise<void> {
    const { faults, time } = this.#world
    if (mount !== this.#mount) {
      this.#world.violated('a process commits that no longer has the store')
      return
    }
    if (faults.areOver) this.#fullUntil = 0
    if (faults.strikes('diskFull')) this.#fullUntil = time.now + FULL_MS
    if (time.now < this.#fullUntil) {
      await time.sleep(1)
      throw failed('STORE_FULL', true)
    }
    await new Promise<void>((resolve, reject) => {
      const pending = { puts: puts.map(copied), resolve, reject, before: undefined }
      this.#pending = [...this.#pending, pending]
      this.#later(mount, this.#delay(), () => {
        this.#write(mount, pending)
      })
    })
  }

  #write(mount: number, pending: Pending): void {
    const { faults } = this.#world
    if (this.#crashes('crashBeforeWrite', true)) return
    if (faults.strikes('failedNotWritten')) {
      this.#world.say('disk: write failed')
      this.#end(pending)
      pending.reject(failed('STORE_WRITE_FAILED', false))
      return
    }
    pending.before = pending.puts.map(({ table, key }) => {
      return { table, key, value: this.rows.get(table, key) }
    })
    this.#put(this.#sabotaged(pending.puts))
    if (this.#defect === 'acknowledgesBeforeFlush') pending.resolve()
    const slowness = faults.strikes('slowFlush') ? 2_000 + this.#below(20_000) : 0
    this.#later(mount, this.#delay() + slowness, () => {
      this.#flush(mount, pending)
    })
  }

  #flush(mount: number, pending: Pending): void {
    if (this.#crashes('crashUnflushedLost', true)) return
    if (this.#crashes('crashUnflushedKept', false)) return
    this.#end(pending)
    this.#last = pending
    this.#world.say(`disk: flushed ${pending.puts.length} puts`)
    this.#events.flushed()
    if (this.#world.faults.strikes('failedWritten')) {
      this.#world.say('disk: flush failed after all was written')
      pending.reject(failed('STORE_WRITE_FAILED', false))
      return
    }
    if (this.#crashes('crashAfterFlush', true)) return
    this.#later(mount, this.#below(3), pending.resolve)
  }

  #end(pending: Pending): void {
    this.#pending = this.#pending.filter((one) => one !== pending)
  }

  #crashes(fault: Fault, isPowerLost: boolean): boolean {
    if (!this.#world.faults.strikes(fault)) return false
    this.#world.say(`disk: ${fault}`)
    this.#events.crash(isPowerLost)
    return true
  }

  #sabotaged(puts: readonly RowPut[]): readonly RowPut[] {
    switch (this.#defect) {
      case 'dropsRequest':
        return this.#below(8) === 0 ? puts.filter(({ table }) => table !== 'request') : puts
      case 'dropsHolder':
        return this.#below(8) === 0 ? puts.filter(({ table }) => table !== 'holder') : puts
      case 'writesOldPutsAgain':
        return this.#below(8) === 0 ? [...puts, ...(this.#last?.puts ?? [])] : puts
      case 'acknowledgesBeforeFlush':
      case 'losesFlushed':
      case 'tearsCommits':
      case undefined:
        return puts
    }
  }

  /** At once, as far as anybody can see before the next event. */
  #put(puts: readonly RowPut[]): void {
    void this.rows.commit(puts)
  }

  #later(mount: number, delay: number, run: () => void): void {
    this.#world.time.after(delay, () => {
      if (mount === this.#mount) run()
    })
  }

  #delay(): number {
    return 1 + this.#below(25)
  }

  #below(count: number): number {
    return this.#world.delays.below(count)
  }
}

/** The bytes are the caller's again when the commit has ended. */
function copied({ table, key, value }: RowPut): RowPut {
  return { table, key, value: value === undefined ? undefined : new Uint8Array(value) }
}

function failed(code: 'STORE_FULL' | 'STORE_WRITE_FAILED', nothingWritten: boolean): StoreFailed {
  const details = { directory: 'simulated disk', why: nothingWritten ? 'ENOSPC' : 'EIO' }
  return new StoreFailed(problem(code, '', details), { nothingWritten })
}
