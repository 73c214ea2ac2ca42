import { formatYuan, fen } from '../../money/fen.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import { rowKey } from '../../ledger/rows.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { readPlatformFunds, readPlatformId } from '../../protocol/platform-funds.ts'
import { ownSplit, stateOf } from '../own-split.ts'
import {
  allowOnly,
  objectAt,
  recordBase,
  refused,
  RequestRefused,
  type Answer,
  type Document,
  type TakenRequest,
  type Turn,
} from '../turn.ts'
import { splitAnswer } from './append-split.ts'

/** confirm: the platform has settled as prepared; posts exactly the prepared split. */
export function confirm(turn: Turn, request: TakenRequest): Answer {
  const { body } = request
  allowOnly(body, ['settlement', 'platform'])
  const split = preparedSplit(turn, request)
  const platform = objectAt(body, 'platform')
  const setlinfo = objectAt(platform, 'setlinfo')
  checkPlatform(split, setlinfo)
  const setlId = platformIdOf(setlinfo)
  const unique = setlId === undefined ? [] : [rowKey('setl', setlId)]
  for (const key of unique) {
    const seq = turn.rows.get('unique', key)
    if (seq === undefined || seq === split.seq) continue
    const details = { what: `setl_id ${setlId ?? ''}`, settlement: settlementId(seq) }
    throw refused('ALREADY_SETTLED', 'platform.setlinfo.setl_id', details)
  }
  const reply = confirmedReply(split, turn)
  turn.rows.append({
    kind: 'confirmed',
    ...recordBase(turn, request),
    settlement: split.seq,
    platform,
    postings: split.postings,
    unique,
  })
  return reply
}

/** The prepared split, posted. */
export function confirmedReply(
  split: SplitRecord,
  { at, day }: { readonly at: number; readonly day: number },
): Answer {
  return { ...splitAnswer(split), state: 'settled', at, day }
}

/** cancel: releases what a prepared split holds. */
export function cancel(turn: Turn, request: TakenRequest): Answer {
  allowOnly(request.body, ['settlement', 'reason'])
  const split = preparedSplit(turn, request)
  const { reason } = request.body
  const { at, day } = turn
  const reply = { settlement: settlementId(split.seq), state: 'cancelled', at, day }
  turn.rows.append({
    kind: 'cancelled',
    ...recordBase(turn, request),
    settlement: split.seq,
    ...(typeof reason === 'string' && { reason }),
    reply,
  })
  return reply
}

function preparedSplit(turn: Turn, request: TakenRequest): SplitRecord {
  const split = ownSplit(turn, request, request.body['settlement'])
  const state = stateOf(turn, split)
  if (state === 'prepared' || state === 'unknown') return split
  const settlement = settlementId(split.seq)
  throw refused('NOT_PREPARED', 'settlement', { settlement, state })
}

function platformIdOf(setlinfo: Document): string | undefined {
  const read = readPlatformId(setlinfo)
  if (!read.ok) throw new RequestRefused(read.problems)
  return read.value
}

/** Every fund, the fund sum and the total must be those of the prepared split. */
export function checkPlatform(split: Pick<SplitRecord, 'answer'>, setlinfo: unknown): void {
  const read = readPlatformFunds(setlinfo)
  if (!read.ok) throw new RequestRefused(read.problems)
  const ours = readPlatformFunds(split.answer.setlinfo)
  if (!ours.ok) throw new RequestRefused(ours.problems)
  for (const [field, amount] of read.value.amounts) {
    const prepared = ours.value.amounts.get(field) ?? 0
    if (prepared === amount) continue
    throw refused('CONFIRM_DIFFERS', `platform.setlinfo.${field}`, {
      field,
      platform: formatYuan(fen(amount)),
      prepared: formatYuan(fen(prepared)),
    })
  }
}
