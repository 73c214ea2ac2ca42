import type { Service } from './open-service.ts'
import type { ServiceLog } from './service-log.ts'

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Beyond the time that the server takes to answer what is in flight: for flushing and closing, ms. */
const CLOSING_MS = 1_500

export interface UntilSignal {
  readonly log: ServiceLog
  /** Within which the server answers what is in flight, ms. */
  readonly stopMs: number
}

/** A terminal and the program that started this one may each pass on the same Ctrl+C, ms. */
const SAME_SIGNAL_MS = 500

/**
 * Waits for SIGTERM or SIGINT and stops `service`. A second signal, or a stop that takes too long, ends the process at once with
 * code 1: what was answered is on the disk, and the rest is as if the power had failed.
 */
export async function untilSignal(
  service: Pick<Service, 'stop'>,
  { log, stopMs }: UntilSignal,
): Promise<void> {
  // One listener from beginning to end: a signal without any would end the process in its own way.
  let since: number | undefined
  const force = () => {
    log({ event: 'service.forced' })
    process.exit(1)
  }
  const signal = await new Promise<(typeof SIGNALS)[number]>((resolve) => {
    for (const name of SIGNALS) {
      process.on(name, () => {
        if (since === undefined) resolve(name)
        else if (performance.now() - since > SAME_SIGNAL_MS) force()
        since ??= performance.now()
      })
    }
  })
  log({ event: 'service.stopping', signal })
  const late = setTimeout(force, stopMs + CLOSING_MS)
  await service.stop()
  clearTimeout(late)
}
