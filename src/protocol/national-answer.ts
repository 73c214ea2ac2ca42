import type { Classification, GivenPayment, GivenSettlement } from '../adjudication/bill.ts'
import { failureOf, success, type Problem, type Result } from '../errors/problem.ts'
import { ZERO_FEN, type Fen } from '../money/fen.ts'
import { SOCIAL_KINDS, type PackKind } from '../rules/kind.ts'
import { newFindings, quoted, refuse, type Findings } from './findings.ts'
import {
  fundFieldOf,
  overCapOf,
  readNationalDetail,
  type FundField,
  type NationalDetail,
  type PolicyStep,
} from './national-detail.ts'
import { readNationalLines, type NationalLine } from './national-lines.ts'
import { openNational } from './national-money.ts'
import { comparing, isReversal, readNationalSums, type NationalSums } from './national-setlinfo.ts'
import * as read from './scalars.ts'
import { isBlank, isObject, type Section } from './section.ts'
import { stated } from './stated.ts'

/** Answers of the national platform about one bill, every identity they claim checked. */
export interface NationalAnswer {
  /** From a setlinfo (2206, 2207, 2303, 2304). */
  readonly settled?: NationalSettled
  /** From a fee upload (2204, 2301), in the order of the answer. */
  readonly lines: readonly NationalLine[]
  readonly warnings: readonly Problem[]
}

export interface NationalSettled {
  readonly given: GivenSettlement
  readonly total: Fen
  readonly parts: Classification
  /** psn_part_amt, stated or derived. */
  readonly personPart: Fen
  readonly cash: Fen
  readonly visitId?: string
  readonly personId?: string
  /** Steps of setl_proc_info, where the answer has them. */
  readonly steps: readonly PolicyStep[]
}

const KIND_OF_FUND: Readonly<Record<FundField, PackKind>> = {
  hifp_pay: 'basic',
  cvlserv_pay: 'civil-servant',
  hifes_pay: 'enterprise-supplement',
  hifmi_pay: 'major-illness',
  hifob_pay: 'large-amount',
  hifdm_pay: 'civil-servant',
  maf_pay: 'medical-aid',
  oth_pay: 'tilt-aid',
}

/**
 * Reads an answer as it comes: with its envelope or the output alone, or `{ setlinfo, setldetail, lines }` put
 * together from several (`lines` a list of rows or the whole 2204 or 2301 answer). Amounts are numbers or strings;
 * null, "", missing and 0 are alike; known other names of a field are understood.
 *
 * Refuses a failed, empty, foreign or reversing answer (`NATIONAL_ANSWER_…`), and each identity that does not hold
 * (I1–I6, I8) with both sides.
 */
export function readNationalAnswer(json: unknown): Result<NationalAnswer> {
  const findings = newFindings()
  const output = openAnswer(json, '', findings)
  if (output === undefined) return failureOf(findings.problems)
  const lines = readNationalLines(rowsOf(output, findings), 'lines', findings)
  const settled = isObject(output['setlinfo'])
    ? readSettled(output['setlinfo'], output['setldetail'], lines, findings)
    : undefined
  const { problems, warnings } = findings
  if (problems.length > 0) return failureOf(problems)
  return success(stated({ settled, lines, warnings }))
}

type Output = Readonly<Record<string, unknown>>

/** The output of an answer; undefined after a problem when there is none to read. */
function openAnswer(value: unknown, where: string, findings: Findings): Output | undefined {
  if (Array.isArray(value)) return { result: value }
  if (!isObject(value)) {
    refuse(findings, 'NATIONAL_ANSWER_UNRECOGNISED', where)
    return undefined
  }
  const isEnvelope = Object.hasOwn(value, 'infcode') || Object.hasOwn(value, 'output')
  const isGateway = !isEnvelope && Object.hasOwn(value, 'code')
  if (hasFailed(value, isGateway)) {
    const message = quoted(value['err_msg'] ?? value['message'] ?? '')
    const infcode = quoted(value['infcode'] ?? value['code'] ?? '')
    refuse(findings, 'NATIONAL_ANSWER_FAILED', where, { infcode, message })
    return undefined
  }
  const output = isEnvelope ? value['output'] : isGateway ? value['data'] : value
  if (Array.isArray(output)) return { result: output }
  if (isBlank(output) || (isObject(output) && Object.keys(output).length === 0)) {
    refuse(findings, 'NATIONAL_ANSWER_EMPTY', where)
    return undefined
  }
  return recognised(output, where, findings)
}

/** infcode other than 0; of the older gateway, success false or a code other than 0 and 200. */
function hasFailed(value: Output, isGateway: boolean): boolean {
  const infcode = read.numberText(value['infcode'])
  if (!isGateway) return infcode !== undefined && Number(infcode) !== 0
  const code = Number(read.numberText(value['code']) ?? Number.NaN)
  return value['success'] === false || (code !== 0 && code !== 200)
}

function recognised(output: unknown, where: string, findings: Findings): Output | undefined {
  if (isObject(output)) {
    const isBare = Object.hasOwn(output, 'medfee_sumamt')
    if (isBare) return { setlinfo: output }
    if (isObject(output['setlinfo']) || !isBlank(output['result']) || !isBlank(output['lines'])) {
      return output
    }
  }
  refuse(findings, 'NATIONAL_ANSWER_UNRECOGNISED', where)
  return undefined
}

/** Rows of a fee upload: `result`, or `lines` as a list or as the whole answer. */
function rowsOf(output: Output, findings: Findings): readonly unknown[] {
  const given = output['result'] ?? output['lines']
  if (isBlank(given)) return []
  const rows = Array.isArray(given) ? given : openAnswer(given, 'lines', findings)?.['result']
  if (Array.isArray(rows)) return rows
  if (findings.problems.length === 0) refuse(findings, 'FIELD_NOT_LIST', 'lines')
  return []
}

function readSettled(
  setlinfo: Output,
  setldetail: unknown,
  lines: readonly NationalLine[],
  findings: Findings,
): NationalSettled | undefined {
  const section = openNational(setlinfo, 'setlinfo', findings)
  if (isReversal(section)) {
    refuse(findings, 'NATIONAL_ANSWER_IS_REVERSAL', 'setlinfo')
    return undefined
  }
  const detail = readNationalDetail(setldetail, 'setldetail', findings)
  const sums = readNationalSums(section, detail)
  if (lines.length > 0) checkLineSums(section, sums, lines)
  return stated({
    given: givenOf(section, sums, detail),
    total: sums.total,
    parts: sums.parts,
    personPart: sums.personPart,
    cash: sums.cash,
    visitId: read.codeAt(section, 'mdtrt_id'),
    personId: read.codeAt(section, 'psn_no'),
    steps: detail.steps ?? [],
  })
}

function givenOf(section: Section, sums: NationalSums, detail: NationalDetail): GivenSettlement {
  const { parts, deductible } = sums
  return stated({
    payments: sums.funds
      .filter(({ amount }) => amount !== 0)
      .map(({ field, amount }) => paymentOf(field, amount, detail)),
    kinds: SOCIAL_KINDS,
    hospitalShare: sums.hospitalShare,
    deductible,
    overCap: overCapOf(detail.steps, deductible ?? ZERO_FEN, parts.inScope),
    accountPaid: sums.account,
    accountMutualAid: sums.mutualAid,
    balanceAfter: sums.balance,
    settlementId: read.codeAt(section, 'setl_id'),
    messageId: read.codeAt(section, 'medins_setl_id'),
    confirmed: false,
  })
}

/** The fund's own code where exactly one row of the details is this payment. */
function paymentOf(field: FundField, amount: Fen, detail: NationalDetail): GivenPayment {
  const [row, another] = detail.funds.filter(
    (fund) => fundFieldOf(fund.type) === field && fund.amount === amount,
  )
  return stated({
    kind: KIND_OF_FUND[field],
    payerId: field.slice(0, -'_pay'.length),
    wire: field,
    fundPayType: another === undefined ? row?.type : undefined,
    amount,
  })
}

/** I8: the settlement is the sum of the lines, in the whole and in each part. */
export function checkLineSums(
  section: Section,
  settled: Pick<NationalSums, 'total' | 'parts'>,
  lines: readonly { readonly amount: Fen; readonly classification?: Classification | undefined }[],
): void {
  const sums = { amount: 0, ownPay: 0, overLimit: 0, preSelfPay: 0, inScope: 0 }
  for (const { amount, classification } of lines) {
    sums.amount += amount
    sums.ownPay += classification?.ownPay ?? 0
    sums.overLimit += classification?.overLimit ?? 0
    sums.preSelfPay += classification?.preSelfPay ?? 0
    sums.inScope += classification?.inScope ?? 0
  }
  const compare = comparing(section)
  compare('NATIONAL_LINES_SUM_DIFFERS', 'medfee_sumamt', settled.total, sums.amount)
  if (lines.some(({ classification }) => classification === undefined)) return
  const { parts } = settled
  compare('NATIONAL_LINES_SUM_DIFFERS', 'fulamt_ownpay_amt', parts.ownPay, sums.ownPay)
  compare('NATIONAL_LINES_SUM_DIFFERS', 'overlmt_selfpay', parts.overLimit, sums.overLimit)
  compare('NATIONAL_LINES_SUM_DIFFERS', 'preselfpay_amt', parts.preSelfPay, sums.preSelfPay)
  compare('NATIONAL_LINES_SUM_DIFFERS', 'inscp_scp_amt', parts.inScope, sums.inScope)
}
