import { rowKey, stayRowKey } from '../ledger/rows.ts'
import { settlementId } from '../ledger/settlement-id.ts'
import { splitOf } from '../ledger/apply-record.ts'
import type { BillFacts } from './evaluate-bill.ts'
import type { CompletedSplit } from './split-bill.ts'
import { refused, type Turn } from './turn.ts'

/** A line, a setl_id and an invoice are in one live settlement only, and a stay is one person's. */
export function checkUnique(
  turn: Turn,
  { hospital, person }: Pick<CompletedSplit, 'hospital' | 'person'>,
  { stayId, lineIds }: Pick<BillFacts, 'stayId' | 'lineIds'>,
  unique: readonly string[],
): void {
  const stay = turn.rows.get('stay', stayRowKey(hospital, stayId))
  if (stay !== undefined && stay.live.length > 0) {
    if (stay.person !== undefined && stay.person !== person) {
      throw refused('STAY_OF_ANOTHER_PERSON', 'bill.visit.id', { stay: stayId })
    }
    const ids = new Set(lineIds)
    for (const seq of stay.live) {
      const taken = splitOf(turn.rows, seq).lineIds.find((id) => ids.has(id))
      if (taken === undefined) continue
      const details = { what: `feedetl_sn ${taken}`, settlement: settlementId(seq) }
      throw refused('ALREADY_SETTLED', 'bill.lines', details)
    }
  }
  for (const key of unique) {
    const seq = turn.rows.get('unique', key)
    if (seq === undefined) continue
    const what = key.replace('\u0000', ' ')
    throw refused('ALREADY_SETTLED', 'bill', { what, settlement: settlementId(seq) })
  }
}

/** Keys of table `unique`: the platform's setl_id and the invoice. */
export function uniqueKeys({ setlId }: BillFacts, invoice: string | undefined): readonly string[] {
  const keys: string[] = []
  if (setlId !== undefined) keys.push(rowKey('setl', setlId))
  if (invoice !== undefined) keys.push(rowKey('invoice', invoice))
  return keys
}
