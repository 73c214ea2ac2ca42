import type { Evaluator, SplitJob, SplitOutcome } from '../engine/evaluator-port.ts'
import type { LayerWatch, WatchedBill } from '../engine/layer-watch.ts'
import type { ReadContent, RuleSet } from '../engine/rule-sets.ts'
import type { Document } from '../engine/turn.ts'
import type { RulePack } from '../rules/pack.ts'
import { openPool } from './open-pool.ts'
import type { PoolOptions } from './pool-options.ts'

export interface StandbyOptions extends Omit<PoolOptions, 'workers' | 'batchMax'> {
  /** Milliseconds since any moment, never going back. */
  readonly now: () => number
  /** What one bill may take the writer before the pack that took most of it is a suspect, ms. */
  readonly slowMs?: number
  /** Bills with a suspect that one after another take the worker less than that, until it is none any more. */
  readonly quickToClear?: number
  /** Starts the worker, and throws when the system has no thread for it; default `openPool`. */
  readonly open?: (options: PoolOptions) => Evaluator | undefined
}

export const STANDBY_DEFAULTS = { slowMs: 250, quickToClear: 20 } as const

const LEFT_TO_WRITER: SplitOutcome = { kind: 'failed', why: 'defect', pack: undefined }

interface Suspect {
  /** Bills in a row that were quick. */
  quick: number
  /** Of a pack that works only for who holds its policy. */
  readonly product: string | undefined
}

/**
 * Where the writer adjudicates by itself: a worker for the packs that have turned slow, started when the first one has. The static cost
 * of a pack is bounded, so that one slow bill ends; from then on bills that the pack works on are tried in the worker first, whose
 * rule decides (twice over its budget: suspended), and all others go their way. A suspect that is quick again is cleared.
 */
export class Standby implements Evaluator, LayerWatch {
  readonly workers = 0
  readonly slowMs: number
  readonly now: () => number
  readonly #options: StandbyOptions
  readonly #suspects = new Map<string, Suspect>()
  #pool: Evaluator | undefined
  #last: Promise<unknown> = Promise.resolve()
  #isClosed = false

  constructor(options: StandbyOptions) {
    this.#options = options
    this.now = options.now
    this.slowMs = options.slowMs ?? STANDBY_DEFAULTS.slowMs
  }

  /** Nobody's bill is sent anywhere while no pack is a suspect. */
  get isWanted(): boolean {
    return this.#suspects.size > 0
  }

  /** Hashes. */
  get suspects(): readonly string[] {
    return [...this.#suspects.keys()]
  }

  readonly slow = (pack: string): void => {
    if (this.#isClosed) return
    try {
      const { open = openPool } = this.#options
      this.#pool ??= open({ ...this.#options, workers: 1, batchMax: 1 })
    } catch (error) {
      // A watch stops nobody's settlement: without a worker nothing is a suspect, and the next slow bill tries to have one.
      this.#options.onError?.(error)
      return
    }
    const known = this.#suspects.get(pack)
    if (known !== undefined) known.quick = 0
    else this.#suspects.set(pack, { quick: 0, product: productOf(this.#options.content, pack) })
  }

  readonly mustBeTried = (bill: WatchedBill): boolean => this.#suspectsOf(bill).length > 0

  async evaluate(job: SplitJob): Promise<SplitOutcome> {
    if (this.#suspectsOf(job).length === 0) return { kind: 'unavailable' }
    // One after the other: what is measured is one bill.
    const mine = this.#last.then(async () => this.#tried(job))
    this.#last = mine.catch(() => undefined)
    return mine
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#suspects.clear()
    await this.#last
    await this.#pool?.close()
  }

  async #tried(job: SplitJob): Promise<SplitOutcome> {
    const suspects = this.#suspectsOf(job)
    // Cleared by the bills before it.
    if (suspects.length === 0) return { kind: 'unavailable' }
    const began = this.now()
    const outcome = (await this.#pool?.evaluate(job)) ?? LEFT_TO_WRITER
    const isQuick = this.now() - began <= this.slowMs
    const isAnswered = outcome.kind === 'evaluated' || outcome.kind === 'refused'
    for (const [pack, suspect] of suspects) {
      suspect.quick = isQuick && isAnswered ? suspect.quick + 1 : 0
      if (suspect.quick >= this.#quickToClear) this.#suspects.delete(pack)
    }
    if (this.#suspects.size === 0) await this.#rest()
    // No worker to be had is no reason to settle nothing: the writer takes it upon itself, as it does a bug.
    return outcome.kind === 'unavailable' ? LEFT_TO_WRITER : outcome
  }

  get #quickToClear(): number {
    return this.#options.quickToClear ?? STANDBY_DEFAULTS.quickToClear
  }

  /** Ends the worker until there is a suspect again. */
  async #rest(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    await pool?.close()
  }

  /** Those that may work on the bill. */
  #suspectsOf({
    document,
    ruleSet,
    suspended,
  }: WatchedBill): readonly (readonly [string, Suspect])[] {
    if (this.#suspects.size === 0) return []
    const inForce = this.#packsOf(ruleSet)
    return [...this.#suspects].filter(
      ([pack, { product }]) =>
        inForce?.has(pack) !== false && !suspended.includes(pack) && mayHold(document, product),
    )
  }

  /** Undefined: the rules are not on the disk yet, so that the bill is looked at again when they are. */
  #packsOf(ruleSet: string): ReadonlySet<string> | undefined {
    try {
      const { packs } = parsed(this.#options.content(ruleSet)) as RuleSet
      return new Set(packs.map(({ hash }) => hash))
    } catch {
      return undefined
    }
  }
}

/** Whether somebody may be entitled to a product; undefined: it needs no policy. */
function mayHold({ policies }: Document, product: string | undefined): boolean {
  if (product === undefined || !Array.isArray(policies)) return true
  return (policies as readonly Document[]).some((policy) => policy['product'] === product)
}

/** Undefined also for a pack that is not on the disk yet: anybody's bill may be one of its. */
function productOf(content: ReadContent, pack: string): string | undefined {
  try {
    const { product, requiresPolicy } = parsed(content(pack)) as RulePack
    return requiresPolicy ? product : undefined
  } catch {
    return undefined
  }
}

/** A published content: the ledger wrote it. */
function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString('utf8'))
}
