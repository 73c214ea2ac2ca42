import type { Problem } from '../errors/problem.ts'
import type { Contribution } from '../ledger/record.ts'
import type { EvaluatedBill } from './evaluate-bill.ts'
import type { Document } from './turn.ts'

/** A bill to be evaluated away from the writer, on a snapshot. Plain data: it travels between threads. */
export interface SplitJob {
  /** Hash of the rule set, and hashes of packs that are held back. */
  readonly ruleSet: string
  readonly suspended: readonly string[]
  /** As completed by the register. */
  readonly document: Document
  /** Day of settlement where the document states none. */
  readonly day: number
  /** Counters of the person, the family and shared policies; sums of many people are never in a snapshot. */
  readonly counters: readonly Contribution[]
}

export type SplitOutcome =
  | { readonly kind: 'evaluated'; readonly bill: EvaluatedBill }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  /** The worker died, ran out of time or met a bug, also when the bill was run alone; `pack`: hash of the one at work. */
  | {
      readonly kind: 'failed'
      readonly why: 'died' | 'hung' | 'defect'
      readonly pack: string | undefined
    }
  /** Nobody has looked at the bill: no worker could be started, the contents could not be read, or the evaluator is closed. */
  | { readonly kind: 'unavailable' }

/** Somewhere to evaluate bills. Never rejects; outcomes may come in any order. */
export interface Evaluator {
  readonly workers: number
  /** Whether any bill is to be evaluated here now; absent: every one. */
  readonly isWanted?: boolean
  evaluate(job: SplitJob): Promise<SplitOutcome>
  close(): Promise<void>
}
