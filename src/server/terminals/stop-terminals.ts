import { setTimeout as wait } from 'node:timers/promises'
import type { ServerContext } from './context.ts'

/** Between two looks at what is still to be read, ms. */
const DRAIN_POLL_MS = 10

/**
 * Answers what is in flight, lets it be read, and closes every connection; gives the number of requests left without an answer.
 * Takes `stopMs` at most.
 */
export async function stopTerminals(
  context: ServerContext,
  traffic: { readonly inFlight: number },
): Promise<number> {
  const { inFlight, limits, log, subscriptions, terminals } = context
  context.isStopping = true
  log({ event: 'server.stopping', inFlight: inFlight.count })
  subscriptions.publish({ event: 'engine.draining', withinMs: limits.stopMs })
  const end = new AbortController()
  const late = wait(limits.stopMs, undefined, { signal: end.signal }).catch(() => undefined)
  let isLate = false
  void late.then(() => (isLate = true))
  await Promise.race([inFlight.idle(), late])
  const isBusy = () => traffic.inFlight > 0 || [...terminals].some(({ buffered }) => buffered > 0)
  while (!isLate && isBusy()) {
    await wait(DRAIN_POLL_MS)
  }
  const unanswered = inFlight.count + traffic.inFlight
  for (const terminal of terminals) terminal.close('ENGINE_STOPPING')
  end.abort()
  return unanswered
}
