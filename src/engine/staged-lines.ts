import { assert } from '../assert.ts'
import type { SplitRecord } from '../ledger/record.ts'
import { type Rows, type StagedBatch, stayRowKey } from '../ledger/rows.ts'
import { stagedId, WAITING } from '../ledger/stays.ts'
import { refused, textsAt, type Document, type Turn } from './turn.ts'

export interface StagedLines {
  /** Line documents, in the order they were sent. */
  readonly lines: readonly unknown[]
  readonly held: NonNullable<SplitRecord['staged']>
}

/** The waiting lines of the bill's stay: all of them (`staged: true`) or those named. */
export function stagedLines(turn: Turn, hospital: string, bill: Document): StagedLines {
  const stay = stayOf(bill)
  const batches = turn.rows.get('stay', stayRowKey(hospital, stay))?.batches ?? []
  const wanted = bill['staged'] === true ? undefined : new Set(textsAt(bill, 'staged'))
  if (bill['lines'] !== undefined) {
    throw refused('REQUEST_MALFORMED', 'bill.staged', { why: 'lines + staged' })
  }
  const held: [number, string[]][] = []
  const lines: unknown[] = []
  for (const batch of batches) {
    const ids = waitingOf(batch).filter((id) => wanted === undefined || wanted.delete(id))
    if (ids.length === 0) continue
    held.push([batch.seq, ids])
    lines.push(...linesOf(turn.rows, batch.seq, ids))
  }
  const [missing] = wanted ?? []
  if (missing !== undefined) {
    throw refused('LINE_NOT_WAITING', 'bill.staged', { stay, line: missing })
  }
  if (lines.length === 0) throw refused('LINE_NOT_WAITING', 'bill.staged', { stay, line: '–' })
  return { lines, held }
}

export function waitingOf({ lines }: StagedBatch): readonly string[] {
  return lines.filter(([, by]) => by === WAITING).map(([id]) => id)
}

/** Line documents of one `lines` record. */
export function linesOf(rows: Rows, seq: number, ids: readonly string[]): readonly unknown[] {
  const record = rows.record(seq)
  assert(record.kind === 'lines', 'staged lines are in a record of lines')
  const byId = new Map(record.added.map((line) => [stagedId(line), line]))
  return ids.map((id) => byId.get(id))
}

/** The stay a bill names: `visit.id`, or `mdtrt_id` inside or beside it; beside it stands for inside it, as its reader does. */
export function stayOf(bill: Document): string {
  const visit = bill['visit']
  const inside = typeof visit === 'object' && visit !== null ? (visit as Document) : {}
  const id = bill['mdtrt_id'] ?? inside['id'] ?? inside['mdtrt_id']
  if (typeof id === 'string') return id
  throw refused('REQUEST_MALFORMED', 'bill.visit.id', { why: 'visit.id (mdtrt_id): text' })
}
