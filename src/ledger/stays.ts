import type { LinesRecord, SplitRecord } from './record.ts'
import { EMPTY_STAY } from './holders.ts'
import { type Rows, type StagedBatch, stayRowKey } from './rows.ts'

/** Values of `StagedBatch.lines[1]`. */
export const WAITING = 0
export const WITHDRAWN = -1

/** A settlement takes its place among the live ones of the stay, with its lines, also those that waited and came in the bill. */
export function enterStay(rows: Rows, record: SplitRecord): void {
  const key = stayRowKey(record.hospital, record.stay)
  const row = rows.get('stay', key) ?? EMPTY_STAY
  rows.put('stay', key, {
    ...row,
    person: record.person,
    live: [...row.live, record.seq],
    batches: held(row.batches, record.lineIds, record.seq),
  })
}

/** Takes it out again; its lines wait once more. */
export function leaveStay(rows: Rows, record: SplitRecord): void {
  const key = stayRowKey(record.hospital, record.stay)
  const row = rows.get('stay', key) ?? EMPTY_STAY
  const live = row.live.filter((seq) => seq !== record.seq)
  const batches = freed(row.batches, record.seq)
  const person = live.length === 0 ? undefined : row.person
  const isEmpty = live.length === 0 && batches.length === 0 && row.counters.size === 0
  rows.put('stay', key, isEmpty ? undefined : { ...row, person, live, batches })
}

function held(
  batches: readonly StagedBatch[],
  lineIds: readonly string[],
  holder: number,
): readonly StagedBatch[] {
  // Nearly no stay has lines that were sent beforehand.
  if (batches.length === 0) return batches
  const ids = new Set(lineIds)
  return batches.map(({ seq, lines }) => ({
    seq,
    lines: lines.map((line) =>
      line[1] === WAITING && ids.has(line[0]) ? ([line[0], holder] as const) : line,
    ),
  }))
}

function freed(batches: readonly StagedBatch[], holder: number): readonly StagedBatch[] {
  return batches.map(({ seq, lines }) => ({
    seq,
    lines: lines.map((line) => (line[1] === holder ? ([line[0], WAITING] as const) : line)),
  }))
}

/** Lines sent beforehand, and lines taken back before they were settled. */
export function addLines(rows: Rows, record: LinesRecord): void {
  const key = stayRowKey(record.hospital, record.stay)
  const row = rows.get('stay', key) ?? EMPTY_STAY
  const gone = new Set(record.withdrawn)
  const kept = row.batches.map(({ seq, lines }) => ({
    seq,
    lines: lines.map((line) =>
      line[1] === WAITING && gone.has(line[0]) ? ([line[0], WITHDRAWN] as const) : line,
    ),
  }))
  const lines = record.added.map((line) => [stagedId(line), WAITING] as const)
  const batches = lines.length === 0 ? kept : [...kept, { seq: record.seq, lines }]
  rows.put('stay', key, { ...row, batches })
}

/** The id of a line document; its reader has made sure that there is one. */
export function stagedId(line: unknown): string {
  const fields = typeof line === 'object' && line !== null ? (line as Record<string, unknown>) : {}
  const id = fields['id'] ?? fields['feedetl_sn']
  return String(id)
}
