import type { Rows } from '../ledger/rows.ts'
import type { Evaluator } from './evaluator-port.ts'
import { completeSplit } from './split-bill.ts'
import {
  isOfGroup,
  readsBeyond,
  rulesName,
  snapshotOf,
  type Snapshot,
  type Trial,
} from './speculation.ts'
import { objectAt, RequestRefused, type TakenRequest } from './turn.ts'

const EVALUATES: ReadonlySet<string> = new Set(['settle', 'prepare', 'quote'])

/** A pack brought down a worker, also with nothing but this bill. */
export interface PackFailure {
  readonly jurisdiction: string
  readonly pack: string | undefined
  readonly why: 'died' | 'hung'
}

/** Sends bills to be evaluated before their turn, as far as that can be right. */
export class Speculator {
  readonly #evaluator: Evaluator
  readonly #rows: Rows
  /** Rules under which bills of groups read sums of many people, which only the writer knows. */
  readonly #sharing = new Set<string>()

  constructor(evaluator: Evaluator, rows: Rows) {
    this.#evaluator = evaluator
    this.#rows = rows
  }

  /** The bill tried on what is committed now; undefined where there is no bill, or nobody to try it. */
  async speculate(request: TakenRequest, today: number): Promise<Trial | PackFailure | undefined> {
    const { operation, body } = request
    if (!EVALUATES.has(operation)) return undefined
    const { bill } = body
    // Lines sent beforehand are found in its turn.
    if (typeof bill === 'object' && bill !== null && 'staged' in bill) return undefined
    const snapshot = this.#snapshot(request, today)
    return snapshot === undefined ? { rules: undefined } : this.#tried(snapshot)
  }

  async #tried(snapshot: Snapshot): Promise<Trial | PackFailure | undefined> {
    const { completed, job } = snapshot
    const rules = rulesName(completed)
    if (isOfGroup(completed) && this.#sharing.has(rules)) return { rules }
    const outcome = await this.#evaluator.evaluate(job)
    switch (outcome.kind) {
      case 'failed': {
        const { why, pack } = outcome
        // An exception cannot harm the writer, who says what it is.
        if (why === 'defect') return { rules }
        this.#sharing.clear()
        return { jurisdiction: completed.jurisdiction, pack, why }
      }
      // Refusals are made in their turn, in one order.
      case 'refused':
        return { rules }
      case 'unavailable':
        return undefined
      case 'evaluated':
        if (!readsBeyond(snapshot, outcome.bill)) {
          return { rules, speculation: { ...snapshot, evaluated: outcome.bill } }
        }
        this.#noteSharing(rules)
        return { rules }
    }
  }

  #noteSharing(rules: string): void {
    if (this.#sharing.size >= RULES_NOTED_MAX) this.#sharing.clear()
    this.#sharing.add(rules)
  }

  /** Undefined for what would be refused before it is evaluated. */
  #snapshot(request: TakenRequest, today: number): Snapshot | undefined {
    const { hospital, body } = request
    try {
      const stated = objectAt(body, 'bill')
      const bill = body['without'] === undefined ? stated : { ...stated, without: body['without'] }
      const completed = completeSplit(this.#rows, bill, { hospital, day: today })
      return snapshotOf(this.#rows, completed, today)
    } catch (error) {
      if (error instanceof RequestRefused) return undefined
      throw error
    }
  }
}

const RULES_NOTED_MAX = 64
