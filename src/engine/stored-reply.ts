import { assert } from '../assert.ts'
import { splitOf } from '../ledger/apply-record.ts'
import type { Rows } from '../ledger/rows.ts'
import { confirmedReply } from './operations/prepared.ts'
import { splitAnswer } from './operations/append-split.ts'
import type { Answer } from './turn.ts'

/** What the request that made record `seq` was answered: the same as then. */
export function storedReply(rows: Rows, seq: number): Answer {
  const record = rows.record(seq)
  if (record.kind === 'settlement' || record.kind === 'prepared') return splitAnswer(record)
  if (record.kind === 'confirmed') return confirmedReply(splitOf(rows, record.settlement), record)
  assert(record.reply !== undefined, 'a record that answers a request holds the answer')
  return record.reply
}
