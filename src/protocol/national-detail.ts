import { fen, type Fen } from '../money/fen.ts'
import type { WireField } from '../rules/kind.ts'
import { newFindings, placed, quoted, refuse, warn, type Findings } from './findings.ts'
import { parseJsonExact } from './json-exact.ts'
import { LIMITS } from './limits.ts'
import { nationalAmountAt, openNational } from './national-money.ts'
import { numberText } from './scalars.ts'
import { isBlank, isObject } from './section.ts'

export type FundField = Exclude<WireField, 'hosp_part_amt'>

/** One step of a policy in setl_proc_info. */
export interface PolicyStep {
  /** polItemCode, e.g. C001 first band of the pooled fund, EC01 above the cap. */
  readonly code: string
  /** hifpPayInscp: what the step worked on. */
  readonly base: Fen
  /** hifpPay: what the fund paid of it. */
  readonly paid: Fen
}

/** setldetail sorted: rows of funds, of the account, and of the hospital and others (9999xx). */
export interface NationalDetail {
  /** Rows with a code; without any the details say nothing. */
  readonly rows: number
  readonly funds: readonly { readonly type: string; readonly amount: Fen }[]
  readonly fundSum: Fen
  /** Rows 9999xx: the hospital's share, or another fund. */
  readonly otherSum: Fen
  /** Undefined: no setl_proc_info that could be read. */
  readonly steps: readonly PolicyStep[] | undefined
}

/** Codes of fund_pay_type by their first four digits; the rest are other funds. */
const FUND_OF_CODE: Readonly<Record<string, FundField>> = {
  '3101': 'hifp_pay',
  '3901': 'hifp_pay',
  '3201': 'cvlserv_pay',
  '3301': 'hifob_pay',
  '3501': 'hifdm_pay',
  '3701': 'hifes_pay',
  '3902': 'hifmi_pay',
  '6101': 'maf_pay',
}

/** The fund field a fund_pay_type belongs to; regional suffixes such as 01 for 00 do not matter. */
export function fundFieldOf(fundPayType: string): FundField {
  return FUND_OF_CODE[fundPayType.slice(0, 4)] ?? 'oth_pay'
}

/** The personal account (3102xx) and the residents' family account are means of payment, not funds. */
function isAccount(type: string): boolean {
  return type.startsWith('3102') || type === '390500'
}

export function readNationalDetail(
  value: unknown,
  where: string,
  findings: Findings,
): NationalDetail {
  const list: readonly unknown[] = Array.isArray(value) ? value : []
  if (!isBlank(value) && !Array.isArray(value)) refuse(findings, 'FIELD_NOT_LIST', where)
  if (list.length > LIMITS.nationalDetails) {
    const details = { count: list.length, max: LIMITS.nationalDetails }
    refuse(findings, 'LIST_TOO_LONG', where, details)
  }
  const funds: { type: string; amount: Fen }[] = []
  let [rows, fundSum, otherSum] = [0, 0, 0]
  let steps: PolicyStep[] | undefined
  for (const [index, row] of list.slice(0, LIMITS.nationalDetails).entries()) {
    const place = placed(where, `[${index}]`)
    if (!isObject(row) || Object.values(row).every(isBlank)) continue
    const section = openNational(row, place, findings)
    const type = numberText(section.fields.get('fund_pay_type')) ?? ''
    if (!/^[0-9]{6,8}$/.test(type)) {
      ignored(findings, place, 'fund_pay_type', quoted(type))
      continue
    }
    rows += 1
    const amount = nationalAmountAt(section, ['fund_payamt'])
    const read = readSteps(section.fields.get('setl_proc_info'), place, findings)
    if (read !== undefined) steps = [...(steps ?? []), ...read]
    if (isAccount(type)) continue
    if (type.startsWith('9999')) otherSum += amount
    else {
      fundSum += amount
      funds.push({ type, amount })
    }
  }
  const sums = {
    fundSum: safeSum(fundSum, where, findings),
    otherSum: safeSum(otherSum, where, findings),
  }
  return { rows, funds, ...sums, steps }
}

function safeSum(sum: number, where: string, findings: Findings): Fen {
  if (Number.isSafeInteger(sum)) return fen(sum)
  refuse(findings, 'BILL_TOTAL_OUT_OF_RANGE', where)
  return fen(0)
}

/** The steps of a JSON text or list; undefined when there are none to read. */
function readSteps(
  value: unknown,
  where: string,
  findings: Findings,
): readonly PolicyStep[] | undefined {
  if (isBlank(value)) return undefined
  const parsed = typeof value === 'string' ? parseJsonExact(value) : ({ ok: true, value } as const)
  const list: unknown = parsed.ok ? parsed.value : undefined
  if (!Array.isArray(list)) {
    ignored(findings, where, 'setl_proc_info', quoted(value))
    return undefined
  }
  const entries: readonly unknown[] = list
  // The steps are beside the money: one that cannot be read loses them, not the settlement.
  const trial = newFindings()
  const steps = entries.slice(0, LIMITS.nationalDetails).flatMap((entry) => {
    if (!isObject(entry)) return []
    const section = openNational(entry, where, trial)
    const code = quoted(numberText(section.fields.get('polItemCode')) ?? '')
    const base = nationalAmountAt(section, ['hifpPayInscp'])
    return { code, base, paid: nationalAmountAt(section, ['hifpPay']) }
  })
  if (trial.problems.length === 0 && steps.length === entries.length) return steps
  ignored(findings, where, 'setl_proc_info', quoted(value))
  return undefined
}

/**
 * What lay above the cap: the bases of the EC steps (超封顶段). Zero is said only by steps whose bases, with the
 * deductible, make up the whole in-scope amount; otherwise undefined, not said.
 */
export function overCapOf(
  steps: readonly PolicyStep[] | undefined,
  deductible: Fen,
  inScope: Fen,
): Fen | undefined {
  if (steps === undefined || steps.length === 0) return undefined
  let [above, whole] = [0, Number(deductible)]
  for (const { code, base } of steps) {
    whole += base
    if (code.startsWith('EC')) above += base
  }
  const isSaid = above > 0 ? above <= inScope : whole === inScope
  return isSaid ? fen(above) : undefined
}

function ignored(findings: Findings, where: string, field: string, text: string): void {
  const details = { count: 1, why: `${field} ${text}` }
  warn(findings, 'NATIONAL_DETAIL_IGNORED', where, details)
}
