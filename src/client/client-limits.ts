import { clientError } from './qingfen-error.ts'

/** Every bound of the SDK; `limits` of `connectTerminal` overrides each. Times in milliseconds. */
export interface ClientLimits {
  /** Requests without an answer, sent or not; one more is refused at once. */
  readonly unanswered: number
  /** Within which a call that does not say is answered or rejected. */
  readonly deadlineMs: number
  /** A settle, prepare or resettle that does not say until when, is worth doing so long after the call. */
  readonly notAfterMs: number
  /** From connecting to the answer to hello; then it is tried again. */
  readonly connectMs: number
  /** Silence after which the server is pinged; after as much again the connection counts as broken. */
  readonly silenceMs: number
  /** The wait before the second attempt to connect; each further one doubles it. The first is at once. */
  readonly reconnectMs: number
  readonly reconnectMostMs: number
  /** Requests whose content is remembered after their answer, so that an id is never used for something else. */
  readonly remembered: number
}

type Name = keyof ClientLimits

const DAY_MS = 24 * 3_600_000

/** Per limit: default, least, most. A timer of JavaScript holds no more than 24 days. */
const RANGES: Readonly<Record<Name, readonly [standard: number, min: number, max: number]>> = {
  unanswered: [500, 1, 100_000],
  deadlineMs: [120_000, 1, DAY_MS],
  notAfterMs: [120_000, 1, DAY_MS],
  connectMs: [10_000, 1, 600_000],
  silenceMs: [20_000, 1, 600_000],
  reconnectMs: [1_000, 1, 600_000],
  reconnectMostMs: [30_000, 1, 600_000],
  remembered: [2_000, 1, 100_000],
}

const NAMES = Object.keys(RANGES) as readonly Name[]

export const CLIENT_LIMITS = limitsWith({})

/** The limits with `settings` in place of the defaults. Throws `LIMIT_WRONG`. */
export function clientLimits(settings: Readonly<Partial<ClientLimits>>): ClientLimits {
  for (const [name, value] of Object.entries(settings)) checkLimit(name, value)
  return limitsWith(settings)
}

/** Throws `LIMIT_WRONG` for a name or value that is none. */
export function checkLimit(name: string, value: unknown): void {
  const [, min, max] = Object.hasOwn(RANGES, name) ? RANGES[name as Name] : [0, 0, 0]
  const isRight = typeof value === 'number' && Number.isSafeInteger(value)
  if (isRight && max > 0 && value >= min && value <= max) return
  throw clientError('LIMIT_WRONG', name, { name, value: String(value), min, max })
}

function limitsWith(settings: Readonly<Partial<ClientLimits>>): ClientLimits {
  const entries = NAMES.map((name) => [name, settings[name] ?? RANGES[name][0]])
  return Object.fromEntries(entries) as Record<Name, number>
}
