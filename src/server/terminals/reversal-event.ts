import { assert } from '../../assert.ts'
import type { EngineReply } from '../../engine/request.ts'
import type { SettlementReversed } from '../../protocol/frames/event-frame.ts'
import type { FrameOperation } from '../../protocol/frames/operations.ts'

/** What the answer to a request tells those who watch a hospital; a repeat tells nothing new. */
export function reversalEvent(
  op: FrameOperation,
  hospital: string,
  reply: EngineReply,
): SettlementReversed | undefined {
  if (reply.kind !== 'answer' || reply.repeat) return undefined
  if (op !== 'reverse' && op !== 'resettle') return undefined
  const { settlement, reversal, replaces, at, day } = reply.answer
  assert(typeof settlement === 'string', 'an answer names its settlement')
  assert(typeof at === 'number' && typeof day === 'number', 'an answer has its time and day')
  const event = 'settlement.reversed'
  if (op === 'reverse') {
    assert(typeof reversal === 'string', 'a reversal has an id')
    return { event, settlement, hospital, at, day, reversal }
  }
  assert(typeof replaces === 'string', 'a resettlement names what it replaces')
  return { event, settlement: replaces, hospital, at, day, replacedBy: settlement }
}
