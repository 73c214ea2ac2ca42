import { splitOf } from '../ledger/apply-record.ts'
import { personHolder } from '../ledger/holder.ts'
import type { SplitRecord } from '../ledger/record.ts'
import type { HolderEntry, Rows } from '../ledger/rows.ts'
import { seqOf } from '../ledger/settlement-id.ts'
import { refused, type TakenRequest, type Turn } from './turn.ts'

/** State as a hospital sees it. */
export type SplitState =
  'prepared' | 'unknown' | 'settled' | 'unconfirmed' | 'cancelled' | 'reversed'

/** The settlement `id` if it belongs to the hospital that asks; an operator ('') may see all. */
export function ownSplit(
  turn: Turn,
  { hospital }: Pick<TakenRequest, 'hospital'>,
  id: unknown,
): SplitRecord {
  const split = findSplit(turn, id)
  if (split !== undefined && (hospital === '' || split.hospital === hospital)) return split
  throw refused('SETTLEMENT_UNKNOWN', 'settlement', {
    settlement: typeof id === 'string' ? id : typeof id,
  })
}

function findSplit(turn: Turn, id: unknown): SplitRecord | undefined {
  const seq = seqOf(id)
  const last = turn.firstSeq + turn.rows.records.length - 1
  if (seq === undefined || seq > last) return undefined
  if (seq < turn.firstSeq && seq > (turn.lastSeen ?? seq)) return undefined
  const record = turn.rows.record(seq)
  return record.kind === 'settlement' || record.kind === 'prepared'
    ? splitOf(turn.rows, seq)
    : undefined
}

export function entryOf(
  { rows }: { readonly rows: Rows },
  split: SplitRecord,
): HolderEntry | undefined {
  return rows
    .get('holder', personHolder(split.person))
    ?.entries.find(({ seq }) => seq === split.seq)
}

export function stateOf(turn: Turn, split: SplitRecord): SplitState {
  const entry = entryOf(turn, split)
  switch (entry?.state) {
    case 'cancelled':
    case 'reversed':
      return entry.state
    case 'prepared':
      return turn.at - split.at > turn.settings.preparedMs ? 'unknown' : 'prepared'
    case 'live':
    case undefined:
      return split.confirmed || entry?.confirmedBy !== undefined ? 'settled' : 'unconfirmed'
  }
}
