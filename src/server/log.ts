import type { Problem } from '../errors/problem.ts'
import { codeOf, placeOf } from './defect.ts'
import type { Role } from './principal.ts'

/** What the server tells a log. Nothing of a bill, a body, a request id or a credential is in it. */
export type LogEntry =
  | { readonly event: 'server.listening'; readonly port: number }
  | { readonly event: 'server.stopping'; readonly inFlight: number }
  | { readonly event: 'server.stopped'; readonly unanswered: number }
  | { readonly event: 'login'; readonly principal: string; readonly role: Role }
  | { readonly event: 'login.refused'; readonly address: string; readonly code: string }
  | {
      readonly event: 'request.refused'
      readonly principal: string
      readonly op: string
      readonly codes: readonly string[]
    }
  | { readonly event: 'terminal.closed'; readonly principal?: string; readonly closeCode: number }
  /** A bug of the server's own; the request was refused with DEFECT. */
  | {
      readonly event: 'defect'
      readonly name: string
      /** Of the system or of the store, and the file or folder it is about: the answer has no place. */
      readonly code?: string
      readonly place?: string
      readonly stack: readonly string[]
    }

export type Log = (entry: LogEntry) => void

/** A request of `principal` that was refused for what it asked. */
export function refusedEntry(
  principal: string,
  op: string,
  problems: readonly Problem[],
): LogEntry {
  return { event: 'request.refused', principal, op, codes: problems.map(({ code }) => code) }
}

/** A bug as it is logged: what it was and where. Its message stays out: it may repeat what a frame said. */
export function defectEntry(error: unknown): LogEntry {
  if (!(error instanceof Error)) return { event: 'defect', name: typeof error, stack: [] }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line))
  const [code, place] = [codeOf(error), placeOf(error)]
  return {
    event: 'defect',
    name: error.name,
    ...(code !== undefined && { code }),
    ...(place !== undefined && { place }),
    stack: frames.map((line) => line.trim()),
  }
}

/** `log`, but for its failures: a log that cannot be written stops no settlement. */
export function unfailing(log: Log): Log {
  return (entry) => {
    try {
      log(entry)
    } catch {
      // There is nowhere to say it.
    }
  }
}
