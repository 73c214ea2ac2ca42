import { assert } from '../../assert.ts'
import { formatEpochDay } from '../../catalog/epoch-day.ts'
import { splitOf } from '../../ledger/apply-record.ts'
import type { LedgerRecord, LinesRecord, SplitRecord } from '../../ledger/record.ts'
import { stayRowKey } from '../../ledger/rows.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { waitingCount } from '../operations/lines.ts'
import { appendReversal, reversible } from '../operations/reverse.ts'
import type { Operation } from '../request.ts'
import { runOperation } from '../run-operation.ts'
import { recordBase, type Document, type Turn } from '../turn.ts'

/** Kinds of records that follow from a request whose body the record holds. */
export type RerunKind =
  | 'confirmed'
  | 'cancelled'
  | 'reversal'
  | 'recalculation'
  | 'recalculated'
  | 'lines'
  | 'platform'
  | 'dayClosed'

export type RerunRecord = Extract<LedgerRecord, { readonly kind: RerunKind }>

/**
 * What the engine writes when the operation that made `record` is run again in `turn`: the same record, and with a recalculation
 * those that follow. Throws what the operation throws.
 */
export function rerun(turn: Turn, record: RerunRecord): readonly LedgerRecord[] {
  if (record.kind === 'reversal' && record.request === undefined) {
    return rerunReplaced(turn, record.settlement)
  }
  if (record.kind === 'lines' && record.added.length + record.withdrawn.length === 0) {
    return [rerunRepeated(turn, record)]
  }
  run(turn, ...operationOf(record), hospitalOf(record))
  const [again] = turn.rows.records
  if (record.kind === 'lines' && again?.kind === 'lines') return [withRepeated(again, record)]
  return turn.rows.records
}

/** Lines that were all there already: which ones is not stored, only how many. */
function rerunRepeated(turn: Turn, { stay, reply, ...record }: LinesRecord): LinesRecord {
  const hospital = record.request?.hospital ?? record.hospital
  const row = turn.rows.get('stay', stayRowKey(hospital, stay))
  assert(row !== undefined, 'a stay has the lines that were sent before')
  const request = { operation: 'lines.add', hospital, id: '', body: {}, fingerprint: '' } as const
  return {
    kind: 'lines',
    ...recordBase(turn, request),
    hospital,
    stay,
    added: [],
    withdrawn: [],
    reply: { stay, added: 0, repeated: reply?.['repeated'], waiting: waitingCount(row) },
  }
}

/** A supplement made again: its lines are the cells that the patient has left at its place. */
export function rerunSupplement(turn: Turn, record: SplitRecord): readonly LedgerRecord[] {
  const bill = record.bill as Document
  const { packs } = bill['supplement'] as { readonly packs: readonly string[] }
  const date = bill['settlementDate']
  const body = {
    person: record.person,
    settlements: (record.takes ?? []).map(settlementId),
    packs,
    ...(date !== undefined && { date }),
  }
  run(turn, 'supplement', body, record.request?.hospital ?? '')
  return turn.rows.records
}

/** The half of a resettlement that takes the original back. */
function rerunReplaced(turn: Turn, settlement: number): readonly LedgerRecord[] {
  const { hospital } = splitOf(turn.rows, settlement)
  const body = { settlement: settlementId(settlement) }
  const request = { operation: 'resettle', hospital, id: '', body, fingerprint: '' } as const
  appendReversal(turn, reversible(turn, request), {})
  return turn.rows.records
}

function run(turn: Turn, operation: Operation, body: Document, hospital: string): void {
  runOperation(turn, { operation, hospital, id: '', body, fingerprint: '' })
  assert(turn.rows.records.length > 0, 'an operation that writes leaves a record')
}

function operationOf(record: RerunRecord): readonly [Operation, Document] {
  switch (record.kind) {
    case 'confirmed': {
      const { platform } = record
      return ['confirm', { settlement: settlementId(record.settlement), platform }]
    }
    case 'cancelled':
      return ['cancel', ended(record)]
    case 'reversal':
      return ['reverse', ended(record)]
    case 'recalculation':
    case 'recalculated':
      return ['recalculate', { person: record.person, ...record.run }]
    case 'lines': {
      const { stay, added, withdrawn } = record
      return withdrawn.length > 0
        ? ['lines.withdraw', { stay, ids: withdrawn }]
        : ['lines.add', { stay, lines: added }]
    }
    case 'platform': {
      const { settlement, evidence } = record
      return ['platform.confirm', { settlement: settlementId(settlement), evidence }]
    }
    case 'dayClosed':
      return ['closeDay', { day: formatEpochDay(record.closed) }]
  }
}

function ended(record: { readonly settlement: number; readonly reason?: string }): Document {
  const { settlement, reason } = record
  return { settlement: settlementId(settlement), ...(reason !== undefined && { reason }) }
}

function hospitalOf(record: RerunRecord): string {
  if (record.request !== undefined) return record.request.hospital
  return record.kind === 'lines' || record.kind === 'reversal' ? record.hospital : ''
}

/** How many lines of a request were there already is known from the answer alone: they are not stored twice. */
function withRepeated(again: LinesRecord, { reply }: LinesRecord): LinesRecord {
  if (again.withdrawn.length > 0) return again
  return { ...again, reply: { ...again.reply, repeated: reply?.['repeated'] } }
}
