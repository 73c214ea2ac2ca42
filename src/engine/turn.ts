import type { ErrorCode } from '../errors/codes.ts'
import { problem, type Problem } from '../errors/problem.ts'
import type { RequestKey } from '../ledger/record.ts'
import type { ReplyEncoding } from '../protocol/frames/write-frame.ts'
import type { EngineSettings } from './limits.ts'
import type { LayerWatch } from './layer-watch.ts'
import type { OverlayRows } from './overlay-rows.ts'
import type { Operation } from './request.ts'
import type { RuleSets } from './rule-sets.ts'
import type { RehearsedBill } from './rehearsal.ts'
import type { SentBill } from './sent-request.ts'
import type { Trial } from './speculation.ts'

export type Document = Readonly<Record<string, unknown>>

/** A request whose shape was found right. */
export interface TakenRequest {
  readonly operation: Operation
  readonly hospital: string
  readonly id: string
  /** In canonical form. */
  readonly body: Document
  readonly fingerprint: string
  /** It was taken lightly (`takeLightly`): its bill is without lines here, and a worker tells the fingerprint. */
  readonly sent?: SentBill
  /** Encoding of the frame that its answer will be sent in. */
  readonly reply?: ReplyEncoding
  /** Its bill tried beforehand, on a snapshot. */
  readonly trial?: Trial
}

/** One operation at its place in the journal: what it sees and where it writes. */
export interface Turn {
  /** Its own; what an operation leaves in it counts only if it ends well. */
  readonly rows: OverlayRows
  /** Stamp, ms. */
  readonly at: number
  /** Day of the stamp, and the accounting day. */
  readonly today: number
  readonly day: number
  readonly closed: number | null
  readonly firstSeq: number
  /** Of a rehearsal: the last record its rows have; those from there to `firstSeq` are being flushed. */
  readonly lastSeen?: number
  readonly rules: RuleSets
  readonly settings: EngineSettings
  /** Whether the ledger keeps bytes of that hash already. */
  readonly hasContent: (hash: string) => boolean
  /** `rulesName` of the rules that its bills may run under; absent: nobody tries bills beforehand, or nobody could. */
  readonly tried?: ReadonlySet<string>
  /** Watches what it adjudicates. */
  readonly watch?: LayerWatch
  /** Of a rehearsal: takes the bills that would be adjudicated. */
  readonly rehearsed?: RehearsedBill[]
}

export type Answer = Document

/** Carries a refusal out of an operation; nothing that it wrote remains. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused'
  readonly problems: readonly Problem[]
  readonly split: Document | undefined

  constructor(problems: readonly Problem[], split?: Document) {
    super(problems.map(({ code }) => code).join(', '))
    this.problems = problems
    this.split = split
  }
}

export function refused(
  code: ErrorCode,
  where: string,
  details: Readonly<Record<string, string | number>> = {},
): RequestRefused {
  return new RequestRefused([problem(code, where, details)])
}

/** What every record of a turn begins with; `request`: only the last record of a request carries it. */
export function recordBase(
  turn: Turn,
  request?: TakenRequest,
): {
  readonly seq: number
  readonly at: number
  readonly day: number
  readonly request?: RequestKey
} {
  const { at, day } = turn
  const seq = turn.firstSeq + turn.rows.records.length
  return { seq, at, day, ...(request !== undefined && { request: requestKey(request) }) }
}

function requestKey({ hospital, id, operation, fingerprint }: TakenRequest): RequestKey {
  return { hospital, id, operation, fingerprint }
}

/** A member that must be an object. */
export function objectAt(body: Document, key: string): Document {
  const value = body[key]
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Document
  throw refused('REQUEST_MALFORMED', key, { why: `${key}: object` })
}

/** A member that must be text; numbers of a body are text too. */
export function textAt(body: Document, key: string): string {
  const value = body[key]
  if (typeof value === 'string' && value !== '') return value
  throw refused('REQUEST_MALFORMED', key, { why: `${key}: text` })
}

/** A member that must be a list of texts. */
export function textsAt(body: Document, key: string): readonly string[] {
  const value = body[key]
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw refused('REQUEST_MALFORMED', key, { why: `${key}: list of texts` })
}

/** Members an operation does not know are refused: a misspelt one would otherwise do nothing, in silence. */
export function allowOnly(body: Document, known: readonly string[]): void {
  for (const key of Object.keys(body)) {
    if (!known.includes(key)) throw refused('REQUEST_MALFORMED', key, { why: `${key}?` })
  }
}
