import type { SplitPacker } from '../ledger/packed-split.ts'
import { evaluateBill, type EvaluatedBill } from './evaluate-bill.ts'
import type { SplitJob, SplitOutcome } from './evaluator-port.ts'
import { packBill, type UnfinishedBill } from './packed-bill.ts'
import type { OpenedRuleSet } from './rule-sets.ts'

/** What came of a job, before the dictionary of those packed with it is whole. */
export type JobOutcome =
  | Exclude<SplitOutcome, { readonly kind: 'evaluated' }>
  | { readonly kind: 'evaluated'; readonly bill: EvaluatedBill | UnfinishedBill }

/** Evaluates a job and writes its split down if that is wanted: for workers, and for whoever stands for them. */
export function evaluateJob(
  job: SplitJob,
  rules: OpenedRuleSet,
  packer: SplitPacker,
  onLayer?: (pack: string) => void,
): JobOutcome {
  const { document, day, counters, post } = job
  const result = evaluateBill(document, day, new Map(counters), rules, onLayer)
  if (!result.ok) return { kind: 'refused', problems: result.problems }
  const bill = post === undefined ? result.value : packBill(job, post, result.value, packer)
  return { kind: 'evaluated', bill }
}

/** The outcome with the dictionary of all that were packed together. */
export function finishOutcome(outcome: JobOutcome, dictionary: Uint8Array): SplitOutcome {
  if (outcome.kind !== 'evaluated') return outcome
  const { bill } = outcome
  if (!('packed' in bill)) return { kind: 'evaluated', bill }
  return { kind: 'evaluated', bill: { ...bill, packed: { ...bill.packed, dictionary } } }
}
