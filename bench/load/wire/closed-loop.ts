import { setInterval } from 'node:timers'
import { assert } from '../../../src/assert.ts'
import { RunReplies, type RunFrames, type RunResult } from './run.ts'

export interface ClosedLoop extends RunFrames {
  /** Requests without a reply, at any time, of all terminals; they share it alike. */
  readonly inFlight: number
  readonly isSettling: boolean
}

const LOOK_MS = 1_000

/** Sends the next request when a reply comes, as fast as replies do. */
export async function closedLoop(loop: ClosedLoop): Promise<RunResult> {
  const { fleet, frames, from, count, inFlight, isSettling } = loop
  assert(inFlight >= fleet.size, 'a terminal has something in flight')
  const replies = new RunReplies(loop)
  let next = from
  const sendNext = (terminal: number) => {
    if (next === from + count) return
    replies.sent(next, performance.now())
    fleet.send(terminal, frames.frameAt(next))
    next += 1
  }
  const begun = performance.now()
  await new Promise<void>((resolve, reject) => {
    const watch = setInterval(() => {
      try {
        replies.assertHeard()
      } catch (error) {
        reject(error as Error)
      }
    }, LOOK_MS)
    fleet.onReply = (reply, terminal) => {
      try {
        replies.received(reply)
      } catch (error) {
        reject(error as Error)
      }
      sendNext(terminal)
      if (!replies.isDone) return
      clearInterval(watch)
      resolve()
    }
    for (let place = 0; place < inFlight; place += 1) sendNext(place % fleet.size)
  })
  return replies.result(begun, isSettling)
}
