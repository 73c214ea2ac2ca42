import { failureOf, problem, success, type Problem, type Result } from '../errors/problem.ts'

/** Every bound of the server; beyond one the answer is a coded refusal or close, at once. Settings may override each. */
export interface ServerLimits {
  /** Bytes of one frame. */
  readonly frameBytes: number
  /** Requests of terminals without an answer, of one connection (over HTTP: of one principal) and of all. */
  readonly inFlightPerTerminal: number
  readonly inFlight: number
  /** Bytes of the frames of all these, and of their bodies over HTTP as far as they have arrived. */
  readonly inFlightBytes: number
  /** Bytes that wait to be read by one connection. */
  readonly bufferedBytes: number
  /** Connections, with those that have not said hello yet. */
  readonly terminals: number
  /** From connecting to hello, ms. */
  readonly helloMs: number
  /** Seconds without a frame or an answered ping; a ping is sent before. */
  readonly idleSeconds: number
  /** Logins of one principal from one address that may fail within `lockMs`; then they are locked for `lockMs`. */
  readonly failedLogins: number
  /** The same of an address, whoever it says it is: behind one address a whole hospital may be. */
  readonly failedLoginsPerAddress: number
  readonly lockMs: number
  /** Failed logins that are remembered, by principal and by address. */
  readonly failuresKept: number
  /** Advice with OVERLOADED and ENGINE_STOPPING, ms. */
  readonly retryAfterMs: number
  /** HTTP requests without an answer; those of terminals are among `inFlight`. */
  readonly httpRequests: number
  /** The same of one principal. */
  readonly httpRequestsPerPrincipal: number
  /** Bytes of the bodies of all HTTP requests, as far as they have arrived. */
  readonly httpBodyBytes: number
  /** Within which the body of an HTTP request has to arrive, ms. */
  readonly bodyMs: number
  /** Within which a stop answers what is in flight, ms. */
  readonly stopMs: number
}

type Name = keyof ServerLimits

/** Per limit: default, least, most. What is least for `frameBytes` still holds a hello. */
export const LIMIT_RANGES: Readonly<
  Record<Name, readonly [standard: number, min: number, max: number]>
> = {
  frameBytes: [1024 * 1024, 1024, 16 * 1024 * 1024],
  inFlightPerTerminal: [64, 1, 10_000],
  inFlight: [10_000, 1, 100_000],
  inFlightBytes: [128 * 1024 * 1024, 1024, 1024 * 1024 * 1024],
  bufferedBytes: [4 * 1024 * 1024, 1024, 256 * 1024 * 1024],
  terminals: [20_000, 1, 1_000_000],
  helloMs: [10_000, 1, 600_000],
  // What uWebSockets.js takes; it ends the process over anything else.
  idleSeconds: [120, 8, 960],
  failedLogins: [10, 1, 1_000_000],
  failedLoginsPerAddress: [200, 1, 1_000_000],
  lockMs: [60_000, 1, 24 * 3_600_000],
  failuresKept: [10_000, 1, 1_000_000],
  retryAfterMs: [200, 1, 60_000],
  httpRequests: [256, 1, 100_000],
  httpRequestsPerPrincipal: [8, 1, 100_000],
  httpBodyBytes: [256 * 1024 * 1024, 1024, 4 * 1024 * 1024 * 1024],
  bodyMs: [120_000, 1, 3_600_000],
  stopMs: [8_000, 1, 600_000],
}

const NAMES = Object.keys(LIMIT_RANGES) as readonly Name[]

export const SERVER_LIMITS: ServerLimits = limitsBy((name) => LIMIT_RANGES[name][0])

/** The limits with `settings` in place of the defaults. Refuses `LIMIT_WRONG` for every name or value that is none. */
export function serverLimits(
  settings: Readonly<Partial<Record<Name, number>>>,
): Result<ServerLimits> {
  const problems: Problem[] = []
  for (const [name, value] of Object.entries(settings)) {
    const [, min, max] = Object.hasOwn(LIMIT_RANGES, name) ? LIMIT_RANGES[name as Name] : [0, 0, 0]
    const isRight = max > 0 && Number.isSafeInteger(value) && value >= min && value <= max
    if (!isRight) {
      problems.push(problem('LIMIT_WRONG', name, { name, value: String(value), min, max }))
    }
  }
  if (problems.length > 0) return failureOf(problems)
  return success(limitsBy((name) => settings[name] ?? LIMIT_RANGES[name][0]))
}

function limitsBy(value: (name: Name) => number): ServerLimits {
  return Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Record<Name, number>
}

/** What a client has to keep to; said in the answer to hello. */
export function limitsForClients(limits: ServerLimits): Readonly<Record<string, number>> {
  const { frameBytes, inFlightPerTerminal, bufferedBytes, idleSeconds } = limits
  return { frameBytes, inFlightPerTerminal, bufferedBytes, idleSeconds }
}
