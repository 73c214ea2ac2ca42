import { assert } from '../assert.ts'
import type { AuditEntry, AuditRecord } from '../ledger/record.ts'
import type { Rows } from '../ledger/rows.ts'
import type { Store } from './ports.ts'

/** An entry with its place and time. */
export interface AuditLine extends AuditEntry {
  /** Seq of the record it is in. */
  readonly seq: number
  /** Milliseconds since 1970-01-01. */
  readonly at: number
}

/** What is looked for; what is absent does not matter. */
export interface AuditQuery {
  readonly principal?: string
  readonly action?: string
  readonly subject?: string
  /** Milliseconds since 1970-01-01: from `from` to before `until`. */
  readonly from?: number
  readonly until?: number
  /** Records before this seq only. */
  readonly before?: number
  /** Lines at most. */
  readonly limit: number
}

export interface AuditPage {
  /** The newest first. */
  readonly lines: readonly AuditLine[]
  /** Where to go on (`before`); absent: there is no more. */
  readonly next?: number
}

/** Records that are read for one page: a search for what is rare is answered in parts, and holds nobody up. */
const RECORDS_READ = 2_000

/** The audit as committed, backwards in time. */
export function auditPage(store: Store, rows: Rows, query: AuditQuery): AuditPage {
  const lines: AuditLine[] = []
  const range = { reverse: true, limit: RECORDS_READ } as const
  const seqs = [
    ...store.range(
      'audit',
      query.before === undefined ? range : { ...range, from: query.before - 1 },
    ),
  ].map(({ key }) => Number(key))
  for (const seq of seqs) {
    const record = rows.record(seq)
    assert(record.kind === 'audit', 'the table of the audit names its records')
    if (record.at < (query.from ?? 0)) return { lines }
    // A record is given whole, so that the next page begins at one.
    lines.push(...linesOf(record, query))
    if (lines.length >= query.limit) return { lines, next: seq }
  }
  const last = seqs.at(-1)
  return seqs.length < RECORDS_READ || last === undefined ? { lines } : { lines, next: last }
}

function linesOf({ seq, at, entries }: AuditRecord, query: AuditQuery): readonly AuditLine[] {
  if (at >= (query.until ?? Infinity)) return []
  return entries
    .filter(
      (entry) =>
        (query.principal === undefined || entry.principal === query.principal) &&
        (query.action === undefined || entry.action === query.action) &&
        (query.subject === undefined || entry.subject === query.subject),
    )
    .map((entry) => ({ seq, at, ...entry }))
}
