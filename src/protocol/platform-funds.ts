import { failureOf, problem, failure, success, type Result } from '../errors/problem.ts'
import { newFindings } from './findings.ts'
import { nationalAmountAt, openNational } from './national-money.ts'
import { FUND_FIELDS } from './national-setlinfo.ts'
import { isObject } from './section.ts'

/** What of a platform's setlinfo must be as it was prepared; fen. */
export interface PlatformFunds {
  readonly amounts: ReadonlyMap<string, number>
  readonly settlementId: string | undefined
}

const FIELDS = [
  ['medfee_sumamt', ['medfee_sumamt', 'med_fee_sumamt']],
  ...FUND_FIELDS.map(
    (field) => [field, field === 'oth_pay' ? [field, 'othfund_pay'] : [field]] as const,
  ),
  ['fund_pay_sumamt', ['fund_pay_sumamt']],
] as const

/** Total, each fund and the fund sum of a setlinfo, as numbers or texts, absent as zero; and its setl_id. */
export function readPlatformFunds(setlinfo: unknown): Result<PlatformFunds> {
  if (!isObject(setlinfo)) {
    return failure(problem('FIELD_NOT_OBJECT', 'platform.setlinfo'))
  }
  const findings = newFindings()
  const section = openNational(setlinfo, 'platform.setlinfo', findings)
  const amounts = new Map<string, number>()
  for (const [field, names] of FIELDS) amounts.set(field, nationalAmountAt(section, names))
  const id = setlinfo['setl_id']
  if (findings.problems.length > 0) return failureOf(findings.problems)
  return success({ amounts, settlementId: typeof id === 'string' && id !== '' ? id : undefined })
}
