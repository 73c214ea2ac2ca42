import { splitOf } from '../../ledger/apply-record.ts'
import { formatEpochDay, LAST_EPOCH_DAY, parseEpochDay } from '../../catalog/epoch-day.ts'
import { personHolder } from '../../ledger/holder.ts'
import { isChangedSince } from '../../ledger/holders.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import { type HolderEntry, requestRowKey, rowKey } from '../../ledger/rows.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { entryOf, ownSplit, stateOf } from '../own-split.ts'
import {
  allowOnly,
  refused,
  textAt,
  type Answer,
  type Document,
  type TakenRequest,
  type Turn,
} from '../turn.ts'

/** find: by request id, settlement, or person and accounting day. A hospital sees its own only. */
export function find(turn: Turn, request: TakenRequest): Answer {
  const { body, hospital } = request
  allowOnly(body, ['requestId', 'settlement', 'person', 'day'])
  return { settlements: foundSplits(turn, body, hospital).map((split) => shown(turn, split)) }
}

function foundSplits(turn: Turn, body: Document, hospital: string): readonly SplitRecord[] {
  if (body['settlement'] !== undefined) return [ownSplit(turn, { hospital }, body['settlement'])]
  if (body['requestId'] !== undefined) {
    const row = turn.rows.get('request', requestRowKey(hospital, textAt(body, 'requestId')))
    return row === undefined ? [] : splitsOf(turn, row.seq)
  }
  const person = textAt(body, 'person')
  const day = dayAt(body)
  const entries = turn.rows.get('holder', personHolder(person))?.entries ?? []
  return entries
    .map(({ seq }) => splitOf(turn.rows, seq))
    .filter((split) => split.day === day && (hospital === '' || split.hospital === hospital))
}

/** The settlement that a record made or is about. */
function splitsOf(turn: Turn, seq: number): readonly SplitRecord[] {
  const record = turn.rows.record(seq)
  switch (record.kind) {
    case 'settlement':
    case 'prepared':
      return [record]
    case 'confirmed':
    case 'cancelled':
    case 'reversal':
    case 'platform':
      return [splitOf(turn.rows, record.settlement)]
    case 'lines':
    case 'registry':
    case 'content':
    case 'rules':
    case 'recalculation':
    case 'recalculated':
    case 'dayClosed':
    case 'audit':
      return []
  }
}

function shown(turn: Turn, split: SplitRecord): Document {
  const { seq, operation, at, day, stay, person, hospital } = split
  const entry = entryOf(turn, split)
  const ended = entry?.endedBy === undefined ? undefined : turn.rows.record(entry.endedBy)
  return {
    settlement: settlementId(seq),
    state: stateOf(turn, split),
    operation,
    at,
    day,
    hospital,
    stay,
    person,
    total: split.answer.total,
    patient: split.answer.patient.total,
    changedSince: isHolding(entry) && isChangedSince(turn.rows, split),
    ...(ended?.kind === 'reversal' && { reversal: settlementId(ended.seq) }),
  }
}

/** Whether it counts: one that was cancelled or reversed stands on nothing any more. */
export function isHolding(entry: HolderEntry | undefined): boolean {
  return entry?.state === 'live' || entry?.state === 'prepared'
}

/** dayTotals: what a hospital's settlements and reversals of an accounting day come to; fen. */
export function dayTotals(turn: Turn, { body, hospital }: TakenRequest): Answer {
  allowOnly(body, ['day'])
  const day = dayAt(body)
  const row = turn.rows.get('balance', rowKey(formatEpochDay(day), hospital))
  const { rows = 0, cost = 0, fund = 0, account = 0, cash = 0 } = row ?? {}
  return { day, rows, cost, fund, account, cash }
}

/** A day as text, 2026-11-25, or as days since 1970-01-01. */
export function dayAt(body: Document, key = 'day'): number {
  const text = textAt(body, key)
  const day = /^[0-9]{1,7}$/.test(text) ? Number(text) : parseEpochDay(text)
  // The journal keeps days as dates, which a later one has not.
  if (day === undefined || day > LAST_EPOCH_DAY)
    throw refused('REQUEST_MALFORMED', key, { why: `${key}: 2026-11-25` })
  return day
}
