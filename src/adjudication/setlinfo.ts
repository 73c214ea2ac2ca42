import { assert } from '../assert.ts'
import { addFen, fen, formatYuan, ZERO_FEN, type Fen } from '../money/fen.ts'
import type { FactSheet } from '../rules/facts.ts'
import { WIRE_FIELDS, type PackKind, type WireField } from '../rules/kind.ts'
import type { Classification } from './bill.ts'
import type { SetlDetail, SetlInfo } from './settlement.ts'

export interface NationalPayer {
  readonly kind: PackKind
  readonly wire?: WireField | undefined
  readonly fundPayType?: string | undefined
  readonly amount: Fen
}

/** A settled bill as the national record sees it; fen. */
export interface NationalRecord {
  /** medfee_sumamt: what was charged, without a package adjustment. */
  readonly total: Fen
  /** The four parts of `total`, without what a package price added. */
  readonly classification: Classification
  /** Every payer, commercial ones too: without a fund field they count to the person's part. */
  readonly payers: readonly NationalPayer[]
  /** Above zero: a package price above the charges, which the hospital keeps. */
  readonly packageAdjustment: Fen
  /** What is left to the patient, before the account pays of it. */
  readonly patientTotal: Fen
  /** What the patient pays beside the account; below zero when the account has paid too much already. */
  readonly patientCash: Fen
  /** acct_pay, the mutual aid included. */
  readonly accountPaid: Fen
  readonly accountMutualAid?: Fen | undefined
  /** balc; absent: not known, null in the record. */
  readonly balanceAfter?: Fen | undefined
  /** act_pay_dedc */
  readonly deductible: Fen
  readonly visit: FactSheet
  readonly person: FactSheet
  readonly settlementId?: string | undefined
  readonly messageId?: string | undefined
  /** Fields of a given answer that stand as they came; what is computed here stands over them. */
  readonly carried?: SetlInfo
}

type FundField = Exclude<WireField, 'hosp_part_amt'>

const FUND_FIELDS = WIRE_FIELDS.filter((field): field is FundField => field !== 'hosp_part_amt')

/** National code of each fund where its payer names none. */
const FUND_PAY_TYPE: Readonly<Record<FundField, string>> = {
  hifp_pay: '310100',
  cvlserv_pay: '320100',
  hifes_pay: '370100',
  hifmi_pay: '390200',
  hifob_pay: '330100',
  hifdm_pay: '350100',
  maf_pay: '610100',
  oth_pay: '999997',
}

const RESIDENTS = '390'
const RESIDENTS_POOL = '390100'
const EMPLOYEES_ACCOUNT = '310200'
const RESIDENTS_ACCOUNT = '390500'
const HOSPITAL_SHARE = '999996'
const SEX_CODES: ReadonlyMap<unknown, string> = new Map([
  ['unknown', '0'],
  ['male', '1'],
  ['female', '2'],
])

/**
 * The national setlinfo of a settled bill: yuan with two places, null where nothing is known. Throws
 * `InvariantError` unless composition, payers, funds and person add up (I1–I4).
 */
export function writeSetlInfo(record: NationalRecord): SetlInfo {
  if (record.carried !== undefined) return writeInfo({ ...record.carried }, record)
  const stated = statedOf(record)
  const blank = blanks.get(stated)
  if (blank !== undefined) return writeInfo({ ...blank }, record)
  const info = writeInfo({}, record)
  blanks.set(stated, blankOf(info))
  return info
}

type OpenInfo = Record<string, string | null>

/**
 * Records that say nothing yet, by what of the identity is stated. To copy one and write into it is a third of the work and of
 * the memory of adding some thirty fields to an empty object, which moves them a dozen times.
 */
const blanks = new Map<number, SetlInfo>()

function blankOf(info: SetlInfo): SetlInfo {
  const blank: OpenInfo = { ...info }
  for (const field of Object.keys(blank)) blank[field] = null
  return blank
}

/** A bit for each field that `writeIdentity` writes. */
function statedOf({ visit, person, settlementId, messageId }: NationalRecord): number {
  return (
    (visit['id'] === undefined ? 0 : 1) |
    (settlementId === undefined ? 0 : 2) |
    (messageId === undefined ? 0 : 4) |
    (visit['medType'] === undefined ? 0 : 8) |
    (person['id'] === undefined ? 0 : 16) |
    (person['insutype'] === undefined ? 0 : 32) |
    (person['psnType'] === undefined ? 0 : 64) |
    (person['age'] === undefined ? 0 : 128) |
    (SEX_CODES.has(person['sex']) ? 256 : 0)
  )
}

function writeInfo(info: OpenInfo, record: NationalRecord): SetlInfo {
  const { total, classification, accountPaid, payers } = record
  const { ownPay, overLimit, preSelfPay, inScope } = classification
  assert(
    total === addFen(addFen(addFen(ownPay, overLimit), preSelfPay), inScope),
    'the four parts of a settlement make up its total (I1)',
  )
  const { fundTotal, hospital, person, cash } = sharesOf(record)
  assert(
    total === addFen(addFen(fundTotal, person), hospital),
    'funds, person and hospital make up the total (I2)',
  )
  assert(person === addFen(accountPaid, cash), 'account and cash make up the person’s part (I4)')
  writeIdentity(info, record)
  info['medfee_sumamt'] = formatYuan(total)
  info['fulamt_ownpay_amt'] = formatYuan(ownPay)
  info['overlmt_selfpay'] = formatYuan(overLimit)
  info['preselfpay_amt'] = formatYuan(preSelfPay)
  info['inscp_scp_amt'] = formatYuan(inScope)
  info['act_pay_dedc'] = formatYuan(record.deductible)
  const funds = writeFunds(info, payers)
  assert(fundTotal === funds, 'the funds make up the fund total (I3)')
  info['fund_pay_sumamt'] = formatYuan(fundTotal)
  info['psn_part_amt'] = formatYuan(person)
  info['acct_pay'] = formatYuan(accountPaid)
  info['psn_cash_pay'] = formatYuan(cash)
  info['hosp_part_amt'] = formatYuan(hospital)
  info['balc'] = record.balanceAfter === undefined ? null : formatYuan(record.balanceAfter)
  info['acct_mulaid_pay'] = formatYuan(record.accountMutualAid ?? ZERO_FEN)
  return info
}

/** Writes what each fund pays; gives the sum of what was written. */
function writeFunds(info: OpenInfo, payers: readonly NationalPayer[]): Fen {
  let written = ZERO_FEN
  for (const field of FUND_FIELDS) {
    let fund = ZERO_FEN
    for (const { kind, wire, amount } of payers) {
      if (wire === field && kind !== 'hospital') fund = addFen(fund, amount)
    }
    info[field] = formatYuan(fund)
    written = addFen(written, fund)
  }
  return written
}

/**
 * The rows of setldetail: one a fund code, then the hospital's share and the account; nothing for amounts of zero,
 * never cash. Each row repeats the in-scope amount of the bill.
 */
export function writeSetlDetail(record: NationalRecord): readonly SetlDetail[] {
  const { payers, person } = record
  const isResident = person['insutype'] === RESIDENTS
  const account = isResident ? RESIDENTS_ACCOUNT : EMPLOYEES_ACCOUNT
  const { hospital } = sharesOf(record)
  const inScope = formatYuan(record.classification.inScope)
  const details: SetlDetail[] = []
  for (let place = 0; place < payers.length + 2; place += 1) {
    const type = typeAt(payers, place, isResident, account)
    if (type === undefined || isNamedBefore(payers, place, isResident, type)) continue
    let amount = ZERO_FEN
    for (const payer of payers) {
      if (detailType(payer, isResident) === type) amount = addFen(amount, payer.amount)
    }
    if (type === HOSPITAL_SHARE) amount = addFen(amount, hospital)
    if (type === account) amount = addFen(amount, record.accountPaid)
    if (amount === 0) continue
    details.push({
      fund_pay_type: type,
      fund_payamt: formatYuan(amount),
      inscp_scp_amt: inScope,
    })
  }
  return details
}

/** Code at a place of the details: of each payer, then of the hospital, then of the account. */
function typeAt(
  payers: readonly NationalPayer[],
  place: number,
  isResident: boolean,
  account: string,
): string | undefined {
  const payer = payers[place]
  if (payer !== undefined) return detailType(payer, isResident)
  return place === payers.length ? HOSPITAL_SHARE : account
}

function isNamedBefore(
  payers: readonly NationalPayer[],
  place: number,
  isResident: boolean,
  type: string,
): boolean {
  for (let index = 0; index < place && index < payers.length; index += 1) {
    const payer = payers[index]
    if (payer !== undefined && detailType(payer, isResident) === type) return true
  }
  return false
}

/** Fund code of a payer; undefined: it is no fund of the national record. */
function detailType(
  { kind, wire, fundPayType }: NationalPayer,
  isResident: boolean,
): string | undefined {
  if (wire === undefined || wire === 'hosp_part_amt' || kind === 'hospital') return undefined
  if (fundPayType !== undefined) return fundPayType
  return isResident && wire === 'hifp_pay' ? RESIDENTS_POOL : FUND_PAY_TYPE[wire]
}

interface Shares {
  readonly fundTotal: Fen
  /** hosp_part_amt; below zero where a package price leaves the hospital more than it charged. */
  readonly hospital: Fen
  /** psn_part_amt: the patient, and what payers outside the national record paid for the patient. */
  readonly person: Fen
  /** psn_cash_pay: the person's part that no account paid. */
  readonly cash: Fen
}

function sharesOf({
  payers,
  packageAdjustment,
  patientTotal,
  patientCash,
}: NationalRecord): Shares {
  let hospital = fen(-Math.max(0, packageAdjustment))
  let person = patientTotal
  let cash = patientCash
  let fundTotal = ZERO_FEN
  for (const { kind, wire, amount } of payers) {
    if (kind === 'hospital' || wire === 'hosp_part_amt') hospital = addFen(hospital, amount)
    else if (wire === undefined) {
      person = addFen(person, amount)
      cash = addFen(cash, amount)
    } else fundTotal = addFen(fundTotal, amount)
  }
  return { fundTotal, hospital, person, cash }
}

/** Whose settlement it is; facts the bill does not state stay as carried, or absent. */
function writeIdentity(
  info: Record<string, string | null>,
  { visit, person, settlementId, messageId }: NationalRecord,
): void {
  const gender = SEX_CODES.get(person['sex'])
  if (visit['id'] !== undefined) info['mdtrt_id'] = String(visit['id'])
  if (settlementId !== undefined) info['setl_id'] = settlementId
  if (messageId !== undefined) info['medins_setl_id'] = messageId
  if (visit['medType'] !== undefined) info['med_type'] = String(visit['medType'])
  if (person['id'] !== undefined) info['psn_no'] = String(person['id'])
  if (person['insutype'] !== undefined) info['insutype'] = String(person['insutype'])
  if (person['psnType'] !== undefined) info['psn_type'] = String(person['psnType'])
  if (person['age'] !== undefined) info['age'] = String(person['age'])
  if (gender !== undefined) info['gend'] = gender
}
