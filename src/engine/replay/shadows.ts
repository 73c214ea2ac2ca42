import { listJurisdictions } from '../list-jurisdictions.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import type { LedgerRecord, RulesState } from '../../ledger/record.ts'
import { wholeRequest } from '../sent-request.ts'
import type { TakenRequest, Turn } from '../turn.ts'
import { refusedBill } from './refused-bills.ts'
import { ShadowRunner, type ShadowGround, type ShadowReport } from './shadow-runner.ts'

export interface ShadowPorts extends ShadowGround {
  readonly schedule: (work: () => void) => void
  /** Seq of the last committed record. */
  readonly head: () => number
  /** Whether anybody waits for an answer. */
  readonly isBusy: () => boolean
}

/** Records settled again before whoever has come is let through. */
const STEP_RECORDS = 2

/**
 * All versions in shadow. They work only while nobody waits for an answer, one or two records at a time, so that a settlement waits
 * for one such step at most. Where somebody always waits they fall behind, and say so.
 */
export class Shadows {
  readonly #ports: ShadowPorts
  readonly #runners = new Map<string, ShadowRunner>()
  #isScheduled = false
  #isStopped = false

  constructor(ports: ShadowPorts) {
    this.#ports = ports
    const { ledger, store } = ports
    for (const jurisdiction of listJurisdictions(store)) {
      const state = ledger.get('rules', jurisdiction)
      if (state !== undefined) this.#follow(jurisdiction, state)
    }
    this.wake()
  }

  /** After every batch, with the records that it wrote. */
  committed(records: readonly LedgerRecord[]): void {
    for (const record of records) {
      if (record.kind === 'rules') this.#follow(record.jurisdiction, record.state)
    }
    this.wake()
  }

  /** A request was refused in its turn. */
  refused({ today, firstSeq }: Turn, request: TakenRequest): void {
    if (this.#runners.size === 0) return
    const whole = wholeRequest(request)
    if (!whole.ok) return
    const bill = refusedBill(whole.value, { today, after: firstSeq - 1 })
    if (bill === undefined) return
    for (const runner of this.#runners.values()) runner.refused(bill)
  }

  /** Refused when the version is not in shadow: `PACK_STATE_WRONG`, `CONTENT_UNKNOWN`. */
  report(jurisdiction: string, pack: string): Result<ShadowReport> {
    const runner = this.#runners.get(nameOf(jurisdiction, pack))
    if (runner !== undefined) return success(runner.report(this.#ports.head()))
    const packs = this.#ports.ledger.get('rules', jurisdiction)?.packs
    const version = packs?.find(({ hash }) => hash === pack)
    if (version === undefined) return failure(problem('CONTENT_UNKNOWN', 'pack', { hash: pack }))
    const details = { pack: version.id, state: version.state, command: 'shadowReport' }
    return failure(problem('PACK_STATE_WRONG', 'pack', details))
  }

  stop(): void {
    this.#isStopped = true
    this.#runners.clear()
  }

  #follow(jurisdiction: string, { packs }: RulesState): void {
    for (const { hash, state } of packs) {
      const name = nameOf(jurisdiction, hash)
      if (state !== 'shadow') this.#runners.delete(name)
      else if (!this.#runners.has(name)) {
        this.#runners.set(name, new ShadowRunner(this.#ports, jurisdiction, hash))
      }
    }
  }

  /** Somebody who waited has an answer. */
  wake(): void {
    if (this.#isScheduled || this.#isStopped) return
    const head = this.#ports.head()
    if ([...this.#runners.values()].every((runner) => runner.isDone(head))) return
    this.#isScheduled = true
    this.#ports.schedule(() => {
      this.#isScheduled = false
      this.#work()
    })
  }

  /** While somebody waits nothing is done: the answer wakes again. */
  #work(): void {
    if (this.#isStopped || this.#ports.isBusy()) return
    const head = this.#ports.head()
    const runner = [...this.#runners.values()].find((one) => !one.isDone(head))
    runner?.step(head, STEP_RECORDS)
    this.wake()
  }
}

function nameOf(jurisdiction: string, pack: string): string {
  return `${pack} ${jurisdiction}`
}
