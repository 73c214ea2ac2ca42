import { expect, it } from 'vitest'
import { ERROR_TRAITS, type ErrorCode } from '../../../src/errors/codes.ts'
import { statusOf } from '../../../src/server/http/status.ts'

const CODES = Object.keys(ERROR_TRAITS) as ErrorCode[]
/** What programs that know HTTP, and not this table, send again: 408, 425, 429, and 5xx. */
const AGAIN = new Set([408, 425, 429, 503, 507])

function statusNumber(code: ErrorCode): number {
  return Number(statusOf(code).split(' ')[0])
}

it('a code has a status that says "again" when, and only when, it is retryable', () => {
  const wrong = CODES.filter((code) => {
    const { retryable } = ERROR_TRAITS[code]
    return AGAIN.has(statusNumber(code)) !== retryable
  })
  expect(wrong).toEqual([])
})

it.each([
  ['IMPORTS_TOO_MANY', 503],
  ['MAINTENANCE_BUSY', 503],
  ['REGISTER_SPOOL_FAILED', 503],
  ['OVERLOADED', 503],
  ['BODY_LATE', 408],
  ['LOGIN_LOCKED', 429],
  ['STORE_FULL', 507],
  ['REQUEST_DIFFERS', 409],
  ['QUOTE_CHANGED', 422],
  ['DEFECT', 500],
  // Not the sender's fault.
  ['STORE_WRITE_FAILED', 500],
  ['LEDGER_DAMAGED', 500],
  ['IMPORT_UNKNOWN', 404],
  ['BACKUP_UNKNOWN', 404],
  ['VERIFICATION_UNKNOWN', 404],
  ['REGISTER_ENTRY_UNKNOWN', 404],
] as const)('%s is %i', (code, status) => {
  expect(statusNumber(code)).toBe(status)
})
