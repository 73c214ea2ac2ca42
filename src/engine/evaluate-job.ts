import { CounterSums } from '../adjudication/counter-sums.ts'
import type { SplitPacker } from '../ledger/packed-split.ts'
import { evaluateBill, type EvaluatedBill } from './evaluate-bill.ts'
import type { SplitJob, SplitOutcome } from './evaluator-port.ts'
import { packBill, type UnfinishedBill } from './packed-bill.ts'
import { billOfJob } from './job-bill.ts'
import type { OpenedRuleSet } from './rule-sets.ts'
import type { Document } from './turn.ts'

/** What came of a job, before the dictionary of those packed with it is whole. */
export type JobOutcome =
  | Exclude<SplitOutcome, { readonly kind: 'evaluated' }>
  | { readonly kind: 'evaluated'; readonly bill: EvaluatedBill | UnfinishedBill }

/**
 * Evaluates a job and writes its split down if that is wanted: for workers, and for whoever stands for them. `onLayer`: told the hash of
 * each pack before it runs on the bill, and at the end that none does.
 */
export function evaluateJob(
  job: SplitJob,
  rules: OpenedRuleSet,
  packer: SplitPacker,
  onLayer?: (pack: string | undefined, document: Document) => void,
): JobOutcome {
  const { day, counters, post } = job
  const opened = billOfJob(job)
  if (!opened.ok) return { kind: 'refused', problems: opened.problems }
  const { document } = opened.value
  const watch =
    onLayer &&
    ((pack: string) => {
      onLayer(pack, document)
    })
  const result = evaluateBill(document, day, CounterSums.ofPairs(counters), rules, watch)
  onLayer?.(undefined, document)
  if (!result.ok) return { kind: 'refused', problems: result.problems }
  const bill =
    post === undefined ? result.value : packBill(opened.value, post, result.value, packer)
  return { kind: 'evaluated', bill }
}

/** The outcome with the dictionary of all that were packed together. */
export function finishOutcome(outcome: JobOutcome, dictionary: Uint8Array): SplitOutcome {
  if (outcome.kind !== 'evaluated') return outcome
  const { bill } = outcome
  if (!('packed' in bill)) return { kind: 'evaluated', bill }
  return { kind: 'evaluated', bill: { ...bill, packed: { ...bill.packed, dictionary } } }
}
