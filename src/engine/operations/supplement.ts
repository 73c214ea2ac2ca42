import { CATEGORIES } from '../../rules/category.ts'
import { formatYuan, fen } from '../../money/fen.ts'
import { personHolder } from '../../ledger/holder.ts'
import type { AnswerLine } from '../../ledger/answer.ts'
import type { Rows } from '../../ledger/rows.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import { splitOf } from '../../ledger/apply-record.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { lineFacts } from '../../protocol/line-facts.ts'
import { statedLines } from '../../protocol/stated-lines.ts'
import { words } from '../../protocol/section.ts'
import { currentSplit } from '../current-split.ts'
import { entryOf, ownSplit, stateOf } from '../own-split.ts'
import { adjudicateSplit, checkSettlementDay, readSplit } from '../split-bill.ts'
import { documentOf } from '../split-document.ts'
import {
  allowOnly,
  refused,
  textAt,
  textsAt,
  type Answer,
  type Document,
  type TakenRequest,
  type Turn,
} from '../turn.ts'
import { appendSplit } from './append-split.ts'

/** supplement: named packs pay on what is still the patient's of earlier live settlements. */
export function supplement(turn: Turn, request: TakenRequest): Answer {
  const { body } = request
  allowOnly(body, ['person', 'settlements', 'packs', 'date', 'notAfter'])
  const sources = sourcesOf(turn, request)
  const bill = supplementBill(turn.rows, sources, {
    packs: textsAt(body, 'packs'),
    date: body['date'],
  })
  checkSettlementDay(turn, bill)
  const [first] = sources
  if (first === undefined) throw refused('REQUEST_MALFORMED', 'settlements', { why: 'settlements' })
  const place = { hospital: first.hospital, day: turn.today }
  const read = readSplit(turn, bill, place)
  const { completed, facts } = read
  const evaluated = { completed, facts, split: adjudicateSplit(turn, read), unique: [] }
  const takes = sources.map(({ seq }) => seq)
  return appendSplit(turn, request, { operation: 'supplement', evaluated, bill, takes })
}

function sourcesOf(turn: Turn, request: TakenRequest): readonly SplitRecord[] {
  const person = textAt(request.body, 'person')
  const ids = [...new Set(textsAt(request.body, 'settlements'))]
  if (ids.length === 0) throw refused('REQUEST_MALFORMED', 'settlements', { why: 'settlements' })
  return ids.map((id) => {
    const split = ownSplit(turn, request, id)
    if (split.person !== person) {
      throw refused('SETTLEMENT_UNKNOWN', 'settlements', { settlement: id })
    }
    const state = stateOf(turn, split)
    if ((state !== 'settled' && state !== 'unconfirmed') || split.operation === 'supplement') {
      const shown = split.operation === 'supplement' ? 'supplement' : state
      throw refused('NOT_LIVE', 'settlements', { settlement: id, state: shown })
    }
    return split
  })
}

/**
 * A bill whose lines are cells of the patient, of the person and the visit of the first settlement; `date`: stated day of settlement.
 */
export function supplementBill(
  rows: Rows,
  sources: readonly SplitRecord[],
  { packs, date }: { readonly packs: readonly string[]; readonly date: unknown },
): Document {
  const [first] = sources
  if (first === undefined) throw refused('REQUEST_MALFORMED', 'settlements', { why: 'settlements' })
  const document = documentOf(rows, first)
  const left = leftByLine(rows, sources)
  const lines = sources.flatMap((source) => supplementLines(rows, source, left))
  if (lines.length === 0) throw refused('BILL_EMPTY', 'settlements')
  const { person, visit, hospital } = document
  const flat = Object.entries(document).filter(([key]) => !NOT_OF_PLACE.includes(key))
  return {
    ...Object.fromEntries(flat),
    ...(person !== undefined && { person }),
    ...(visit !== undefined && { visit }),
    ...(hospital !== undefined && { hospital }),
    ...(date !== undefined && { settlementDate: date }),
    supplement: { packs },
    lines,
  }
}

/** Members of a bill that are about its money or its day and not about who was treated where. */
const NOT_OF_PLACE = words(
  'lines feedetail total medfee_sumamt given account useAccount acct_used_flag deposit without settlementDate setl_time counters',
)

/** What live supplements have left of the cells they took, the newest said last: by `seq/line id`. */
function leftByLine(rows: Rows, sources: readonly SplitRecord[]): ReadonlyMap<string, AnswerLine> {
  const left = new Map<string, AnswerLine>()
  const seqs = new Set(sources.map(({ seq }) => seq))
  const person = sources[0]?.person ?? ''
  for (const entry of rows.get('holder', personHolder(person))?.entries ?? []) {
    if (entry.state !== 'live') continue
    const other = splitOf(rows, entry.seq)
    if (other.takes?.some((seq) => seqs.has(seq)) !== true) continue
    for (const line of currentSplit(rows, other, entry).answer.lines) left.set(line[0], line)
  }
  return left
}

function supplementLines(
  rows: Rows,
  source: SplitRecord,
  left: ReadonlyMap<string, AnswerLine>,
): readonly Document[] {
  const entry = entryOf({ rows }, source)
  if (entry === undefined) throw refused('SETTLEMENT_UNKNOWN', 'settlements')
  const document = documentOf(rows, source)
  const facts = lineFacts(statedLines(document))
  const date = startOf(document)
  return currentSplit(rows, source, entry).answer.lines.flatMap((line): Document[] => {
    const id = `${settlementId(source.seq)}/${line[0]}`
    const residual = (left.get(id) ?? line)[4]
    const cells = CATEGORIES.flatMap((category, index) => {
      const amount = residual[index] ?? 0
      return amount > 0 ? [[category, formatYuan(fen(amount))] as const] : []
    })
    if (cells.length === 0) return []
    return [{ ...date, ...facts.get(line[0]), id, cells: Object.fromEntries(cells) }]
  })
}

/** Lines that state no day were charged on the first day of their visit. */
function startOf(document: Document): Document {
  const visit = document['visit']
  const stated = typeof visit === 'object' && visit !== null ? (visit as Document) : document
  const start = stated['start'] ?? stated['begntime'] ?? document['begntime']
  return start === undefined ? {} : { date: start }
}
