import type { EventFrame } from '../protocol/frames/event-frame.ts'
import type { FrameEncoding } from '../protocol/frames/subprotocols.ts'
import type { OnRequest } from './calls.ts'
import { clientLimits, type ClientLimits } from './client-limits.ts'
import { ownWebSocket, REAL_ENVIRONMENT, type ClientEnvironment } from './environment.ts'
import { clientError } from './qingfen-error.ts'
import type { SocketConstructor } from './socket.ts'
import { Terminal } from './terminal.ts'

export interface TerminalOptions {
  /** `ws://HOST:PORT/v1/terminal` or `wss://…`. */
  readonly url: string
  /** What the operator handed out: an id, a dot and a secret. */
  readonly credential: string
  /** Default: that of the browser, or of Node from 22 on; for Node 20 that of the package `ws`. */
  readonly webSocket?: SocketConstructor
  /** Default `msgpack`, about half the bytes. */
  readonly encoding?: FrameEncoding
  readonly limits?: Partial<ClientLimits>
  /**
   * Is given each writing request just before it is sent for the first time, exactly as it is sent. A HIS that stores it can send
   * it again after a restart of its own, with that id and that body. What it throws keeps the request from being sent.
   */
  readonly onRequest?: OnRequest
  readonly onEvent?: (event: EventFrame) => void
  /** Clock, timers, chance, request ids. */
  readonly environment?: Partial<ClientEnvironment>
}

/** A terminal that connects by itself, now and whenever the connection is lost. Throws `LIMIT_WRONG`, `CLIENT_SETTING_WRONG`. */
export function connectTerminal(options: TerminalOptions): Terminal {
  const { url, credential, encoding = 'msgpack', onEvent, onRequest } = options
  const limits = clientLimits(options.limits ?? {})
  const webSocket = options.webSocket ?? ownWebSocket()
  if (webSocket === undefined) throw wrong('webSocket', 'there is none here; give one')
  if (typeof credential !== 'string' || credential === '') throw wrong('credential', 'text')
  if (!['json', 'msgpack'].includes(encoding)) throw wrong('encoding', 'json, msgpack')
  try {
    return new Terminal({
      url,
      credential,
      webSocket,
      encoding,
      limits,
      environment: { ...REAL_ENVIRONMENT, ...options.environment },
      onRequest: onRequest ?? (() => undefined),
      onEvent: onEvent ?? (() => undefined),
    })
  } catch (error) {
    throw wrong('url', error instanceof Error ? error.message : String(error))
  }
}

function wrong(name: string, why: string): Error {
  return clientError('CLIENT_SETTING_WRONG', name, { name, why })
}

export { Terminal } from './terminal.ts'
export { QingfenError } from './qingfen-error.ts'
export type { Answered } from './call.ts'
export type { CallOptions } from './calls.ts'
export type * from './answers.ts'
export type * from './terminal-operations.ts'
export type { ClientLimits } from './client-limits.ts'
export type { ClientEnvironment } from './environment.ts'
