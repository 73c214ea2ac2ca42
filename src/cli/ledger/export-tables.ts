import { formatEpochDay } from '../../catalog/epoch-day.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import type { AuditEntry, LedgerRecord } from '../../ledger/record.ts'
import { personHolder } from '../../ledger/holder.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { BOOK_FIELDS } from '../../reconciliation/book-row.ts'
import { exportLine } from '../../reconciliation/export-rows.ts'
import { detailLine } from '../../reconciliation/national-detail.ts'
import { nationalEntries } from '../../reconciliation/national-rows.ts'
import { settlementEntries } from '../../reconciliation/settlement-book.ts'
import { csvLine } from '../../files/csv-line.ts'
import { shanghaiTime } from '../../files/shanghai-time.ts'

export const EXPORT_FORMATS = ['ndjson', 'csv'] as const
export const EXPORT_TABLES = ['settlements', 'entries', '3202', 'audit'] as const

export type ExportFormat = (typeof EXPORT_FORMATS)[number]
export type ExportTable = (typeof EXPORT_TABLES)[number]

type Cell = string | number
type Row = Readonly<Record<string, Cell>>

/** What is exported of the journal. */
export interface ExportSource {
  readonly records: Iterable<LedgerRecord>
  readonly rows: StoreRows
}

export interface ExportFilter {
  /** Accounting day, YYYY-MM-DD. */
  readonly day?: string
  readonly hospital?: string
}

/** By which spreadsheets know UTF-8. */
const MARK = '\uFEFF'

/**
 * Lines of an export, without line ends: NDJSON, or CSV with a heading. Amounts are whole fen. `3202` has the national form whatever the
 * format: tab-separated, yuan, no heading. `entries` in NDJSON is what `ledger reconcile` reads.
 */
export function* exportLines(
  source: ExportSource,
  table: ExportTable,
  format: ExportFormat,
  filter: ExportFilter,
): Generator<string> {
  const wanted = ({ day, hospital }: Row | { readonly day: string; readonly hospital: string }) =>
    (filter.day === undefined || filter.day === day) &&
    (filter.hospital === undefined || filter.hospital === hospital)
  const recordAt = (seq: number) => source.rows.record(seq)
  if (table === '3202') {
    for (const row of nationalEntries(source.records, recordAt)) {
      if (wanted(row)) yield detailLine(row)
    }
    return
  }
  if (table === 'entries') {
    if (format === 'csv') yield `${MARK}${csvLine([...BOOK_FIELDS, 'amount'])}`
    for (const { rows } of settlementEntries(source.records, recordAt)) {
      for (const row of rows.filter(wanted)) {
        yield format === 'csv'
          ? csvLine([...BOOK_FIELDS.map((field) => row[field]), row.amount])
          : exportLine(row)
      }
    }
    return
  }
  const columns = table === 'settlements' ? SETTLEMENT_COLUMNS : AUDIT_COLUMNS
  if (format === 'csv') yield `${MARK}${csvLine(columns)}`
  for (const record of source.records) {
    const row = table === 'settlements' ? settlementRow(record, source.rows) : auditRow(record)
    if (row === undefined || !wanted(row)) continue
    yield format === 'csv'
      ? csvLine(columns.map((column) => row[column] ?? ''))
      : JSON.stringify(row)
  }
}

const SETTLEMENT_COLUMNS = [
  'settlement',
  'state',
  'operation',
  'time',
  'day',
  'hospital',
  'stay',
  'person',
  'total',
  'paid',
  'patient',
  'account',
  'cash',
  'payers',
] as const

function settlementRow(record: LedgerRecord, rows: StoreRows): Row | undefined {
  if (record.kind !== 'settlement' && record.kind !== 'prepared') return undefined
  const { seq, at, day, operation, hospital, stay, person, answer, confirmed } = record
  const entry = rows.get('holder', personHolder(person))?.entries.find((one) => one.seq === seq)
  const live = confirmed || entry?.confirmedBy !== undefined ? 'settled' : 'unconfirmed'
  // What was prepared before midnight and confirmed after it is posted on the later day.
  const postedOn = entry?.confirmedBy === undefined ? day : rows.record(entry.confirmedBy)?.day
  const { account, cash, total: patient } = answer.patient
  return {
    settlement: settlementId(seq),
    state: entry === undefined || entry.state === 'live' ? live : entry.state,
    operation,
    time: shanghaiTime(at),
    day: formatEpochDay(postedOn ?? day),
    hospital,
    stay,
    person,
    total: answer.total,
    paid: answer.payers.reduce((sum, { amount }) => sum + amount, 0),
    patient,
    account: account.current + account.history + account.family + account.given,
    cash,
    payers: answer.payers.map(({ id, amount }) => `${id}=${amount}`).join(';'),
  }
}

const AUDIT_COLUMNS = [
  'seq',
  'time',
  'day',
  'kind',
  'hospital',
  'request',
  'operation',
  'settlement',
  'person',
  'detail',
] as const

/** One row for every record: who asked for what, when, and about which settlement. */
function auditRow(record: LedgerRecord): Row {
  const { seq, at, day, kind, request } = record
  const own = 'hospital' in record ? record.hospital : ''
  const isSplit = kind === 'settlement' || kind === 'prepared'
  const about = 'settlement' in record ? settlementId(record.settlement) : ''
  return {
    seq,
    time: shanghaiTime(at),
    day: formatEpochDay(day),
    kind,
    hospital: request?.hospital ?? own,
    request: request?.id ?? '',
    operation: request?.operation ?? '',
    settlement: isSplit ? settlementId(seq) : about,
    person: 'person' in record ? record.person : '',
    detail: detailOf(record),
  }
}

function auditText({ principal, action, subject = '', outcome }: AuditEntry): string {
  return [principal, action, subject, outcome].filter((part) => part !== '').join(' ')
}

function detailOf(record: LedgerRecord): string {
  switch (record.kind) {
    case 'content':
      return `${record.content} ${record.id} ${record.hash}`
    case 'rules':
      return `${record.jurisdiction} ${record.command} ${record.pack ?? ''}`.trim()
    case 'registry':
      return `${record.source} ${record.entries.length}`
    case 'audit':
      return record.entries.map(auditText).join('; ')
    case 'lines':
      return `${record.stay} +${record.added.length} −${record.withdrawn.length}`
    case 'cancelled':
    case 'reversal':
      return record.reason ?? ''
    case 'platform':
      return record.evidence
    case 'dayClosed':
      return formatEpochDay(record.closed)
    case 'settlement':
    case 'prepared':
    case 'confirmed':
    case 'recalculation':
    case 'recalculated':
      return ''
  }
}
