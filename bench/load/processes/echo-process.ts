import { App, us_socket_local_port, type WebSocket } from 'uWebSockets.js'
import { assert } from '../../../src/assert.ts'
import { encodePlain } from '../../../src/protocol/codec.ts'
import { readRequestFrame } from '../../../src/protocol/frames/request-frame.ts'
import { chosenSubprotocol } from '../../../src/protocol/frames/subprotocols.ts'
import { TERMINAL_PATH } from '../../../src/server/open-server.ts'
import { placeOfId } from '../wire/reply-head.ts'
import { serveParent } from './child.ts'

/* The ceiling: the transport of the server and nothing behind it. A frame is decoded and checked as the server does, and answered. */

let reply: Uint8Array | undefined

/** A tiny reply, or the bytes of `reply` with the id of the request. */
function replyTo(id: string): Uint8Array {
  if (reply === undefined || id === 'hello') return encodePlain({ id, ok: true })
  const bytes = Buffer.from(reply)
  bytes.write(id, placeOfId(bytes), 'latin1')
  return bytes
}

function answer(socket: WebSocket<object>, message: ArrayBuffer): void {
  const read = readRequestFrame(new Uint8Array(message), 'msgpack')
  assert(read.ok, 'a frame of the protocol')
  socket.send(replyTo(read.frame.id), true)
}

const handlers = {
  /** Gives the port. */
  start: async (): Promise<number> =>
    new Promise((resolve) => {
      App()
        .ws<object>(TERMINAL_PATH, {
          maxPayloadLength: 2 * 1024 * 1024,
          maxBackpressure: 0,
          upgrade: (response, request, context) => {
            const offered = request.getHeader('sec-websocket-protocol')
            response.upgrade(
              {},
              request.getHeader('sec-websocket-key'),
              chosenSubprotocol(offered) ?? '',
              request.getHeader('sec-websocket-extensions'),
              context,
            )
          },
          message: answer,
        })
        .listen(0, (socket) => {
          assert(socket !== false, 'a free port')
          resolve(us_socket_local_port(socket))
        })
    }),
  /** What is answered from now on: these bytes, or as little as can be. */
  reply: (bytes: Uint8Array | undefined): void => {
    reply = bytes
  },
}

export type EchoHandlers = typeof handlers

serveParent(handlers)
