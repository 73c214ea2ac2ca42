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
  | { readonly event: 'defect'; readonly error: unknown }

export type Log = (entry: LogEntry) => void
