import type { LedgerRecord } from '../../ledger/record.ts'
import type { Rows } from '../../ledger/rows.ts'
import type { Store } from '../ports.ts'
import type { RuleSets } from '../rule-sets.ts'
import { StoreFailed } from '../store-failed.ts'
import { journalRecords } from './journal-records.ts'
import { Replay } from './replay.ts'
import type { ReplayReport } from './replay-report.ts'
import { RefusedBills, type RefusedBill, type RefusalsGone } from './refused-bills.ts'

/** What a version in shadow would have changed so far. */
export interface ShadowReport extends ReplayReport {
  readonly jurisdiction: string
  readonly pack: string
  /** Last record of the journal it has seen, and how many came since. */
  readonly seen: number
  readonly behind: number
  /** Present: why it has stopped there. */
  readonly failed?: string
  /** Bills refused since the engine was opened that it would not have refused. */
  readonly gone: RefusalsGone
}

export interface ShadowGround {
  readonly store: Store
  /** As committed. */
  readonly ledger: Rows
  readonly rules: RuleSets
  readonly onDefect: (error: unknown) => void
}

/**
 * A version that runs beside those in force: settles the journal again from its first record, then what is committed as it comes,
 * with counters of its own. Everything it knows is in memory; after a restart it begins again.
 */
export class ShadowRunner {
  readonly #ground: ShadowGround
  readonly #jurisdiction: string
  readonly #pack: string
  readonly #replay: Replay
  readonly #refused: RefusedBills
  #seen = 0
  #failed: string | undefined
  #records: Generator<LedgerRecord> | undefined

  constructor(ground: ShadowGround, jurisdiction: string, pack: string) {
    this.#ground = ground
    this.#jurisdiction = jurisdiction
    this.#pack = pack
    const candidate = { jurisdiction, packs: [pack] }
    this.#replay = new Replay(ground.ledger, ground.rules, { candidate })
    this.#refused = new RefusedBills(this.#replay)
  }

  /** Whether it has seen the journal up to `head`, or will see no more of it. */
  isDone(head: number): boolean {
    if (this.#failed !== undefined) return true
    return this.#seen >= head && !this.#refused.isDue(this.#seen)
  }

  /** Takes at most `count` records up to `head`, or looks at as many bills that were refused. Never throws. */
  step(head: number, count: number): void {
    try {
      for (let taken = 0; taken < count && !this.isDone(head); taken += 1) {
        if (this.#refused.isDue(this.#seen)) this.#refused.look(this.#seen)
        else this.#takeOne()
      }
    } catch (error) {
      this.#failed = error instanceof Error ? error.message : String(error)
      if (!(error instanceof StoreFailed)) this.#ground.onDefect(error)
    }
  }

  /** A bill that was refused. */
  refused(bill: RefusedBill): void {
    this.#refused.add(bill)
  }

  report(head: number): ShadowReport {
    return {
      jurisdiction: this.#jurisdiction,
      pack: this.#pack,
      seen: this.#seen,
      behind: Math.max(0, head - this.#seen),
      ...(this.#failed !== undefined && { failed: this.#failed }),
      gone: this.#refused.gone,
      ...this.#replay.report(),
    }
  }

  #takeOne(): void {
    // Block by block: a step is not to decode many records that it does not take.
    const records = (this.#records ??= journalRecords(this.#ground.store, this.#seen + 1, 1))
    const next = records.next()
    if (next.done === true) {
      this.#records = undefined
      return
    }
    this.#replay.take(next.value)
    this.#seen = next.value.seq
  }
}
