import { assert } from '../../assert.ts'
import { READ_ONLY, type EngineReply } from '../../engine/request.ts'
import type { SentMessage } from '../../engine/sent-request.ts'
import type { Result } from '../../errors/problem.ts'
import { isLedgerOperation, type FrameOperation } from '../../protocol/frames/operations.ts'
import type { RequestFrame } from '../../protocol/frames/request-frame.ts'
import type { ReplyEncoding } from '../../protocol/frames/write-frame.ts'
import { refusedEntry } from '../log.ts'
import type { Principal } from '../principal.ts'
import { auditEntry } from './audited.ts'
import type { ServerContext } from './context.ts'
import { explain } from './explain.ts'

export type AskPorts = Pick<ServerContext, 'engine' | 'audit' | 'metrics' | 'log'>

/** How a request came over a connection, beside what it says. */
export interface Asking {
  readonly sent?: SentMessage
  /** Encoding of the frame that the reply is to be sent in. */
  readonly reply?: ReplyEncoding
}

/**
 * Asks the engine for what `principal` asked for, over whichever transport, with its entry in the audit beside it, the figures and the
 * log. Nothing here waits with `frame` in its hands: what lives longer than a turn costs the collector most.
 */
export async function askEngine(
  ports: AskPorts,
  principal: Principal,
  frame: RequestFrame,
  asking: Asking = {},
): Promise<EngineReply> {
  const began = performance.now()
  return answered(ports, principal.id, frame.op, began, replyOf(ports, principal, frame, asking))
}

async function answered(
  { metrics, log }: AskPorts,
  principal: string,
  op: FrameOperation,
  began: number,
  replying: Promise<EngineReply>,
): Promise<EngineReply> {
  const reply = await replying
  metrics.answered(op, outcomeOf(reply), performance.now() - began)
  if (reply.kind === 'refused') log(refusedEntry(principal, op, reply.problems))
  return reply
}

function outcomeOf(reply: EngineReply): string {
  if (reply.kind === 'answer') return reply.repeat ? 'repeat' : 'done'
  return reply.problems[0]?.code ?? 'refused'
}

async function replyOf(
  { engine, audit }: AskPorts,
  principal: Principal,
  { id, op, body }: RequestFrame,
  asking: Asking,
): Promise<EngineReply> {
  // Before the engine is asked: both then go to the disk together.
  const audited = audit.note(auditEntry(principal, op, id, body))
  const hospital = hospitalOf(principal)
  if (op === 'explain') return withAudit(explain(engine, hospital, body), op, audited)
  assert(isLedgerOperation(op), 'the connection has answered what is its own')
  const made = engine.submit({ operation: op, hospital, requestId: id, body, ...asking })
  return withAudit(made, op, audited)
}

/** What only reads is not told unless the audit has it; what wrote has its answer in the ledger already. */
async function withAudit(
  replying: Promise<EngineReply>,
  op: FrameOperation,
  auditing: Promise<Result<number>>,
): Promise<EngineReply> {
  const reply = await replying
  const audited = await auditing
  const isRead = op === 'explain' || READ_ONLY.has(op)
  if (audited.ok || !isRead || reply.kind === 'refused') return reply
  return { kind: 'refused', problems: audited.problems }
}

/** The engine's name for whom it works: the institution, or '' for an operator. Never what a request says. */
export function hospitalOf({ role, hospital = '' }: Principal): string {
  assert((role === 'terminal') === (hospital !== ''), 'a terminal has a hospital, nobody else has')
  return hospital
}
