import type { WebSocket, WebSocketBehavior } from 'uWebSockets.js'
import { problem } from '../../errors/problem.ts'
import { chosenSubprotocol, SUBPROTOCOLS } from '../../protocol/frames/subprotocols.ts'
import { refuseHttp } from '../refuse-http.ts'
import { addressKey } from '../remote-address.ts'
import type { ServerContext } from './context.ts'
import { takeMessage } from './dispatch.ts'
import { Terminal } from './terminal.ts'

/** What uWebSockets.js keeps with a socket. */
export interface SocketData {
  readonly terminal: Terminal
  helloTimer?: NodeJS.Timeout
}

type Socket = WebSocket<SocketData>

/**
 * Larger than a frame may be: uWebSockets.js cuts the connection of a frame that is larger than this, without a close frame, so
 * one that is only somewhat too large is let in and told.
 */
const PAYLOAD_PER_FRAME = 2

export function terminalBehavior(context: ServerContext): WebSocketBehavior<SocketData> {
  const { limits } = context
  // Compression is off by default and stays off: a small frame could grow to a large one.
  return {
    maxPayloadLength: limits.frameBytes * PAYLOAD_PER_FRAME,
    // Bounded in `Terminal.send`, which closes with a code; a frame is never dropped in silence.
    maxBackpressure: 0,
    idleTimeout: limits.idleSeconds,
    sendPingsAutomatically: true,
    upgrade: (response, request, socketContext) => {
      const subprotocol = chosenSubprotocol(request.getHeader('sec-websocket-protocol'))
      const encoding = subprotocol === undefined ? undefined : SUBPROTOCOLS.get(subprotocol)
      if (subprotocol === undefined || encoding === undefined) {
        refuseHttp(response, '400 Bad Request', subprotocolUnknown())
        return
      }
      const address = addressKey(response.getRemoteAddress())
      const { bufferedBytes } = limits
      response.upgrade<SocketData>(
        { terminal: new Terminal({ encoding, address, bufferedBytes }) },
        request.getHeader('sec-websocket-key'),
        subprotocol,
        request.getHeader('sec-websocket-extensions'),
        socketContext,
      )
    },
    open: (socket) => {
      opened(context, socket)
    },
    message: (socket, message, isBinary) => {
      takeMessage(context, socket.getUserData().terminal, new Uint8Array(message), isBinary)
    },
    close: (socket, closeCode) => {
      closed(context, socket, closeCode)
    },
  }
}

export function subprotocolUnknown() {
  return problem('SUBPROTOCOL_UNKNOWN', '', { subprotocols: [...SUBPROTOCOLS.keys()].join(', ') })
}

function opened({ terminals, limits, isStopping }: ServerContext, socket: Socket): void {
  const data = socket.getUserData()
  const { terminal } = data
  terminal.opened(socket)
  terminals.add(terminal)
  if (isStopping) terminal.close('ENGINE_STOPPING')
  else if (terminals.size > limits.terminals) terminal.close('TERMINALS_TOO_MANY')
  else {
    data.helloTimer = setTimeout(() => {
      if (terminal.principal === undefined) terminal.close('HELLO_LATE')
    }, limits.helloMs)
  }
}

function closed(
  { terminals, subscriptions, log }: ServerContext,
  socket: Socket,
  closeCode: number,
): void {
  const { terminal, helloTimer } = socket.getUserData()
  clearTimeout(helloTimer)
  terminal.closed()
  terminals.delete(terminal)
  subscriptions.forget(terminal)
  const { principal } = terminal
  log({
    event: 'terminal.closed',
    ...(principal !== undefined && { principal: principal.id }),
    closeCode,
  })
}
