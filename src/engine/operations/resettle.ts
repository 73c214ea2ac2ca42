import { settlementId } from '../../ledger/settlement-id.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import { stagedLines } from '../staged-lines.ts'
import {
  allowOnly,
  objectAt,
  refused,
  type Answer,
  type Document,
  type TakenRequest,
  type Turn,
} from '../turn.ts'
import { appendReversal, reversible } from './reverse.ts'
import { appendSplit } from './append-split.ts'
import { checkExpected, evaluateInTurn, invoiceOf } from './settle.ts'

/** What a resettlement may change of the bill; who was treated, where and when stays. */
const CHANGEABLE = [
  'lines',
  'staged',
  'total',
  'medfee_sumamt',
  'given',
  'account',
  'useAccount',
  'acct_used_flag',
  'deposit',
  'without',
]

/** Parts of a bill that belong to its lines: not carried over to other lines. */
const OF_LINES = ['lines', 'feedetail', 'total', 'medfee_sumamt']

/** resettle: reverse and settle in one, with the original's date, coverage and rules, and today's counters. */
export function resettle(turn: Turn, request: TakenRequest): Answer {
  const { body } = request
  allowOnly(body, ['settlement', 'bill', 'expect', 'notAfter', 'invoice'])
  const original = reversible(turn, request)
  if (original.operation === 'supplement') {
    const details = { settlement: settlementId(original.seq), state: 'supplement' }
    throw refused('NOT_LIVE', 'settlement', details)
  }
  const change = objectAt(body, 'bill')
  allowOnly(change, CHANGEABLE)
  if ((change['lines'] === undefined) === (change['staged'] === undefined)) {
    throw refused('REQUEST_MALFORMED', 'bill.lines', { why: 'bill.lines | bill.staged' })
  }
  appendReversal(turn, original, {})
  const stored = changedBill(original, change)
  const staged =
    change['staged'] === undefined
      ? undefined
      : stagedLines(turn, original.hospital, { ...stored, staged: change['staged'] })
  const bill = staged === undefined ? stored : { ...stored, lines: staged.lines }
  const { register, ruleSet } = original
  const place = {
    hospital: original.hospital,
    day: original.settlementDay,
    fixed: { ...register, ruleSet },
  }
  const evaluated = evaluateInTurn(turn, bill, place, undefined, invoiceOf(body))
  checkExpected(body['expect'], evaluated.split)
  return appendSplit(turn, request, {
    operation: 'resettle',
    evaluated,
    bill: stored,
    ...(staged !== undefined && { staged: staged.held }),
    replaces: original.seq,
  })
}

/** What a resettlement leaves of a bill as it was. */
export function unchangeable({ bill }: Pick<SplitRecord, 'bill'>): Document {
  const kept = Object.entries(bill as Document).filter(
    ([key]) => !CHANGEABLE.includes(key) && !OF_LINES.includes(key),
  )
  return Object.fromEntries(kept)
}

/** The original document with the changed members, without those that spoke of the old lines; staged lines stay out. */
function changedBill({ bill }: SplitRecord, change: Document): Document {
  const kept = Object.entries(bill as Document).filter(([key]) => !OF_LINES.includes(key))
  const changed = Object.entries(change).filter(([key]) => key !== 'staged')
  return Object.fromEntries([...kept, ...changed])
}
