import { assert } from '../../assert.ts'
import type { Settlement } from '../../adjudication/settlement.ts'
import { isHolding } from '../../engine/operations/look-up.ts'
import type { Store } from '../../engine/ports.ts'
import { recomputeSplit } from '../../engine/recompute-split.ts'
import { RuleSets } from '../../engine/rule-sets.ts'
import { headOf, StoreRows } from '../../engine/store-rows.ts'
import { failure, problem, success, type Problem, type Result } from '../../errors/problem.ts'
import { personHolder } from '../../ledger/holder.ts'
import { isChangedSince } from '../../ledger/holders.ts'
import type { LedgerRecord, Posting, SplitRecord } from '../../ledger/record.ts'
import { seqOf, settlementId } from '../../ledger/settlement-id.ts'
import type { HolderEntry } from '../../ledger/rows.ts'
import type { RulePack } from '../../rules/pack.ts'

/** A record that is about a settlement, and what it posts. */
export interface HistoryStep {
  readonly record: LedgerRecord
  readonly postings: readonly Posting[]
}

/** Everything the ledger has about one settlement. */
export interface SettlementHistory {
  readonly id: string
  readonly split: SplitRecord
  readonly state: 'settled' | 'unconfirmed' | 'prepared' | 'cancelled' | 'reversed'
  /** A counter that it read was changed by an earlier settlement since. */
  readonly changedSince: boolean
  /** From the settlement itself to the last that happened to it. */
  readonly steps: readonly HistoryStep[]
  /** Made again from the record. */
  readonly settlement: Settlement
  readonly packs: readonly RulePack[]
}

/** The settlement `id` with its history; refused when there is none, or when it cannot be made again as it was. */
export function settlementHistory(store: Store, id: string): Result<SettlementHistory> {
  const seq = seqOf(id)
  const rows = new StoreRows(store)
  const isInside = seq !== undefined && seq > 0 && seq <= headOf(store).seq
  const split = isInside ? rows.record(seq) : undefined
  if (split?.kind !== 'settlement' && split?.kind !== 'prepared') {
    return failure(problem('LEDGER_SETTLEMENT_UNKNOWN', '', { settlement: id }))
  }
  const rules = new RuleSets((hash) => {
    const bytes = store.get('content', hash)
    assert(bytes !== undefined, 'the ledger has the content of every hash it names')
    return bytes
  })
  const again = recomputeSplit(rows, rules, split)
  if (!again.ok) return again
  if (!again.value.isSameExplanation) return failure(otherExplanation(split))
  const entry = rows
    .get('holder', personHolder(split.person))
    ?.entries.find((one) => one.seq === split.seq)
  return success({
    id,
    split,
    state: stateOf(split, entry),
    changedSince: isHolding(entry) && isChangedSince(rows, split),
    steps: stepsOf(rows, split, entry),
    settlement: again.value.settlement,
    packs: rules.open(split.ruleSet).inForce.packs.map(({ pack }) => pack),
  })
}

function otherExplanation({ seq, digest }: SplitRecord): Problem {
  const details = { settlement: settlementId(seq), stored: digest, recomputed: '≠' }
  return problem('LEDGER_EXPLANATION_DIFFERS', '', details)
}

function stateOf(split: SplitRecord, entry: HolderEntry | undefined): SettlementHistory['state'] {
  if (entry !== undefined && entry.state !== 'live') return entry.state
  return split.confirmed || entry?.confirmedBy !== undefined ? 'settled' : 'unconfirmed'
}

function stepsOf(
  rows: StoreRows,
  split: SplitRecord,
  entry: HolderEntry | undefined,
): readonly HistoryStep[] {
  const { confirmedBy, endedBy, recalculations = [] } = entry ?? {}
  const later = [confirmedBy, ...recalculations, endedBy].filter((seq) => seq !== undefined)
  const records = later.toSorted((a, b) => a - b).map((seq) => rows.record(seq))
  return [split, ...records].map((record) => ({ record, postings: postingsOf(record) }))
}

/** A prepared split posts nothing before it is confirmed. */
function postingsOf(record: LedgerRecord): readonly Posting[] {
  return record.kind !== 'prepared' && 'postings' in record ? record.postings : []
}
