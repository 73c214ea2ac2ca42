import { failureOf, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { requestRowKey } from '../ledger/rows.ts'
import { runOperation } from './run-operation.ts'
import type { Evaluator, PackedBill, SplitJob } from './evaluator-port.ts'
import { BillRehearsed, rulesName, type RehearsedBill } from './rehearsal.ts'
import { billOf } from './operations/settle.ts'
import { completeSplit } from './split-bill.ts'
import { openPackedBill, readsBeyond } from './packed-bill.ts'
import { postOf, snapshotOf, type Snapshot, type Speculation } from './speculation.ts'
import type { EvaluatedBill } from './evaluate-bill.ts'
import { RequestRefused, type TakenRequest, type Turn } from './turn.ts'

/** Their one bill is evaluated beforehand, and what came of it is taken where nothing has changed since. */
export const EVALUATES: ReadonlySet<string> = new Set(['settle', 'prepare', 'quote'])
/** The writer evaluates their bills itself; tried beforehand so that none of them stops it. */
const REHEARSES: ReadonlySet<string> = new Set(['resettle', 'supplement', 'recalculate'])

/** A pack brought down a worker, also with nothing but this bill. */
interface PackFailure {
  readonly jurisdiction: string
  readonly pack: string | undefined
  readonly why: 'died' | 'hung'
}

/** What came of a bill; `unavailable`: nobody has looked at it. */
type Attempt =
  PackFailure | { readonly why: 'tried'; readonly speculation?: Speculation } | 'unavailable'

export interface SpeculatorPorts {
  readonly evaluator: Evaluator
  /** A turn above what is committed, that will never be written. */
  readonly rehearsalTurn: () => Turn
  /** Suspends a pack; the problems say why it could not be. */
  readonly suspend: (jurisdiction: string, pack: string) => Promise<Result<unknown>>
}

/** Sends bills to be evaluated before their turn, as far as that can be right: a bill that brings a worker down never runs on the writer. */
export class Speculator {
  readonly #ports: SpeculatorPorts
  #waiting = 0

  constructor(ports: SpeculatorPorts) {
    this.#ports = ports
  }

  /** Requests that are being tried. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * The request with the trial of its bills on what is committed now, without one where it has none or nobody could try it. `met`:
   * bills that its turn came to untried; a request that changes counters comes to some that no rehearsal meets. They are forgotten when
   * a pack is held back: its turn then comes to other rules.
   */
  async tried(request: TakenRequest, met: RehearsedBill[]): Promise<Result<TakenRequest>> {
    const { operation } = request
    if (!EVALUATES.has(operation) && !REHEARSES.has(operation)) return success(request)
    this.#waiting += 1
    try {
      for (;;) {
        const tried = EVALUATES.has(operation)
          ? await this.#evaluated(request)
          : await this.#rehearsed(request, met)
        if (!('pack' in tried)) return success(tried)
        const problems = await this.#holdBack(tried)
        if (problems.length > 0) return failureOf(problems)
        met.length = 0
      }
    } finally {
      this.#waiting -= 1
    }
  }

  async #evaluated(request: TakenRequest): Promise<TakenRequest | PackFailure> {
    const snapshot = this.#snapshot(request)
    if (snapshot === undefined) return { ...request, trial: { rules: new Set() } }
    const { completed, job } = snapshot
    const attempt = await this.#attempt(completed.jurisdiction, job, snapshot)
    if (attempt === 'unavailable') return request
    if (attempt.why !== 'tried') return attempt
    const rules = new Set([rulesName(completed)])
    const { speculation } = attempt
    if (speculation === undefined) return { ...request, trial: { rules } }
    const { fingerprint = request.fingerprint } = speculation.evaluated
    return { ...request, fingerprint, trial: { rules, speculation } }
  }

  async #rehearsed(
    request: TakenRequest,
    met: readonly RehearsedBill[],
  ): Promise<TakenRequest | PackFailure> {
    const bills = [...this.#rehearse(request), ...met]
    for (const { jurisdiction, job } of bills) {
      const attempt = await this.#attempt(jurisdiction, job)
      // Of a bill that nobody need try the next one may be one that somebody must.
      if (attempt === 'unavailable') continue
      if (attempt.why !== 'tried') return attempt
    }
    return { ...request, trial: { rules: new Set(bills.map(({ rules }) => rules)) } }
  }

  async #attempt(jurisdiction: string, job: SplitJob, snapshot?: Snapshot): Promise<Attempt> {
    const outcome = await this.#ports.evaluator.evaluate(job)
    switch (outcome.kind) {
      case 'failed': {
        const { why, pack } = outcome
        // An exception cannot harm the writer, who says what it is.
        return why === 'defect' ? { why: 'tried' } : { jurisdiction, pack, why }
      }
      // Refusals are made in their turn, in one order.
      case 'refused':
        return { why: 'tried' }
      case 'unavailable':
        return 'unavailable'
      case 'evaluated':
        return snapshot === undefined ? { why: 'tried' } : speculated(snapshot, outcome.bill)
    }
  }

  /** Why the pack could not be suspended; nothing when it is. */
  async #holdBack({ jurisdiction, pack, why }: PackFailure): Promise<readonly Problem[]> {
    if (pack === undefined) return [problem('DEFECT', '', { what: why })]
    const suspended = await this.#ports.suspend(jurisdiction, pack)
    // A second bill may have found the same; then it is suspended already.
    if (suspended.ok || suspended.problems.every(({ code }) => code === 'PACK_STATE_WRONG')) {
      return []
    }
    return suspended.problems
  }

  /** Undefined for what would be refused before it is evaluated. */
  #snapshot(request: TakenRequest): Snapshot | undefined {
    const { body, hospital } = request
    const turn = this.#ports.rehearsalTurn()
    try {
      const { bill, staged } = billOf(turn, body, hospital)
      const completed = completeSplit(turn.rows, bill, { hospital, day: turn.today })
      const snapshot = snapshotOf(turn.rows, completed, turn.today, staged?.held)
      const post = staged === undefined ? postOf(turn, request, bill, snapshot) : undefined
      const { sent } = request
      const job = {
        ...snapshot.job,
        ...(sent !== undefined && { sent }),
        ...(post !== undefined && { post }),
      }
      return { ...snapshot, job }
    } catch (error) {
      if (error instanceof RequestRefused) return undefined
      throw error
    }
  }

  /** The bills the operation would adjudicate. */
  #rehearse(request: TakenRequest): readonly RehearsedBill[] {
    const rehearsed: RehearsedBill[] = []
    const turn = { ...this.#ports.rehearsalTurn(), rehearsed }
    // Committed since it came: its turn repeats the answer.
    if (turn.rows.get('request', requestRowKey(request.hospital, request.id)) !== undefined) {
      return rehearsed
    }
    try {
      runOperation(turn, request)
    } catch (error) {
      if (!(error instanceof RequestRefused || error instanceof BillRehearsed)) throw error
    }
    return rehearsed
  }
}

/** What a bill was evaluated to, for its turn, unless it read what only the writer knows. */
function speculated(snapshot: Snapshot, bill: EvaluatedBill | PackedBill): Attempt {
  const { completed, holders } = snapshot
  const isBeyond =
    'packed' in bill ? bill.readsBeyond : readsBeyond(bill.split.before, completed, holders)
  if (isBeyond) return { why: 'tried' }
  const evaluated = 'packed' in bill ? openPackedBill(bill) : bill
  return { why: 'tried', speculation: { ...snapshot, evaluated } }
}
