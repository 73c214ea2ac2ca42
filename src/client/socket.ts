/** What the SDK uses of a WebSocket: that of browsers, of Node 22, and of the package `ws` are such. */
export interface Socket {
  binaryType: string
  onopen: Handler<unknown> | null
  onmessage: Handler<{ readonly data: unknown }> | null
  onclose: Handler<{ readonly code: number }> | null
  onerror: Handler<unknown> | null
  send(data: string | Uint8Array): void
  close(): void
}

export type SocketConstructor = new (url: string, subprotocols: string[]) => Socket

/** A method's parameter: implementations declare events of their own, with more members than these. */
type Handler<T> = { handle(event: T): void }['handle']
