import type { SocketConstructor } from './socket.ts'

/** The world of a terminal: clock, timers, chance. A test brings its own. */
export interface ClientEnvironment {
  /** Milliseconds since 1970-01-01, as this machine believes; does not go back when its clock is set. */
  now(): number
  /** Calls `action` once, after `ms`; gives what calls it off. */
  after(ms: number, action: () => void): () => void
  /** From 0 to below 1. */
  random(): number
  /** A request id that nobody has used: 1–64 printable ASCII characters without blanks. */
  newRequestId(): string
}

const ID_BYTES = 16

/** More than two clocks of a machine that is awake differ by, from one look to the next. */
const SLEPT_MS = 1_000

/**
 * `wall` without what it is set back. `steady` never is, but stands still while the machine sleeps; what `wall` is set forward looks
 * like sleep.
 */
export function forwardClock(wall: () => number, steady: () => number): () => number {
  let [wallAt, steadyAt] = [wall(), steady()]
  let now = wallAt
  return () => {
    const [onWall, onSteady] = [wall(), steady()]
    const [byWall, bySteady] = [onWall - wallAt, onSteady - steadyAt]
    now += byWall - bySteady > SLEPT_MS ? byWall : bySteady
    wallAt = onWall
    steadyAt = onSteady
    return Math.round(now)
  }
}

export const REAL_ENVIRONMENT: ClientEnvironment = {
  now: forwardClock(
    () => Date.now(),
    () => performance.now(),
  ),
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
