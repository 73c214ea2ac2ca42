import { failureOf, problem, failure, success, type Result } from '../errors/problem.ts'
import { newFindings } from './findings.ts'
import { nationalAmountAt, openNational } from './national-money.ts'
import { FUND_FIELDS } from './national-setlinfo.ts'
import { codeAt } from './scalars.ts'
import { isObject } from './section.ts'

/** What of a platform's setlinfo must be as it was prepared; fen. */
export interface PlatformFunds {
  readonly amounts: ReadonlyMap<string, number>
}

const FIELDS = [
  ['medfee_sumamt', ['medfee_sumamt', 'med_fee_sumamt']],
  ...FUND_FIELDS.map(
    (field) => [field, field === 'oth_pay' ? [field, 'othfund_pay'] : [field]] as const,
  ),
  ['fund_pay_sumamt', ['fund_pay_sumamt']],
] as const

/** Total, each fund and the fund sum of a setlinfo, as numbers or texts, absent as zero. */
export function readPlatformFunds(setlinfo: unknown): Result<PlatformFunds> {
  if (!isObject(setlinfo)) {
    return failure(problem('FIELD_NOT_OBJECT', 'platform.setlinfo'))
  }
  const findings = newFindings()
  const section = openNational(setlinfo, 'platform.setlinfo', findings)
  const amounts = new Map<string, number>()
  for (const [field, names] of FIELDS) amounts.set(field, nationalAmountAt(section, names))
  if (findings.problems.length > 0) return failureOf(findings.problems)
  return success({ amounts })
}

/** What stands in the cells of 3201 and 3202. */
const CODES = ['mdtrt_id', 'psn_no', 'clr_optins', 'insutype', 'clr_type'] as const

/**
 * The setl_id of a setlinfo, as text or as a number. Refuses it, and the other codes that are written into the national files,
 * where they are no codes: a tab or a line end in one would be a cell or a row of its own there.
 */
export function readPlatformId(
  setlinfo: Readonly<Record<string, unknown>>,
): Result<string | undefined> {
  const findings = newFindings()
  const section = openNational(setlinfo, 'platform.setlinfo', findings)
  for (const field of CODES) codeAt(section, field)
  const id = codeAt(section, 'setl_id')
  return findings.problems.length > 0 ? failureOf(findings.problems) : success(id)
}
