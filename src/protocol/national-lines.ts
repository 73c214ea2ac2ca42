import type { Classification } from '../adjudication/bill.ts'
import { checkPriceTimesQuantity } from '../catalog/price-quantity.ts'
import { fen, formatYuan, type Fen } from '../money/fen.ts'
import { applyRate, parseRate } from '../money/rate.ts'
import { placed, refuse, refuseAll, warn, type Findings } from './findings.ts'
import { LIMITS } from './limits.ts'
import { nationalAmountAt, openNational } from './national-money.ts'
import * as read from './scalars.ts'
import { isObject, placeOf, refuseField, type Section } from './section.ts'

/** One row of a 2204 or 2301 answer: the platform's cut of a fee line. */
export interface NationalLine {
  /** feedetl_sn */
  readonly id: string
  /** Below zero on a refund line, and then every part ≤ 0. */
  readonly amount: Fen
  readonly classification: Classification
  readonly chargeType: string | undefined
  readonly chargeLevel: 'A' | 'B' | 'C' | undefined
}

const CHARGE_LEVELS: Readonly<Record<string, 'A' | 'B' | 'C'>> = {
  '01': 'A',
  '02': 'B',
  '03': 'C',
  '1': 'A',
  '2': 'B',
  '3': 'C',
}

/** Reads the rows and checks I6 on each. */
export function readNationalLines(
  rows: readonly unknown[],
  where: string,
  findings: Findings,
): readonly NationalLine[] {
  if (rows.length > LIMITS.lines) {
    const details = { count: rows.length, max: LIMITS.lines }
    refuse(findings, 'BILL_LINES_TOO_MANY', where, details)
    return []
  }
  const seen = new Set<string>()
  return rows.flatMap((row, index) => {
    const place = placed(where, `[${index}]`)
    if (!isObject(row)) {
      refuse(findings, 'FIELD_NOT_OBJECT', place)
      return []
    }
    const line = readNationalLine(openNational(row, place, findings))
    if (line === undefined) return []
    if (seen.has(line.id)) {
      refuse(findings, 'LINE_ID_REPEATED', placed(place, 'feedetl_sn'), { line: line.id })
    }
    seen.add(line.id)
    return line
  })
}

function readNationalLine(section: Section): NationalLine | undefined {
  const id = read.codeAt(section, 'feedetl_sn')
  if (id === undefined) {
    if (!section.fields.has('feedetl_sn')) {
      refuseField(section, 'feedetl_sn', 'FIELD_MISSING', { key: 'feedetl_sn' })
    }
    return undefined
  }
  const amount = nationalAmountAt(section, ['det_item_fee_sumamt'])
  const classification: Classification = {
    ownPay: nationalAmountAt(section, ['fulamt_ownpay_amt']),
    overLimit: nationalAmountAt(section, ['overlmt_amt', 'overlmt_selfpay']),
    preSelfPay: nationalAmountAt(section, ['preselfpay_amt', 'prese_ifpay_amt']),
    inScope: nationalAmountAt(section, ['inscp_scp_amt', 'inscp_amt']),
  }
  checkParts(section, id, amount, classification)
  checkPrice(section, id, amount)
  checkSelfPay(section, id, amount, classification)
  const level = read.codeAt(section, 'chrgitm_lv') ?? ''
  return {
    id,
    amount,
    classification,
    chargeType: read.codeAt(section, 'med_chrgitm_type'),
    chargeLevel: Object.hasOwn(CHARGE_LEVELS, level) ? CHARGE_LEVELS[level] : undefined,
  }
}

/** The parts have the sign of the line and add up to it. */
function checkParts(section: Section, line: string, amount: Fen, parts: Classification): void {
  let rest: number = amount
  for (const [field, part] of Object.entries<Fen>({ ...parts })) {
    if (part * amount < 0 || Math.abs(part) > Math.abs(amount)) {
      refuseDifference(section, line, field, part, amount)
      return
    }
    rest -= part
  }
  if (rest !== 0 && Number.isSafeInteger(amount - rest)) {
    refuseDifference(section, line, 'det_item_fee_sumamt', amount, fen(amount - rest))
  } else if (rest !== 0) refuseField(section, 'det_item_fee_sumamt', 'BILL_TOTAL_OUT_OF_RANGE')
}

function checkPrice(section: Section, line: string, amount: Fen): void {
  const price = read.scaledNumber(section.fields.get('pric'), 6)
  const quantity = read.scaledNumber(section.fields.get('cnt'), 4)
  if (price === undefined || quantity === undefined) return
  const compared = checkPriceTimesQuantity(price, quantity, amount)
  if (!compared.ok) refuseAll(section.findings, compared.problems, section.where)
  else if (compared.value === 'oneFenOff') {
    const where = placeOf(section, 'det_item_fee_sumamt')
    warn(section.findings, 'LINE_PRICE_ONE_FEN_OFF', where, { line, amount: formatYuan(amount) })
  }
}

/**
 * First self-pay is the proportion of what is covered below the ceiling, rounded half away from zero; of the whole
 * below the ceiling on some platforms. One fen off is noted, more refused.
 */
function checkSelfPay(section: Section, line: string, amount: Fen, parts: Classification): void {
  const text = read.numberText(section.fields.get('selfpay_prop'))
  const proportion = text === undefined ? undefined : parseRate(text)
  if (proportion?.ok !== true) return
  const { num, den } = proportion.value
  if (num > den) return
  const expected = [amount - parts.overLimit - parts.ownPay, amount - parts.overLimit].map(
    (base) =>
      Number.isSafeInteger(base) ? Math.sign(base) * applyRate(Math.abs(base), { num, den }) : 0,
  )
  const [nearest = 0] = expected.toSorted(
    (left, right) => Math.abs(left - parts.preSelfPay) - Math.abs(right - parts.preSelfPay),
  )
  const apart = Math.abs(nearest - parts.preSelfPay)
  if (apart === 0) return
  const left = formatYuan(parts.preSelfPay)
  const details = { line, field: 'preselfpay_amt', left, right: formatYuan(fen(nearest)) }
  const note = apart === 1 ? warn : refuse
  note(section.findings, 'NATIONAL_LINE_DIFFERS', placeOf(section, 'preselfpay_amt'), details)
}

function refuseDifference(section: Section, line: string, field: string, left: Fen, right: Fen) {
  const details = { line, field, left: formatYuan(left), right: formatYuan(right) }
  refuseField(section, 'det_item_fee_sumamt', 'NATIONAL_LINE_DIFFERS', details)
}
