import { problem, type Problem } from '../../errors/problem.ts'
import { answerFrame } from '../../protocol/frames/reply-frame.ts'
import {
  malformed,
  readRequestFrame,
  type ReadFrame,
  type RequestFrame,
} from '../../protocol/frames/request-frame.ts'
import { defectProblem } from '../defect.ts'
import { defectEntry, refusedEntry } from '../log.ts'
import type { EngineReply } from '../../engine/request.ts'
import type { FrameOperation } from '../../protocol/frames/operations.ts'
import type { Principal } from '../principal.ts'
import { askEngine, hospitalOf } from './ask-engine.ts'
import type { ServerContext } from './context.ts'
import { login, turnAway } from './login.ts'
import { mayDo } from './permissions.ts'
import { reversalEvent } from './reversal-event.ts'
import type { Terminal } from './terminal.ts'

/**
 * Takes one message of a connection. It is decoded before this returns: uWebSockets.js takes the bytes back then. Never throws.
 */
export function takeMessage(
  context: ServerContext,
  terminal: Terminal,
  message: Uint8Array,
  isBinary: boolean,
): void {
  // What was under way when the socket was closed.
  if (!terminal.isOpen) return
  try {
    const size = message.byteLength
    if (size > context.limits.frameBytes) {
      const details = { size, max: context.limits.frameBytes }
      terminal.refuse(null, [problem('FRAME_TOO_LARGE', '', details)])
      terminal.close('FRAME_TOO_LARGE')
      return
    }
    const began = performance.now()
    const read = frameOf(terminal, message, isBinary)
    context.metrics.stage('decode', performance.now() - began)
    takeFrame(context, terminal, read, message)
  } catch (error) {
    context.log(defectEntry(error))
    terminal.refuse(null, [defectProblem(error)])
    terminal.close('DEFECT')
  }
}

function frameOf({ encoding }: Terminal, message: Uint8Array, isBinary: boolean): ReadFrame {
  if (isBinary === (encoding === 'msgpack')) return readRequestFrame(message, encoding)
  const why = encoding === 'msgpack' ? 'qingfen.v1.msgpack: binary' : 'qingfen.v1.json: text'
  return { ok: false, id: undefined, problems: [malformed(why)] }
}

function takeFrame(
  context: ServerContext,
  terminal: Terminal,
  read: ReadFrame,
  message: Uint8Array,
): void {
  const { principal } = terminal
  if (!read.ok) {
    terminal.refuse(read.id ?? null, read.problems)
    // Nobody can be told which request it was, or who asks is not known: there is nothing to go on with.
    if (read.id === undefined || principal === undefined) terminal.close('FRAME_MALFORMED')
    return
  }
  const { frame } = read
  if (principal !== undefined && context.authenticator.isCurrent?.(principal) === false) {
    // Its last day may have passed since it logged in.
    turnAway(context, terminal, frame.id, problem('CREDENTIAL_WRONG', ''))
  } else if (principal !== undefined) {
    takeRequest(context, terminal, { principal, frame, size: message.byteLength, message })
  } else if (context.isStopping) turnAway(context, terminal, frame.id, stopping())
  else if (frame.op === 'hello') login(context, terminal, frame)
  else turnAway(context, terminal, frame.id, problem('HELLO_FIRST', 'op'))
}

interface Asked {
  readonly principal: Principal
  readonly frame: RequestFrame
  /** Bytes of the frame. */
  readonly size: number
  /** They are not ours. */
  readonly message: Uint8Array
}

function takeRequest(context: ServerContext, terminal: Terminal, asked: Asked): void {
  const { principal, frame, size } = asked
  const { id, op, body } = frame
  const { retryAfterMs } = context.limits
  if (op === 'hello') terminal.refuse(id, [problem('HELLO_REPEATED', 'op')])
  else if (!mayDo(principal.role, op)) {
    const problems = [problem('OPERATION_NOT_YOURS', 'op', { op, role: principal.role })]
    context.log(refusedEntry(principal.id, op, problems))
    terminal.refuse(id, problems)
  } else if (op === 'ping') pong(context, terminal, frame)
  else if (context.isStopping) terminal.refuse(id, [stopping()], { retryAfterMs })
  else if (op === 'subscribe') {
    const topics = context.subscriptions.subscribe(terminal, body)
    if (topics.ok) terminal.send(answerFrame(id, false, topics.value))
    else terminal.refuse(id, topics.problems)
  } else {
    const max = context.inFlight.brokenBound(terminal, size)
    if (max === undefined) runRequest(context, terminal, asked)
    else terminal.refuse(id, [problem('OVERLOADED', '', { max })], { retryAfterMs })
  }
}

function pong({ clock }: ServerContext, terminal: Terminal, { id, body }: RequestFrame): void {
  if (Object.keys(body).length > 0) terminal.refuse(id, [malformed('body: {}', 'body')])
  else terminal.send(answerFrame(id, false, { at: clock() }))
}

/** What is decoded of a request lives no longer than this: the engine takes the bill of a settlement from the message. */
function runRequest(context: ServerContext, terminal: Terminal, asked: Asked): void {
  const { principal, frame, size, message } = asked
  const { encoding, replyEncoding } = terminal
  const answered = context.inFlight.take(terminal, size)
  // uWebSockets.js takes its bytes back.
  const sent = context.engine.wantsMessage(frame.op) && { message: message.slice(), encoding }
  const asking = { reply: replyEncoding, ...(sent !== false && { sent }) }
  const { id, op } = frame
  const replying = askEngine(context, principal, frame, asking)
  void tell(context, terminal, { id, op, principal }, replying).finally(answered)
}

interface Told {
  readonly id: string
  readonly op: FrameOperation
  readonly principal: Principal
}

/** Never rejects. */
async function tell(
  context: ServerContext,
  terminal: Terminal,
  { id, op, principal }: Told,
  replying: Promise<EngineReply>,
): Promise<void> {
  try {
    const reply = await replying
    const hospital = hospitalOf(principal)
    const event = reversalEvent(op, hospital, reply)
    if (reply.kind === 'refused') terminal.refuse(id, reply.problems, reply)
    else if (reply.frame !== undefined) terminal.sendBytes(reply.frame)
    else terminal.send(answerFrame(id, reply.repeat, reply.answer))
    if (event === undefined) return
    const concerns = (to: Principal) => to.role === 'operator' || to.hospital === hospital
    context.subscriptions.publish(event, concerns)
  } catch (error) {
    context.log(defectEntry(error))
    terminal.refuse(id, [defectProblem(error)])
  }
}

function stopping(): Problem {
  return problem('ENGINE_STOPPING', '')
}
