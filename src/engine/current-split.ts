import { assert } from '../assert.ts'
import type { SplitAnswer } from '../ledger/answer.ts'
import { heldAs } from '../ledger/holders.ts'
import type { Contribution, Posting, SplitRecord } from '../ledger/record.ts'
import type { HolderEntry, Rows } from '../ledger/rows.ts'
import { netContributions, netPostings } from './net-postings.ts'

/** What a live settlement amounts to by now, with its recalculations. */
export interface CurrentSplit {
  readonly answer: SplitAnswer
  /** Counters that it read. */
  readonly before: readonly Contribution[]
  readonly contributions: readonly Contribution[]
  /** Policies whose counters are with the policy. */
  readonly sharedPolicies: readonly string[]
  readonly postings: readonly Posting[]
  readonly register: SplitRecord['register']
  readonly ruleSet: string
}

export function currentSplit(rows: Rows, split: SplitRecord, entry: HolderEntry): CurrentSplit {
  const contributions = [split.contributions]
  const postings = [split.postings]
  let { answer, register, ruleSet, before, sharedPolicies } = split
  for (const seq of entry.recalculations) {
    const record = rows.record(seq)
    assert(record.kind === 'recalculation', 'a settlement lists its recalculations')
    contributions.push(record.contributions)
    postings.push(record.postings)
    ;({ answer, register, ruleSet, before } = record)
    ;({ sharedPolicies } = heldAs(split, record))
  }
  return {
    answer,
    register,
    ruleSet,
    before,
    contributions: netContributions(...contributions),
    sharedPolicies,
    postings: netPostings(...postings),
  }
}
