import { setTimeout as wait } from 'node:timers/promises'
import { RunReplies, type RunFrames, type RunResult } from './run.ts'

export interface OpenLoop extends RunFrames {
  /** Requests a second, whatever comes back. */
  readonly rate: number
}

const MS = 1_000

/**
 * Sends each request when it is due, and counts from then, not from when it left: a server that stands still for a moment has
 * made everybody wait who would have come in it.
 */
export async function openLoop(loop: OpenLoop): Promise<RunResult> {
  const { fleet, frames, from, count, rate } = loop
  const replies = new RunReplies(loop)
  let failed: Error | undefined
  fleet.onReply = (reply) => {
    try {
      replies.received(reply)
    } catch (error) {
      failed ??= error as Error
    }
  }
  const begun = performance.now()
  let sent = 0
  while (!replies.isDone) {
    if (failed !== undefined) throw failed
    const due = Math.min(count, Math.floor(((performance.now() - begun) * rate) / MS) + 1)
    for (; sent < due; sent += 1) {
      replies.sent(from + sent, begun + (sent * MS) / rate)
      fleet.send(sent % fleet.size, frames.frameAt(from + sent))
    }
    if (sent === count) replies.assertHeard()
    await wait(1)
  }
  return replies.result(begun, true)
}
