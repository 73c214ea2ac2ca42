import type { Classification } from '../adjudication/bill.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { fen, formatYuan, type Fen } from '../money/fen.ts'
import { newFindings, placed, refuse, warn } from './findings.ts'
import type { FundField, NationalDetail } from './national-detail.ts'
import { nationalAmountAt, nationalNotNegativeAt, nationalStatedAt } from './national-money.ts'
import { numberText } from './scalars.ts'
import type { Section } from './section.ts'

/** Names one amount goes by in different transactions and systems; the specification's own first. */
const NAMES = {
  total: ['medfee_sumamt', 'med_fee_sumamt'],
  ownPay: ['fulamt_ownpay_amt'],
  overLimit: ['overlmt_selfpay', 'overlmt_amt'],
  preSelfPay: ['preselfpay_amt', 'prese_ifpay_amt'],
  inScope: ['inscp_scp_amt', 'inscp_amt'],
  deductible: ['act_pay_dedc', 'crt_dedc'],
  fundTotal: ['fund_pay_sumamt'],
  personPart: ['psn_part_amt', 'psn_pay'],
  account: ['acct_pay'],
  cash: ['psn_cash_pay', 'cash_payamt', 'psn_cashpay', 'psnCash_pay', 'cashPayamt', 'pdn_cash_pay'],
  hospital: ['hosp_part_amt'],
  hospitalLocal: ['ownpay_hosp_part'],
  mutualAid: ['acct_mulaid_pay'],
  balance: ['balc'],
} as const

const FUND_NAMES: Readonly<Record<FundField, readonly string[]>> = {
  hifp_pay: ['hifp_pay'],
  cvlserv_pay: ['cvlserv_pay'],
  hifes_pay: ['hifes_pay'],
  hifmi_pay: ['hifmi_pay'],
  hifob_pay: ['hifob_pay'],
  hifdm_pay: ['hifdm_pay'],
  maf_pay: ['maf_pay'],
  oth_pay: ['oth_pay', 'othfund_pay'],
}

export const FUND_FIELDS = [
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'hifdm_pay',
  'maf_pay',
  'oth_pay',
] as const satisfies readonly FundField[]

/** The money of a setlinfo, every identity checked; fen. */
export interface NationalSums {
  readonly total: Fen
  readonly parts: Classification
  readonly funds: readonly { readonly field: FundField; readonly amount: Fen }[]
  readonly fundTotal: Fen
  readonly personPart: Fen
  readonly account: Fen
  readonly cash: Fen
  readonly hospitalShare: Fen
  readonly deductible: Fen | undefined
  readonly mutualAid: Fen | undefined
  readonly balance: Fen | undefined
}

/** Answers of 2208 and 2305: negative money, the flag of a reversal, or 2208's own name for cash. */
export function isReversal(section: Section): boolean {
  if (numberText(section.fields.get('refd_setl_flag')) === '1') return true
  if (section.fields.has('pdn_cash_pay')) return true
  // What is wrong with these amounts is reported when they are read for good.
  const trial = { ...section, findings: newFindings() }
  const fields = [...NAMES.total, ...NAMES.fundTotal, ...NAMES.account, ...NAMES.cash]
  return fields.some((field) => nationalAmountAt(trial, [field]) < 0)
}

/** Reads the money of a setlinfo and checks I1–I5. */
export function readNationalSums(section: Section, detail: NationalDetail): NationalSums {
  const at = (names: readonly string[]) => nationalNotNegativeAt(section, names)
  const total = at(NAMES.total)
  const parts = {
    ownPay: at(NAMES.ownPay),
    overLimit: at(NAMES.overLimit),
    preSelfPay: at(NAMES.preSelfPay),
    inScope: at(NAMES.inScope),
  }
  const funds = FUND_FIELDS.map((field) => ({ field, amount: at(FUND_NAMES[field]) }))
  const fundTotal = at(NAMES.fundTotal)
  const [account, cash] = [at(NAMES.account), at(NAMES.cash)]
  const person = { stated: at(NAMES.personPart), account, cash }
  const claimed = [at(NAMES.hospital), at(NAMES.hospitalLocal), detail.otherSum]
  const personPart = personPartOf(section, person, {
    total,
    fundTotal,
    ownPay: parts.ownPay,
    claimed,
  })
  const hospitalShare = hospitalShareOf(claimed, total - fundTotal - personPart)
  checkSums(section, detail, { total, parts, funds, fundTotal, personPart, hospitalShare })
  return {
    total,
    parts,
    funds,
    fundTotal,
    personPart,
    account,
    cash,
    hospitalShare,
    deductible: nationalStatedAt(section, NAMES.deductible),
    mutualAid: nationalStatedAt(section, NAMES.mutualAid),
    balance: section.fields.has('balc') ? nationalAmountAt(section, NAMES.balance) : undefined,
  }
}

/** I1, I2, I3 and I5. */
function checkSums(
  section: Section,
  detail: NationalDetail,
  sums: Pick<
    NationalSums,
    'total' | 'parts' | 'funds' | 'fundTotal' | 'personPart' | 'hospitalShare'
  >,
): void {
  const { total, parts, funds, fundTotal, personPart, hospitalShare } = sums
  const compare = comparing(section)
  const { ownPay, overLimit, preSelfPay, inScope } = parts
  const fundSum = funds.reduce((sum, { amount }) => sum + amount, 0)
  compare(
    'NATIONAL_COMPOSITION_DIFFERS',
    'medfee_sumamt',
    total,
    ownPay + overLimit + preSelfPay + inScope,
  )
  compare('NATIONAL_FUNDS_DIFFER', 'fund_pay_sumamt', fundTotal, fundSum)
  compare('NATIONAL_PAYERS_DIFFER', 'medfee_sumamt', total, fundTotal + personPart + hospitalShare)
  if (!isDetailComplete(detail, fundTotal, hospitalShare)) {
    compare('NATIONAL_DETAIL_DIFFERS', 'fund_pay_sumamt', fundTotal, detail.fundSum)
  }
}

/**
 * psn_part_amt, checked as account + cash (I4). Missing or zero it is account + cash; for a bill wholly own pay that
 * the platform left outside its settlement (everything zero) it is the bill. Either is noted.
 */
function personPartOf(
  section: Section,
  person: { readonly stated: Fen; readonly account: Fen; readonly cash: Fen },
  rest: {
    readonly total: Fen
    readonly fundTotal: Fen
    readonly ownPay: Fen
    readonly claimed: readonly Fen[]
  },
): Fen {
  const paid = person.account + person.cash
  if (person.stated !== 0 || !Number.isSafeInteger(paid)) {
    comparing(section)('NATIONAL_PERSON_DIFFERS', 'psn_part_amt', person.stated, paid)
    return person.stated
  }
  const isOutside =
    paid === 0 &&
    rest.fundTotal === 0 &&
    rest.claimed.every((amount) => amount === 0) &&
    rest.ownPay === rest.total
  const derived = isOutside ? rest.total : fen(paid)
  if (derived !== 0) {
    const from = isOutside ? 'fulamt_ownpay_amt' : 'acct_pay + psn_cash_pay'
    const details = { amount: formatYuan(derived), from }
    const where = placed(section.where, 'psn_part_amt')
    warn(section.findings, 'NATIONAL_PERSON_PART_DERIVED', where, details)
  }
  return derived
}

/** The first stated share that closes I2: hosp_part_amt, then ownpay_hosp_part, then the 9999xx rows. */
function hospitalShareOf(claimed: readonly Fen[], needed: number): Fen {
  const [first = fen(0)] = claimed
  return claimed.find((amount) => amount === needed) ?? first
}

/** I5: fund rows make the fund total; 9999xx rows beyond the hospital's share may be another fund. */
function isDetailComplete(detail: NationalDetail, fundTotal: Fen, hospitalShare: Fen): boolean {
  const { rows, fundSum, otherSum } = detail
  return rows === 0 || fundSum === fundTotal || fundSum + otherSum - hospitalShare === fundTotal
}

/** Refuses with both sides when they differ. */
export function comparing(section: Section) {
  return (code: ErrorCode, field: string, left: Fen, right: number): void => {
    if (left === right) return
    const shown = Math.max(-Number.MAX_SAFE_INTEGER, Math.min(right, Number.MAX_SAFE_INTEGER))
    const details = { field, left: formatYuan(left), right: formatYuan(fen(shown)) }
    refuse(section.findings, code, placed(section.where, field), details)
  }
}
