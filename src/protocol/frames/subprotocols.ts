/** How the frames of one connection are written. */
export type FrameEncoding = 'msgpack' | 'json'

/** WebSocket subprotocols; the messages are the same in each. */
export const SUBPROTOCOLS: ReadonlyMap<string, FrameEncoding> = new Map([
  ['qingfen.v1.msgpack', 'msgpack'],
  ['qingfen.v1.json', 'json'],
])

/** Said in the answer to hello; rises when a client of an earlier one could no longer work. */
export const PROTOCOL_VERSION = 1

/** The first subprotocol of a `Sec-WebSocket-Protocol` header that is one of ours. */
export function chosenSubprotocol(header: string): string | undefined {
  return header
    .split(',')
    .map((name) => name.trim())
    .find((name) => SUBPROTOCOLS.has(name))
}
