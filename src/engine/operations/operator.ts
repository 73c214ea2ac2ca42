import { formatEpochDay } from '../../catalog/epoch-day.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { ownSplit, stateOf } from '../own-split.ts'
import {
  allowOnly,
  recordBase,
  refused,
  textAt,
  type Answer,
  type TakenRequest,
  type Turn,
} from '../turn.ts'
import { dayAt } from './look-up.ts'

/** closeDay: nothing is posted in that day or an earlier one any more. */
export function closeDay(turn: Turn, request: TakenRequest): Answer {
  allowOnly(request.body, ['day'])
  const day = dayAt(request.body)
  const text = formatEpochDay(day)
  if (day >= turn.today) throw refused('DAY_NOT_OVER', 'day', { day: text })
  if (turn.closed !== null && day <= turn.closed) {
    throw refused('DAY_ALREADY_CLOSED', 'day', { day: text })
  }
  const reply = { closed: day }
  turn.rows.append({ kind: 'dayClosed', ...recordBase(turn, request), closed: day, reply })
  return reply
}

/** platform.confirm: a query or a reconciliation file has confirmed the given amounts of a settlement. */
export function platformConfirm(turn: Turn, request: TakenRequest): Answer {
  const { body } = request
  allowOnly(body, ['settlement', 'evidence'])
  const split = ownSplit(turn, request, body['settlement'])
  const settlement = settlementId(split.seq)
  const state = stateOf(turn, split)
  if (state !== 'unconfirmed') throw refused('NOT_LIVE', 'settlement', { settlement, state })
  const evidence = textAt(body, 'evidence')
  const reply = { settlement, state: 'settled' }
  turn.rows.append({
    kind: 'platform',
    ...recordBase(turn, request),
    settlement: split.seq,
    evidence,
    reply,
  })
  return reply
}
