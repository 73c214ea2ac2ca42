import { SEMANTICS } from '../../adjudication/settlement.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { problem, type Problem } from '../../errors/problem.ts'
import { readHello, type HelloAnswer, type HelloBody } from '../../protocol/frames/hello.ts'
import { TOPICS } from '../../protocol/frames/operations.ts'
import { answerFrame } from '../../protocol/frames/reply-frame.ts'
import { malformed, type RequestFrame } from '../../protocol/frames/request-frame.ts'
import { PROTOCOL_VERSION } from '../../protocol/frames/subprotocols.ts'
import { limitsForClients } from '../limits.ts'
import type { Principal } from '../principal.ts'
import type { ServerContext } from './context.ts'
import type { Terminal } from './terminal.ts'

const MS = 1_000

/** hello: gives the connection its principal; anything but a right one closes it. */
export function login(
  context: ServerContext,
  terminal: Terminal,
  { id, body }: RequestFrame,
): void {
  const read = readHello(body)
  if (!read.ok) {
    turnAway(context, terminal, id, read.problems[0] ?? malformed('hello'))
    return
  }
  const { credential, records } = read.value
  const lockedMs = context.loginLocks.lockedMs(terminal.address, credential)
  if (lockedMs > 0) {
    const locked = problem('LOGIN_LOCKED', '', { seconds: Math.ceil(lockedMs / MS) })
    turnAway(context, terminal, id, locked, lockedMs)
    return
  }
  if (records && terminal.encoding === 'json') {
    turnAway(context, terminal, id, malformed('records: msgpack', 'body.records'))
    return
  }
  const principal = context.authenticator.authenticate(credential)
  if (principal === undefined) {
    context.loginLocks.failed(terminal.address, credential)
    turnAway(context, terminal, id, problem('CREDENTIAL_WRONG', ''))
    return
  }
  welcome(context, terminal, { id, principal, records })
}

interface Welcomed extends Pick<HelloBody, 'records'> {
  readonly id: string
  readonly principal: Principal
}

function welcome(
  { program, clock, limits, log, metrics }: ServerContext,
  terminal: Terminal,
  { id, principal, records }: Welcomed,
): void {
  terminal.principal = principal
  if (records) terminal.replyEncoding = 'records'
  const answer: HelloAnswer = {
    protocol: PROTOCOL_VERSION,
    program,
    semantics: SEMANTICS,
    at: clock(),
    principal: principal.id,
    role: principal.role,
    ...(principal.hospital !== undefined && { hospital: principal.hospital }),
    limits: limitsForClients(limits),
    topics: TOPICS,
  }
  log({ event: 'login', principal: principal.id, role: principal.role })
  metrics.login('done')
  terminal.send(answerFrame(id, false, { ...answer }))
}

/** Answers what is wrong and closes with its code. */
export function turnAway(
  { log, metrics }: Pick<ServerContext, 'log' | 'metrics'>,
  terminal: Terminal,
  id: string | null,
  found: Problem,
  retryAfterMs?: number,
): void {
  const code: ErrorCode = found.code
  log({ event: 'login.refused', address: terminal.address, code })
  metrics.login(code)
  terminal.refuse(id, [found], { retryAfterMs })
  terminal.close(code)
}
