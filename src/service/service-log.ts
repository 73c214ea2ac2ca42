import type { Configuration } from '../config/configuration.ts'
import type { LogEntry } from '../server/log.ts'

/** What a service logs: what its server does, and its own life. */
export type ServiceEntry =
  | LogEntry
  | {
      readonly event: 'service.started'
      readonly mode: Configuration['mode']
      readonly program: string
      readonly workers: number
      /** Records in the ledger. */
      readonly records: number
    }
  | { readonly event: 'service.stopping'; readonly signal: string }
  | { readonly event: 'service.stopped' }
  /** The stop took too long, or was asked for twice: requests may be without an answer, and are answered when they are asked again. */
  | { readonly event: 'service.forced' }

export type ServiceLog = (entry: ServiceEntry) => void

type Level = Configuration['log']['level']

const RANK: Readonly<Record<Level, number>> = { info: 0, warning: 1, error: 2 }

/** Events that are worth more than to be known. */
const LEVELS: Readonly<Partial<Record<string, Level>>> = {
  'login.refused': 'warning',
  'request.refused': 'warning',
  'service.forced': 'error',
  defect: 'error',
}

/** Writes each entry of `level` or above as one line of JSON: time, level, and the entry. */
export function jsonLog(
  write: (line: string) => void,
  level: Level,
  now: () => number,
): ServiceLog {
  return (entry) => {
    const own = LEVELS[entry.event] ?? 'info'
    if (RANK[own] < RANK[level]) return
    write(JSON.stringify({ time: new Date(now()).toISOString(), level: own, ...entry }))
  }
}
