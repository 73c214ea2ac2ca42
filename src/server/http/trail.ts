import type { ErrorCode } from '../../errors/codes.ts'
import type { Problem } from '../../errors/problem.ts'
import type { AuditEntry } from '../../ledger/record.ts'
import type { AuditLog } from '../audit.ts'
import type { Principal } from '../principal.ts'
import type { HttpReply, Route } from './route.ts'

/** The audit of one request. */
export class Trail {
  subject: string
  readonly #audit: AuditLog
  readonly #route: Route
  readonly #principal: Principal

  constructor(audit: AuditLog, route: Route, principal: Principal, subject: string) {
    this.#audit = audit
    this.#route = route
    this.#principal = principal
    this.subject = subject
  }

  /** A change is noted before it is tried: there is none that nobody is known to have asked for. Why it cannot be noted. */
  async begin(): Promise<readonly Problem[] | undefined> {
    if (this.#route.audit !== 'mutation') return undefined
    const written = await this.#audit.note(this.#entry('asked'))
    return written.ok ? undefined : written.problems
  }

  /** What is to be answered instead: data of a person leaves only when that is on the disk. */
  async end(reply: HttpReply): Promise<HttpReply | undefined> {
    if (this.#route.audit === 'none' || this.#route.audit === 'beside') return undefined
    const codes = reply.kind === 'refused' ? reply.problems.map(({ code }) => code) : []
    const written = await this.#audit.note(this.#entry(codes[0] ?? 'done'))
    if (written.ok || this.#route.audit === 'mutation') return undefined
    return { kind: 'refused', problems: written.problems }
  }

  /** The answer was cut off behind what the audit has of it. */
  async cut(code: ErrorCode): Promise<void> {
    await this.#audit.note(this.#entry(code))
  }

  #entry(outcome: AuditEntry['outcome']): AuditEntry {
    const { id, role } = this.#principal
    const subject = this.subject === '' ? {} : { subject: this.subject.slice(0, SUBJECT_MAX) }
    return { principal: id, role, action: this.#route.id, ...subject, outcome }
  }
}

/** Characters of a subject that are kept. */
const SUBJECT_MAX = 200
