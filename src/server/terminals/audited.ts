import type { AuditEntry } from '../../ledger/record.ts'
import type { FrameOperation } from '../../protocol/frames/operations.ts'
import type { FrameBody } from '../../protocol/frames/request-frame.ts'
import type { Principal } from '../principal.ts'

/** What a request over a terminal is about, as far as its body says so at a glance: a settlement, a person, a stay. */
const NAMES = ['settlement', 'person', 'stay', 'id', 'day'] as const
const SUBJECT_MAX = 200

/**
 * The entry of a request in the audit. It is written beside the request: what came of it is in the journal under the same request id,
 * or nothing is.
 */
export function auditEntry(
  { id, role }: Principal,
  action: FrameOperation,
  requestId: string,
  body: FrameBody,
): AuditEntry {
  const about = NAMES.map((name) => body[name]).find((value) => typeof value === 'string')
  const subject = [requestId, about].filter((part) => typeof part === 'string').join(' ')
  return { principal: id, role, action, subject: subject.slice(0, SUBJECT_MAX), outcome: 'asked' }
}
