import { isSameCounter } from '../../adjudication/counter-key.ts'
import { assert } from '../../assert.ts'
import { splitOf } from '../../ledger/apply-record.ts'
import { dayOf } from '../../ledger/days.ts'
import { personHolder } from '../../ledger/holder.ts'
import { byHolder, holdingNow, readsOf } from '../../ledger/holders.ts'
import type { Contribution, ReversalRecord, SplitRecord } from '../../ledger/record.ts'
import { stayRowKey, type HolderEntry, type Rows } from '../../ledger/rows.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { currentSplit } from '../current-split.ts'
import { negated, opposite } from '../net-postings.ts'
import { entryOf, ownSplit, stateOf } from '../own-split.ts'
import {
  allowOnly,
  recordBase,
  refused,
  type Answer,
  type TakenRequest,
  type Turn,
} from '../turn.ts'

/** reverse: takes one settlement back, whole. */
export function reverse(turn: Turn, request: TakenRequest): Answer {
  const { body } = request
  allowOnly(body, ['settlement', 'reason'])
  const { reason } = body
  const split = reversible(turn, request)
  const { answer, contributions } = currentSplit(turn.rows, split, knownEntry(turn, split))
  const reply = {
    settlement: settlementId(split.seq),
    reversal: settlementId(recordBase(turn).seq),
    state: 'reversed',
    at: turn.at,
    day: turn.day,
    later: hasLaterReader(turn, split, contributions),
    total: 0 - answer.total,
    payers: answer.payers.map((payer) => ({ ...payer, amount: 0 - payer.amount })),
  }
  appendReversal(turn, split, { request, reply, ...(typeof reason === 'string' && { reason }) })
  return reply
}

/** The live settlement that a request names and that may be taken back. */
export function reversible(turn: Turn, request: TakenRequest): SplitRecord {
  const split = ownSplit(turn, request, request.body['settlement'])
  const settlement = settlementId(split.seq)
  const state = stateOf(turn, split)
  if (state !== 'settled' && state !== 'unconfirmed') {
    throw refused('NOT_LIVE', 'settlement', { settlement, state })
  }
  const { mode, days } = turn.rules.open(split.ruleSet).inForce.profile.reversal
  if (turn.today - dayOf(split.at) > days) {
    throw refused('REVERSAL_TOO_LATE', 'settlement', { settlement, days })
  }
  const later = [
    ...laterSupplements(turn, split),
    ...(mode === 'strict' ? laterOfStay(turn, split) : []),
  ]
  if (later.length > 0) {
    const names = later.toSorted((a, b) => a - b).map(settlementId)
    throw refused('LATER_SETTLEMENTS', 'settlement', { settlement, later: names.join(', ') })
  }
  return split
}

export function appendReversal(
  turn: Turn,
  split: SplitRecord,
  {
    request,
    reason,
    reply,
  }: { readonly request?: TakenRequest; readonly reason?: string; readonly reply?: Answer },
): void {
  const { contributions, postings } = currentSplit(turn.rows, split, knownEntry(turn, split))
  const record: ReversalRecord = {
    kind: 'reversal',
    ...recordBase(turn, request),
    settlement: split.seq,
    hospital: split.hospital,
    stay: split.stay,
    person: split.person,
    contributions: negated(contributions),
    postings: opposite(postings),
    ...(reason !== undefined && { reason }),
    ...(reply !== undefined && { reply }),
  }
  turn.rows.append(record)
}

function knownEntry(turn: Turn, split: SplitRecord): HolderEntry {
  const entry = entryOf(turn, split)
  assert(entry !== undefined, 'a settlement is in the list of its person')
  return entry
}

function laterOfStay(turn: Turn, { hospital, stay, seq }: SplitRecord): readonly number[] {
  const live = turn.rows.get('stay', stayRowKey(hospital, stay))?.live ?? []
  return live.filter((other) => other > seq)
}

/** Live supplements that took cells of this settlement, or of those this supplement took. */
export function laterSupplements(
  { rows }: { readonly rows: Rows },
  split: SplitRecord,
): readonly number[] {
  const sources = new Set(split.takes ?? [split.seq])
  return laterEntries(rows, split).flatMap(({ seq }) =>
    splitOf(rows, seq).takes?.some((source) => sources.has(source)) === true ? [seq] : [],
  )
}

/** Whether a later live settlement of the person reads a counter that this one has put something into. */
function hasLaterReader(
  { rows }: Turn,
  split: SplitRecord,
  contributions: readonly Contribution[],
): boolean {
  const given = byHolder(holdingNow(rows, split, entryOf({ rows }, split)), contributions)
  return laterEntries(rows, split).some((entry) => {
    const other = splitOf(rows, entry.seq)
    const holding = holdingNow(rows, other, entry)
    return [...byHolder(holding, readsOf(rows, other, entry))].some(([holder, read]) =>
      given.get(holder)?.some(([key]) => read.some(([one]) => isSameCounter(one, key))),
    )
  })
}

function laterEntries(rows: Rows, { person, seq }: SplitRecord): readonly HolderEntry[] {
  const entries = rows.get('holder', personHolder(person))?.entries ?? []
  return entries.filter(
    (entry) => entry.seq > seq && (entry.state === 'live' || entry.state === 'prepared'),
  )
}
