import { describeProblem, problem, type Problem } from '../../errors/problem.ts'
import type { LedgerRecord } from '../../ledger/record.ts'
import { StoreFailed } from '../store-failed.ts'
import { RequestRefused } from '../turn.ts'
import { firstDifference } from './first-difference.ts'

type Named = Pick<LedgerRecord, 'seq' | 'kind'>

/** What differs between a stored record and the same one made again, first member first; undefined: nothing. */
export function recordDiffers(stored: LedgerRecord, again: LedgerRecord): Problem | undefined {
  const found = firstDifference(stored, again)
  if (found === undefined) return undefined
  return problem('LEDGER_RECORD_DIFFERS', found.field, { ...nameOf(stored), ...found })
}

/** As `recordDiffers`: which request made a record is known from the record alone, but for its operation. */
export function madeDiffers(record: LedgerRecord, again: LedgerRecord): Problem | undefined {
  const { request } = record
  const expected = again.request?.operation
  return (
    recordDiffers(record, { ...again, ...(request !== undefined && { request }) }) ??
    (request === undefined
      ? undefined
      : memberDiffers(record, 'request.operation', request.operation, expected))
  )
}

/** One member of a record that is not what it should be. */
export function memberDiffers(
  record: Named,
  field: string,
  stored: unknown,
  recomputed: unknown,
): Problem | undefined {
  const found = firstDifference(stored, recomputed, field)
  if (found === undefined) return undefined
  return problem('LEDGER_RECORD_DIFFERS', found.field, { ...nameOf(record), ...found })
}

/** The engine would have refused what the record says. */
export function refusedRecord(record: Named, problems: readonly Problem[]): Problem {
  const why = problems.map((one) => `${one.code} ${describeProblem(one, 'en')}`).join('; ')
  return impossible(record, why)
}

export function impossible(record: Named, why: string): Problem {
  return problem('LEDGER_RECORD_IMPOSSIBLE', '', { ...nameOf(record), why: why.slice(0, 300) })
}

/** What was thrown while a record was made again: a refusal, a damaged row, or a broken invariant. */
export function thrownBy(record: Named, error: unknown): Problem {
  if (error instanceof RequestRefused) return refusedRecord(record, error.problems)
  if (error instanceof StoreFailed) return error.problem
  return impossible(record, error instanceof Error ? error.message : String(error))
}

function nameOf({ seq, kind }: Named): { readonly record: number; readonly kind: string } {
  return { record: seq, kind }
}
