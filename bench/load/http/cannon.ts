import autocannon, { type Options, type Result } from 'autocannon'
import { assert } from '../../../src/assert.ts'
import type { Latencies } from '../wire/latencies.ts'

export interface CannonResult {
  readonly answered: number
  /** Answers a second. */
  readonly rate: number
  readonly latency: Latencies
}

/** Fires with autocannon. Throws for an error, a time-out, or an answer that is not 2xx; `why` says what such an answer said. */
export async function fire(options: Options, why = () => ''): Promise<CannonResult> {
  const begun = performance.now()
  const result: Result = await autocannon(options)
  const seconds = (performance.now() - begun) / 1000
  const { errors, timeouts, non2xx } = result
  const wrong = `${errors} errors, ${timeouts} late, ${non2xx} no 2xx`
  assert(errors + timeouts + non2xx === 0, `HTTP: ${wrong} ${why()}`)
  const answered = result['2xx']
  const { p50, p90, p99, p99_9, max } = result.latency
  return { answered, rate: answered / seconds, latency: { p50, p90, p99, p999: p99_9, max } }
}
