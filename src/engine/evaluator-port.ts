import type { Problem } from '../errors/problem.ts'
import type { Contribution } from '../ledger/record.ts'
import type { KnownContent, PackedSplit } from '../ledger/packed-split.ts'
import type { LateValues, ReplyTemplate } from '../protocol/frames/reply-template.ts'
import type { ReplyEncoding } from '../protocol/frames/write-frame.ts'
import type { EvaluatedBill } from './evaluate-bill.ts'
import type { SplitTotals } from './evaluate-split.ts'
import type { SentBill } from './sent-request.ts'
import type { CompletedSplit } from './split-bill.ts'
import type { Document } from './turn.ts'

/** A bill to be evaluated away from the writer, on a snapshot. Plain data: it travels between threads. */
export interface SplitJob {
  /** Hash of the rule set, and hashes of packs that are held back. */
  readonly ruleSet: string
  readonly suspended: readonly string[]
  /** As completed by the register; where the bill is in a message, without its lines: they are there. */
  readonly document: Document
  readonly sent?: SentBill
  /** Day of settlement where the document states none. */
  readonly day: number
  /** Counters of the person, the family and shared policies; sums of many people are never in a snapshot. */
  readonly counters: readonly Contribution[]
  /** Absent: its split is answered as objects, for the writer to do with what it likes. */
  readonly post?: SplitPost
}

/** What the writer will make of a split if nothing changes until then; so it can be written down where it is evaluated. */
export interface SplitPost {
  readonly operation: 'settle' | 'prepare'
  /** What the register and the rules said of the bill. */
  readonly completed: Omit<CompletedSplit, 'document' | 'day' | 'suspended'>
  /** Members of the bill that the register has replaced in the document, as they were stated; of no use beside a message. */
  readonly stated: Document
  readonly invoice?: string
  /** Whose counters are in the snapshot. */
  readonly holders: readonly string[]
  /** Absent: nobody wants the answer as bytes. */
  readonly reply?: SplitReply
}

export interface SplitReply {
  readonly requestId: string
  readonly encoding: ReplyEncoding
  /** As long as the final ones. */
  readonly late: LateValues
}

/** A split that was evaluated and written down. */
export interface PackedBill {
  /** The platform's, of given layers; the other facts are in `known`. */
  readonly setlId?: string
  /** Of the request, where it came in a message. */
  readonly fingerprint?: string
  readonly known: KnownContent
  readonly totals: SplitTotals
  readonly packed: PackedSplit
  /** It read a counter that was not in the snapshot. */
  readonly readsBeyond: boolean
  readonly reply?: ReplyTemplate
}

export type SplitOutcome =
  /** Written down where the job had a `post`. */
  | { readonly kind: 'evaluated'; readonly bill: EvaluatedBill | PackedBill }
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
