import { assert } from '../assert.ts'
import type { SplitAnswer } from './answer.ts'
import { changeBalance, differenceSums, rowSumsOf, type RowSums } from './balances.ts'
import {
  addContributions,
  heldAs,
  holdingNow,
  lastRecalculation,
  markChanges,
  setEntry,
} from './holders.ts'
import { personHolder } from './holder.ts'
import type {
  CancelledRecord,
  ConfirmedRecord,
  LedgerRecord,
  RecalculationRecord,
  RegistryRecord,
  ReversalRecord,
  SplitRecord,
} from './record.ts'
import { requestRowKey, rowKey, type HolderEntry, type Rows } from './rows.ts'
import { addLines, enterStay, leaveStay } from './stays.ts'

/** What one record changes (docs/ledger.md, section 1). Pure but for `rows`; the same for engine, replay and verification. */
export function applyRecord(rows: Rows, record: LedgerRecord): void {
  const { request, seq } = record
  if (request !== undefined) {
    const key = requestRowKey(request.hospital, request.id)
    assert(rows.get('request', key) === undefined, 'a request is answered once')
    rows.put('request', key, { seq, fingerprint: request.fingerprint })
  }
  switch (record.kind) {
    case 'settlement':
    case 'prepared':
      return applySplit(rows, record)
    case 'confirmed':
      return applyConfirmed(rows, record)
    case 'cancelled':
      return applyCancelled(rows, record)
    case 'reversal':
      return applyReversal(rows, record)
    case 'recalculation':
      return applyRecalculation(rows, record)
    case 'lines':
      return addLines(rows, record)
    case 'registry':
      return applyRegistry(rows, record)
    case 'rules':
      return rows.put('rules', record.jurisdiction, record.state)
    case 'platform':
      return setEntry(
        rows,
        splitOf(rows, record.settlement).person,
        record.settlement,
        { confirmedBy: seq },
        seq,
      )
    case 'audit':
      return rows.put('audit', seq, record.entries.length)
    case 'content':
    case 'recalculated':
    case 'dayClosed':
      return
  }
}

/** The split with the seq `seq`; throws when that record is of another kind. */
export function splitOf(rows: Rows, seq: number): SplitRecord {
  const record = rows.record(seq)
  assert(
    record.kind === 'settlement' || record.kind === 'prepared',
    'the record of a settlement is a split',
  )
  return record
}

function applySplit(rows: Rows, record: SplitRecord): void {
  const { seq, kind } = record
  const state = kind === 'prepared' ? 'prepared' : 'live'
  addContributions(rows, record, record.contributions, seq)
  setEntry(rows, record.person, seq, { state }, seq)
  if (record.operation !== 'supplement') enterStay(rows, record)
  for (const key of record.unique) {
    assert(rows.get('unique', key) === undefined, 'an invoice or setl_id is in one live settlement')
    rows.put('unique', key, seq)
  }
  if (kind === 'prepared') {
    rows.put('prepared', seq, { hospital: record.hospital, at: record.at })
    return
  }
  const sums = record.packed?.sums ?? billSums(record, record.answer, 1)
  changeBalance(rows, record, record.postings, sums)
}

/** A supplement is no bill of the hospital: it has entries, and no row in the totals of the day. */
function billSums(
  { operation }: SplitRecord,
  answer: SplitAnswer,
  sign: 1 | -1,
): RowSums | undefined {
  return operation === 'supplement' ? undefined : rowSumsOf(answer, sign)
}

/** What a settlement says by now, after its recalculations. */
function answerNow(rows: Rows, split: SplitRecord, entry: HolderEntry): SplitAnswer {
  return lastRecalculation(rows, entry)?.answer ?? split.answer
}

function applyConfirmed(rows: Rows, record: ConfirmedRecord): void {
  const split = splitOf(rows, record.settlement)
  setEntry(rows, split.person, split.seq, { state: 'live', confirmedBy: record.seq }, record.seq)
  for (const key of record.unique) rows.put('unique', key, split.seq)
  rows.put('prepared', split.seq, undefined)
  const { day } = record
  changeBalance(
    rows,
    { day, hospital: split.hospital },
    record.postings,
    billSums(split, split.answer, 1),
  )
}

function applyCancelled(rows: Rows, record: CancelledRecord): void {
  const split = splitOf(rows, record.settlement)
  const { seq } = record
  const taken = negated(split.contributions)
  addContributions(rows, split, taken, seq)
  setEntry(rows, split.person, split.seq, { state: 'cancelled', endedBy: seq }, seq)
  markChanges(rows, split, taken, { by: split.seq, at: seq })
  leaveStay(rows, split)
  freeUnique(rows, split.unique)
  rows.put('prepared', split.seq, undefined)
}

function applyReversal(rows: Rows, record: ReversalRecord): void {
  const split = splitOf(rows, record.settlement)
  const { seq } = record
  const entry = rows
    .get('holder', personHolder(split.person))
    ?.entries.find((one) => one.seq === split.seq)
  assert(entry?.state === 'live', 'only a live settlement is reversed')
  const holding = holdingNow(rows, split, entry)
  addContributions(rows, holding, record.contributions, seq)
  setEntry(rows, split.person, split.seq, { state: 'reversed', endedBy: seq }, seq)
  markChanges(rows, holding, record.contributions, { by: split.seq, at: seq })
  if (split.operation !== 'supplement') leaveStay(rows, split)
  freeUnique(rows, split.unique)
  const { confirmedBy } = entry
  const confirmed = confirmedBy === undefined ? undefined : rows.record(confirmedBy)
  if (confirmed?.kind === 'confirmed') freeUnique(rows, confirmed.unique)
  changeBalance(rows, record, record.postings, billSums(split, answerNow(rows, split, entry), -1))
}

function applyRecalculation(rows: Rows, record: RecalculationRecord): void {
  const split = splitOf(rows, record.settlement)
  const { seq } = record
  const holding = heldAs(split, record)
  addContributions(rows, holding, record.contributions, seq)
  const entry = rows
    .get('holder', personHolder(split.person))
    ?.entries.find((one) => one.seq === split.seq)
  assert(entry?.state === 'live', 'only a live settlement is recalculated')
  const sums =
    split.operation === 'supplement'
      ? undefined
      : differenceSums(answerNow(rows, split, entry), record.answer)
  const recalculations = [...entry.recalculations, seq]
  setEntry(rows, split.person, split.seq, { recalculations }, seq)
  markChanges(rows, holding, record.contributions, { by: split.seq, at: seq })
  changeBalance(rows, record, record.postings, sums)
}

function freeUnique(rows: Rows, keys: readonly string[]): void {
  for (const key of keys) rows.put('unique', key, undefined)
}

function applyRegistry(rows: Rows, { seq, entries }: RegistryRecord): void {
  for (const [index, { kind, id, entry }] of entries.entries()) {
    const row =
      entry === undefined || entry === null ? undefined : { version: [seq, index] as const, entry }
    rows.put('registry', rowKey(kind, id), row)
  }
}

function negated(contributions: SplitRecord['contributions']): SplitRecord['contributions'] {
  return contributions.map(([key, amount]) => [key, 0 - amount])
}
