import type { HelloAnswer } from '../protocol/frames/hello.ts'
import type { RequestFrame } from '../protocol/frames/request-frame.ts'

/**
 * A line that breaks often never gets sixty-four answers through at once, and would be asked for all of them each time: it begins
 * with few, as TCP does.
 */
const WINDOW_FIRST = 8

/** What calls need of a connection that has said hello. */
export interface Online {
  readonly send: (frame: RequestFrame) => void
  readonly inFlightMost: number
  /** Requests that may be under way now; grows with every answer. */
  window: number
  readonly frameBytes: number
  /** The server's clock less that of the terminal, ms. */
  offsetMs: number
}

/** `now`: the terminal's clock when hello was answered, ms. */
export function onlineWith(send: Online['send'], hello: HelloAnswer, now: number): Online {
  const { inFlightPerTerminal, frameBytes } = hello.limits as Readonly<Record<string, number>>
  return {
    send,
    inFlightMost: inFlightPerTerminal ?? 1,
    window: WINDOW_FIRST,
    frameBytes: frameBytes ?? Infinity,
    offsetMs: hello.at - now,
  }
}
