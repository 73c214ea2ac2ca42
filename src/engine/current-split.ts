import { assert } from '../assert.ts'
import type { SplitAnswer } from '../ledger/answer.ts'
import type { Contribution, Posting, SplitRecord } from '../ledger/record.ts'
import type { HolderEntry, Rows } from '../ledger/rows.ts'
import { netContributions, netPostings } from './net-postings.ts'

/** What a live settlement amounts to by now, with its recalculations. */
export interface CurrentSplit {
  readonly answer: SplitAnswer
  readonly contributions: readonly Contribution[]
  readonly postings: readonly Posting[]
  readonly register: SplitRecord['register']
  readonly ruleSet: string
}

export function currentSplit(rows: Rows, split: SplitRecord, entry: HolderEntry): CurrentSplit {
  const contributions = [split.contributions]
  const postings = [split.postings]
  let { answer, register, ruleSet } = split
  for (const seq of entry.recalculations) {
    const record = rows.record(seq)
    assert(record.kind === 'recalculation', 'a settlement lists its recalculations')
    contributions.push(record.contributions)
    postings.push(record.postings)
    ;({ answer, register, ruleSet } = record)
  }
  return {
    answer,
    register,
    ruleSet,
    contributions: netContributions(...contributions),
    postings: netPostings(...postings),
  }
}
