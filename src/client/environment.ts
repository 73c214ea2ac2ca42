import type { SocketConstructor } from './socket.ts'

/** The world of a terminal: clock, timers, chance. A test brings its own. */
export interface ClientEnvironment {
  /** Milliseconds since 1970-01-01. */
  now(): number
  /** Calls `action` once, after `ms`; gives what calls it off. */
  after(ms: number, action: () => void): () => void
  /** From 0 to below 1. */
  random(): number
  /** A request id that nobody has used: 1–64 printable ASCII characters without blanks. */
  newRequestId(): string
}

const ID_BYTES = 16

export const REAL_ENVIRONMENT: ClientEnvironment = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms)
    return () => {
      clearTimeout(timer)
    }
  },
  random: () => Math.random(),
  // Not `randomUUID`, which pages without https do not have.
  newRequestId: () => {
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(ID_BYTES))
    return `R-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
  },
}

/** The WebSocket of browsers and of Node from 22 on. */
export function ownWebSocket(): SocketConstructor | undefined {
  return Reflect.get(globalThis, 'WebSocket') as SocketConstructor | undefined
}
