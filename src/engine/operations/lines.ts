import { canonicalJson } from '../../rules/read/hash.ts'
import { type StayRow, stayRowKey } from '../../ledger/rows.ts'
import { splitOf } from '../../ledger/apply-record.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { stagedId, WAITING, WITHDRAWN } from '../../ledger/stays.ts'
import { linesOf, waitingOf } from '../staged-lines.ts'
import {
  allowOnly,
  recordBase,
  refused,
  textAt,
  textsAt,
  type Answer,
  type Document,
  type TakenRequest,
  type Turn,
} from '../turn.ts'

/** lines.add: fee lines of a stay, before they are settled. */
export function addLines(turn: Turn, request: TakenRequest): Answer {
  const { body, hospital } = request
  allowOnly(body, ['stay', 'lines'])
  const stay = textAt(body, 'stay')
  const lines = lineDocuments(body, turn.settings.linesPerRequestMax)
  const row = turn.rows.get('stay', stayRowKey(hospital, stay))
  refuseSettled(turn, row, lines)
  const added: Document[] = []
  const seen = knownLines(turn, row, new Set(lines.map(stagedId)))
  for (const line of lines) {
    const id = stagedId(line)
    const text = canonicalJson(line)
    const known = seen.get(id)
    if (known !== undefined && known !== text) {
      throw refused('LINE_DIFFERS', 'lines', { line: id })
    }
    seen.set(id, text)
    if (known === undefined) added.push(line)
  }
  const waiting = waitingCount(row) + added.length
  const max = turn.settings.linesPerStayMax
  if (waiting > max) throw refused('LINES_TOO_MANY', 'lines', { count: waiting, max })
  const reply = { stay, added: added.length, repeated: lines.length - added.length, waiting }
  turn.rows.append({
    kind: 'lines',
    ...recordBase(turn, request),
    hospital,
    stay,
    added,
    withdrawn: [],
    reply,
  })
  return reply
}

/** A settled line is not sent again, with whatever content, before its settlement is reversed. */
function refuseSettled(turn: Turn, row: StayRow | undefined, lines: readonly Document[]): void {
  const ids = new Set(lines.map(stagedId))
  for (const seq of row?.live ?? []) {
    const taken = splitOf(turn.rows, seq).lineIds.find((id) => ids.has(id))
    if (taken === undefined) continue
    const details = { what: `feedetl_sn ${taken}`, settlement: settlementId(seq) }
    throw refused('ALREADY_SETTLED', 'lines', details)
  }
}

/** lines.withdraw: lines that are not in a live settlement. */
export function withdrawLines(turn: Turn, request: TakenRequest): Answer {
  const { body, hospital } = request
  allowOnly(body, ['stay', 'ids'])
  const stay = textAt(body, 'stay')
  const ids = textsAt(body, 'ids')
  const row = turn.rows.get('stay', stayRowKey(hospital, stay))
  const unique = [...new Set(ids)]
  const waiting = new Set(row?.batches.flatMap(waitingOf))
  for (const id of unique) {
    if (!waiting.has(id)) throw refused('LINE_NOT_WAITING', 'ids', { stay, line: id })
  }
  const reply = { stay, withdrawn: unique.length, waiting: waitingCount(row) - unique.length }
  turn.rows.append({
    kind: 'lines',
    ...recordBase(turn, request),
    hospital,
    stay,
    added: [],
    withdrawn: unique,
    reply,
  })
  return reply
}

function lineDocuments(body: Document, max: number): readonly Document[] {
  const lines = body['lines']
  if (!Array.isArray(lines) || lines.length === 0) {
    throw refused('REQUEST_MALFORMED', 'lines', { why: 'lines: list' })
  }
  if (lines.length > max) throw refused('LINES_TOO_MANY', 'lines', { count: lines.length, max })
  return lines.map((line: unknown, index) => {
    const fields = typeof line === 'object' && line !== null ? (line as Document) : {}
    const id = fields['id'] ?? fields['feedetl_sn']
    if (typeof id !== 'string') {
      throw refused('REQUEST_MALFORMED', `lines[${index}].id`, { why: 'id (feedetl_sn): text' })
    }
    return fields
  })
}

/** Canonical texts, by id, of the lines among `ids` that were sent before and not withdrawn. */
function knownLines(
  turn: Turn,
  row: StayRow | undefined,
  ids: ReadonlySet<string>,
): Map<string, string> {
  const known = new Map<string, string>()
  for (const { seq, lines } of row?.batches ?? []) {
    const sent = lines.flatMap(([id, by]) => (by !== WITHDRAWN && ids.has(id) ? [id] : []))
    if (sent.length === 0) continue
    for (const line of linesOf(turn.rows, seq, sent)) known.set(stagedId(line), canonicalJson(line))
  }
  return known
}

export function waitingCount(row: StayRow | undefined): number {
  let count = 0
  for (const { lines } of row?.batches ?? []) {
    for (const [, by] of lines) if (by === WAITING) count += 1
  }
  return count
}
