import { success, type Result } from '../../errors/problem.ts'
import { malformed, type FrameBody } from './request-frame.ts'

/** The body of hello. */
export interface HelloBody {
  readonly credential: string
  /** Answers of a MessagePack connection come with msgpackr's inline records instead of plain maps. */
  readonly records: boolean
}

/** The answer to hello. */
export interface HelloAnswer {
  readonly protocol: number
  /** Version of the program. */
  readonly program: string
  /** Number of the rules of adjudication: a change that alters any amount has a new one. */
  readonly semantics: number
  /** Milliseconds since 1970-01-01. */
  readonly at: number
  readonly principal: string
  readonly role: string
  /** Institution code; absent for roles without one. */
  readonly hospital?: string
  readonly limits: FrameBody
  readonly topics: readonly string[]
}

const CREDENTIAL_MAX = 200

export function readHello(body: FrameBody): Result<HelloBody> {
  const { credential, records = false, ...rest } = body
  const [stray] = Object.keys(rest)
  if (stray !== undefined) return refused('body: { credential, records? }', 'body')
  if (typeof credential !== 'string' || credential.length > CREDENTIAL_MAX || credential === '') {
    return refused(`credential: text, 1–${CREDENTIAL_MAX}`, 'body.credential')
  }
  if (typeof records !== 'boolean') return refused('records: true, false', 'body.records')
  return success({ credential, records })
}

function refused(why: string, where: string): Result<never> {
  return { ok: false, problems: [malformed(why, where)] }
}
