import type { Result } from '../errors/problem.ts'
import { success } from '../errors/problem.ts'
import type { SplitJob } from './evaluator-port.ts'
import { takeSent } from './sent-request.ts'
import { objectAt, type Document } from './turn.ts'

/** Members of a bill that the register replaces or adds (`withRegister`). */
const OF_REGISTER = ['person', 'hospital', 'policies', 'familyId'] as const

/** The bill of a job, as it was stated and as the register completes it. */
export interface JobBill {
  readonly document: Document
  readonly stated: Document
  /** Of the request, where it came in a message. */
  readonly fingerprint?: string
}

/** Takes the request where it is still a message, and refuses as `takeRequest` does. */
export function billOfJob({ document, sent, post }: SplitJob): Result<JobBill> {
  if (sent === undefined) {
    return success({ document, stated: statedBill(document, post?.stated ?? {}) })
  }
  const taken = takeSent(sent)
  if (!taken.ok) return taken
  const { body, fingerprint } = taken.value
  const bill = objectAt(body, 'bill')
  const { without } = body
  const stated = without === undefined ? bill : { ...bill, without }
  return success({ document: completed(stated, document), stated, fingerprint })
}

/** Lines of a bill document that has them. */
export function lineCount({ lines, feedetail }: Document): number {
  const list = lines ?? feedetail
  return Array.isArray(list) ? list.length : 0
}

/** What the register has replaced, as it was stated. */
export function statedMembers(bill: Document): Document {
  const stated: Record<string, unknown> = {}
  for (const key of OF_REGISTER) if (bill[key] !== undefined) stated[key] = bill[key]
  return stated
}

/** The inverse of `withRegister`. */
function statedBill(document: Document, stated: Document): Document {
  const bill: Record<string, unknown> = {}
  for (const key in document) {
    if (!isOfRegister(key)) bill[key] = document[key]
    else if (stated[key] !== undefined) bill[key] = stated[key]
  }
  return bill
}

/** As `withRegister` makes it, from what it made of the bill without its lines: members in the same order. */
function completed(stated: Document, light: Document): Document {
  const document: Record<string, unknown> = {}
  for (const key in stated) document[key] = isOfRegister(key) ? light[key] : stated[key]
  for (const key of OF_REGISTER) if (light[key] !== undefined) document[key] = light[key]
  return document
}

function isOfRegister(key: string): boolean {
  return (OF_REGISTER as readonly string[]).includes(key)
}
