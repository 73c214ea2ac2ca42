import type { BillLine, Classification } from '../adjudication/bill.ts'
import { checkClassification } from '../catalog/check-classification.ts'
import { checkPriceTimesQuantity } from '../catalog/price-quantity.ts'
import { fen, formatYuan, subtractFen, ZERO_FEN, type Fen } from '../money/fen.ts'
import { CATEGORIES, type Category } from '../rules/category.ts'
import { factShape, readFacts, type Facts } from './fact-sections.ts'
import type { NationalLine } from './national-lines.ts'
import { placed, quoted, refuse, refuseAll, warn, type Findings } from './findings.ts'
import * as read from './scalars.ts'
import { openSection, placeOf, refuseField, shape, words, type Section } from './section.ts'
import { stated } from './stated.ts'

export const PARTS = ['ownPay', 'overLimit', 'preSelfPay', 'inScope'] as const
export type Part = (typeof PARTS)[number]

/** What a line takes from its bill. */
export interface LineContext {
  readonly visitId: string | undefined
  readonly personId: string | undefined
  /** Date of a line that states none. */
  readonly startDay: number | undefined
  readonly supplement: boolean
  /** The platform's cut of the lines, by feedetl_sn. */
  readonly national: ReadonlyMap<string, NationalLine>
  readonly findings: Findings
}

/** Fields of 2204 and 2301 that neither the money nor a fact depends on. */
export const IGNORED = [
  ...words(
    'chrg_bchno dise_codg rxno rx_circ_flag drord_no med_type bilg_dept_codg medins_list_codg',
  ),
  ...words('sin_dos_dscr used_frqu_dscr prd_days medc_way_dscr memo bilg_dr_codg bilg_dr_name'),
  ...words(
    'acord_dept_codg acord_dept_name orders_dr_code orders_dr_name tcmdrug_used_way etip_flag',
  ),
  ...words('etip_hosp_code dscg_tkdrug_flag matn_fee_flag exp_content bas_medn_flag'),
  ...words('hi_nego_drug_flag chld_medc_flag list_sp_item_flag lmt_used_flag drt_reim_flag'),
  ...words('pric_uplmt_amt selfpay_prop'),
]

const OTHERS = ['refundOf', 'quantity', 'restrictionMet', 'classification', 'cells', ...PARTS]
const VISIT_KEYS = ['mdtrt_id', 'psn_no', 'hosp_appr_flag']
const LINE_SHAPE = factShape('line', [...OTHERS, ...VISIT_KEYS], IGNORED)
const CLASSIFICATION_SHAPE = shape(PARTS, {
  aliases: new Map([
    ['fulamt_ownpay_amt', 'ownPay'],
    ['overlmt_amt', 'overLimit'],
    ['overlmt_selfpay', 'overLimit'],
    ['preselfpay_amt', 'preSelfPay'],
    ['inscp_scp_amt', 'inScope'],
  ]),
})
const CELLS_SHAPE = shape(CATEGORIES)
const READ_APART: ReadonlySet<string> = new Set(['id', 'amount', 'unitPrice', 'date'])

/** A line as it was written, its classification possibly still to come from the platform's answer. */
export interface ReadLine {
  readonly line: BillLine
  readonly where: string
}

/** Reads the line at `index`; undefined after adding problems when it has no id, amount or date. */
export function readLine(
  value: unknown,
  index: number,
  context: LineContext,
): ReadLine | undefined {
  const { findings } = context
  const where = `lines[${index}]`
  const section = openSection(value, where, LINE_SHAPE, findings)
  const id = section.fields.has('id') ? read.codeAt(section, 'id') : String(index + 1)
  const row = context.national.get(id ?? '')
  const { own, parts, cells, amount } = readAmounts(section, id ?? '', row, context)
  const day = readLineDay(section, id ?? '', context)
  const facts = readFacts(section, 'line', READ_APART)
  if (row !== undefined) addNationalFacts(facts, row)
  const quantity = read.scaledAt(section, 'quantity', 4)
  const unitPrice = readUnitPrice(section, facts)
  const refundOf = read.codeAt(section, 'refundOf')
  const restrictionMet = readRestriction(section)
  if (id === undefined || amount === undefined || day === undefined) return undefined
  const classification =
    parts === undefined ? undefined : checkedParts(amount, parts, where, findings)
  if (row !== undefined) checkAgainst(row, section, amount, own)
  checkQuantity(section, id, amount, quantity, unitPrice)
  checkCells(section, id, amount, cells)
  Object.assign(facts, { id, amount, date: day })
  const line: BillLine = stated({
    id,
    refundOf,
    amount,
    day,
    quantity,
    unitPrice,
    classification,
    restrictionMet,
    cells,
    facts,
  })
  return { line, where }
}

interface LineAmounts {
  /** The parts the bill states itself. */
  readonly own: Classification | undefined
  /** Those, or else the platform's. */
  readonly parts: Classification | undefined
  readonly cells: Cells | undefined
  /** As stated, or else the sum of the parts or cells. */
  readonly amount: Fen | undefined
}

function readAmounts(
  section: Section,
  line: string,
  row: NationalLine | undefined,
  context: LineContext,
): LineAmounts {
  const own = readParts(section, context.findings)
  const parts = own ?? row?.classification
  const cells = section.fields.has('cells') ? readCells(section) : undefined
  checkForm(section, line, parts, context)
  if (section.fields.has('amount')) {
    return { own, parts, cells, amount: read.moneyAt(section, 'amount') }
  }
  const summed = parts ?? cells
  if (summed === undefined) refuseField(section, 'amount', 'LINE_AMOUNT_MISSING', { line })
  const amount = sumOf(summed, placeOf(section, 'amount'), context.findings)
  return { own, parts, cells, amount }
}

function readLineDay(section: Section, line: string, { startDay }: LineContext) {
  if (section.fields.has('date')) return read.dayAt(section, 'date')
  if (startDay === undefined) refuseField(section, 'date', 'LINE_DATE_MISSING', { line })
  return startDay
}

/** What the platform says of a line beside its cut, where the bill does not say it. */
function addNationalFacts(facts: Facts, { chargeType, chargeLevel }: NationalLine): void {
  if (chargeType !== undefined) facts['chargeType'] ??= chargeType
  if (chargeLevel !== undefined) facts['chargeLevel'] ??= chargeLevel
}

/** What the bill states of a line is what the platform cut. */
function checkAgainst(
  row: NationalLine,
  section: Section,
  amount: Fen,
  own: Classification | undefined,
): void {
  const pairs = [
    ['amount', amount, row.amount] as const,
    ...PARTS.map((part) => [part, own?.[part], row.classification[part]] as const),
  ]
  for (const [field, left, right] of pairs) {
    if (left === undefined || left === right) continue
    const details = { line: row.id, field, left: formatYuan(left), right: formatYuan(right) }
    refuseField(section, field, 'NATIONAL_LINE_DIFFERS', details)
  }
}

/** Where a line says whose it is, it must be this visit and this person. */
function checkForm(
  section: Section,
  line: string,
  parts: Classification | undefined,
  { visitId, personId, supplement }: LineContext,
): void {
  const own = [['mdtrt_id', visitId] as const, ['psn_no', personId] as const]
  for (const [key, expected] of own) {
    const text = read.codeAt(section, key)
    if (text === undefined || text === expected) continue
    refuseField(section, key, 'LINE_OTHER_VISIT', { line, key, text: quoted(text) })
  }
  const hasCells = section.fields.has('cells')
  if (hasCells && parts !== undefined) {
    refuseField(section, 'cells', 'LINE_CLASSIFICATION_AND_CELLS', { line })
  } else if (hasCells && !supplement) {
    refuseField(section, 'cells', 'LINE_CELLS_WITHOUT_SUPPLEMENT', { line })
  } else if (!hasCells && supplement) {
    refuseField(section, 'cells', 'LINE_CELLS_MISSING', { line })
  }
}

/** The four parts, from `classification` or standing in the line itself; a part not stated is zero. */
function readParts(section: Section, findings: Findings): Classification | undefined {
  const short = PARTS.filter((part) => section.fields.has(part))
  const whole = section.fields.get('classification')
  if (whole === undefined) return short.length === 0 ? undefined : partsOf(section)
  const [first] = short
  if (first !== undefined) {
    refuseField(section, first, 'FIELD_STATED_TWICE', { key: first, other: 'classification' })
  }
  return partsOf(
    openSection(whole, placeOf(section, 'classification'), CLASSIFICATION_SHAPE, findings),
  )
}

function partsOf(section: Section): Classification {
  return {
    ownPay: read.moneyAt(section, 'ownPay') ?? ZERO_FEN,
    overLimit: read.moneyAt(section, 'overLimit') ?? ZERO_FEN,
    preSelfPay: read.moneyAt(section, 'preSelfPay') ?? ZERO_FEN,
    inScope: read.moneyAt(section, 'inScope') ?? ZERO_FEN,
  }
}

/** The parts when they have the sign of the line and add up to it; a refund's parts are all ≤ 0. */
function checkedParts(
  amount: Fen,
  parts: Classification,
  where: string,
  findings: Findings,
): Classification | undefined {
  const checked = checkClassification(
    amount < 0 ? negated(amount) : amount,
    amount < 0 ? negatedParts(parts) : parts,
  )
  if (checked.ok) return parts
  refuseAll(findings, checked.problems, placed(where, 'classification'))
  return undefined
}

export function negated(amount: Fen): Fen {
  return subtractFen(ZERO_FEN, amount)
}

export function negatedParts(parts: Classification): Classification {
  return {
    ownPay: negated(parts.ownPay),
    overLimit: negated(parts.overLimit),
    preSelfPay: negated(parts.preSelfPay),
    inScope: negated(parts.inScope),
  }
}

type Cells = Readonly<Partial<Record<Category, Fen>>>

function readCells(section: Section): Cells {
  const inner = openSection(
    section.fields.get('cells'),
    placeOf(section, 'cells'),
    CELLS_SHAPE,
    section.findings,
  )
  const cells: Partial<Record<Category, Fen>> = {}
  for (const category of CATEGORIES) {
    const amount = read.moneyNotNegativeAt(inner, category)
    if (amount !== undefined) cells[category] = amount
  }
  return cells
}

function checkCells(section: Section, line: string, amount: Fen, cells: Cells | undefined): void {
  if (cells === undefined) return
  let rest: number = amount
  for (const cell of Object.values(cells)) rest -= cell
  if (rest >= 0) return
  refuseField(section, 'cells', 'LINE_CELLS_EXCEED', { line, amount: formatYuan(amount) })
}

/** Sum of stated amounts; undefined when there are none or, after a problem, when it is out of range. */
function sumOf(
  amounts: Classification | Cells | undefined,
  where: string,
  findings: Findings,
): Fen | undefined {
  if (amounts === undefined) return undefined
  const cells: Cells = amounts
  let sum = 0
  for (const amount of CATEGORIES.map((category) => cells[category] ?? 0)) sum += amount
  if (Number.isSafeInteger(sum)) return fen(sum)
  refuse(findings, 'AMOUNT_OUT_OF_RANGE', where, { text: String(sum) })
  return undefined
}

/** Millionths of a yuan. It is also a fact where it is whole fen: nothing is rounded to make it one. */
function readUnitPrice(section: Section, facts: Facts): number | undefined {
  const price = read.scaledAt(section, 'unitPrice', 6)
  if (price === undefined) return undefined
  if (price < 0) {
    const text = quoted(section.fields.get('unitPrice'))
    refuseField(section, 'unitPrice', 'FACT_NEGATIVE', { text })
    return undefined
  }
  if (price % MICROYUAN_PER_FEN === 0) facts['unitPrice'] = price / MICROYUAN_PER_FEN
  return price
}

export const MICROYUAN_PER_FEN = 10_000

function checkQuantity(
  section: Section,
  line: string,
  amount: Fen,
  quantity: number | undefined,
  unitPrice: number | undefined,
): void {
  if (quantity === undefined) return
  if (quantity * amount < 0 || (quantity === 0 && amount !== 0)) {
    refuseField(section, 'quantity', 'LINE_QUANTITY_SIGN', { line })
    return
  }
  if (unitPrice === undefined) return
  const compared = checkPriceTimesQuantity(unitPrice, quantity, amount)
  if (!compared.ok) refuseAll(section.findings, compared.problems, section.where)
  else if (compared.value === 'oneFenOff') {
    const details = { line, amount: formatYuan(amount) }
    warn(section.findings, 'LINE_PRICE_ONE_FEN_OFF', placeOf(section, 'amount'), details)
  }
}

/** `hosp_appr_flag` "1" approved, "2" refused; "0" needs no approval and says nothing. */
function readRestriction(section: Section): boolean | undefined {
  const approval = read.codeAt(section, 'hosp_appr_flag')
  const met = read.booleanAt(section, 'restrictionMet')
  if (approval === undefined || approval === '0') return met
  if (approval !== '1' && approval !== '2') {
    const details = { text: quoted(approval), values: '0, 1, 2' }
    refuseField(section, 'hosp_appr_flag', 'FACT_NOT_ALLOWED', details)
    return met
  }
  return met ?? approval === '1'
}
