import { classifyLine } from '../catalog/classify-line.ts'
import type { ClassificationContext, LineToClassify } from '../catalog/classification.ts'
import { cutPlainly, type KindTerms, type TermsBook } from '../catalog/item-terms.ts'
import { civilDate } from '../catalog/epoch-day.ts'
import type { CatalogEntry } from '../catalog/entry.ts'
import { problem } from '../errors/problem.ts'
import { fen, sumFen } from '../money/fen.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { Bill, BillLine, Classification } from './bill.ts'
import type { RefundStep } from './explanation.ts'
import type { InForce } from './in-force.ts'
import { SettleRefused } from './refusal.ts'
import { WorkLine } from './split-state.ts'

export interface OpenedBill {
  readonly lines: readonly WorkLine[]
  readonly refunds: readonly RefundStep[]
}

const NO_REFUNDS: readonly RefundStep[] = []

/** Nets refund lines into their originals and classifies every line. */
export function openBill(
  bill: Bill,
  person: FactSheet,
  inForce: InForce,
  terms: TermsBook | undefined,
): OpenedBill {
  const refunds = refundsOf(bill.lines)
  const classifier = new LineClassifier(bill, person, inForce, terms)
  if (refunds === undefined) {
    const lines = bill.lines.map((line, index) => openLine(line, index, bill, classifier))
    return { lines, refunds: NO_REFUNDS }
  }
  const steps: RefundStep[] = []
  const lines: WorkLine[] = []
  for (const line of bill.lines) {
    if (line.refundOf !== undefined) continue
    const own = refunds.get(line.id)
    const netted = own === undefined ? line : netLine(line, own, steps)
    lines.push(openLine(netted, lines.length, bill, classifier))
  }
  return { lines, refunds: steps }
}

/** Refund lines by the line they take back; undefined without any. */
function refundsOf(lines: readonly BillLine[]): ReadonlyMap<string, BillLine[]> | undefined {
  let refunds: Map<string, BillLine[]> | undefined
  for (const line of lines) {
    if (line.refundOf === undefined) continue
    refunds ??= new Map()
    const list = refunds.get(line.refundOf)
    if (list === undefined) refunds.set(line.refundOf, [line])
    else list.push(line)
  }
  return refunds
}

function netLine(line: BillLine, refunds: readonly BillLine[], steps: RefundStep[]): BillLine {
  let { amount, quantity, classification } = line
  for (const refund of refunds) {
    amount = fen(amount + refund.amount)
    if (amount < 0) {
      throw new SettleRefused(
        problem('BILL_LINE_REFUNDED_BELOW_ZERO', `lines.${line.id}`, { line: line.id }),
      )
    }
    if (quantity !== undefined) quantity += refund.quantity ?? 0
    classification = netParts(classification, refund)
    steps.push({
      step: 'refund',
      refundId: refund.id,
      originalId: line.id,
      amount: 0 - refund.amount,
      left: amount,
    })
  }
  return {
    ...line,
    amount,
    facts: { ...line.facts, amount },
    ...(quantity !== undefined && { quantity }),
    ...(classification !== undefined && { classification }),
  }
}

function netParts(parts: Classification | undefined, refund: BillLine): Classification | undefined {
  const back = refund.classification
  if (parts === undefined || back === undefined) return parts
  return {
    ownPay: fen(parts.ownPay + back.ownPay),
    overLimit: fen(parts.overLimit + back.overLimit),
    preSelfPay: fen(parts.preSelfPay + back.preSelfPay),
    inScope: fen(parts.inScope + back.inScope),
  }
}

function openLine(line: BillLine, index: number, bill: Bill, classifier: LineClassifier): WorkLine {
  if (bill.supplement !== undefined) {
    return new WorkLine(index, line, supplementParts(line), 'supplement', undefined)
  }
  if (line.classification !== undefined) {
    return new WorkLine(index, line, line.classification, 'bill', undefined)
  }
  return classifier.open(line, index)
}

/** What the id of a line begins with that a package price has added. */
export const PACKAGE_LINE_ID = 'package:'

/** The line a package price above cost adds: all in scope, dated with the settlement. */
export function packageLine(
  bill: Bill,
  index: number,
  {
    id,
    name,
    amount: adjustment,
  }: { readonly id: string; readonly name: string; readonly amount: number },
): WorkLine {
  const [amount, zero] = [fen(adjustment), fen(0)]
  const lineId = PACKAGE_LINE_ID + id
  const facts: FactSheet = { id: lineId, name, amount, date: bill.settlementDay, tags: [] }
  const line: BillLine = { id: lineId, amount, day: bill.settlementDay, facts }
  const parts = { ownPay: zero, overLimit: zero, preSelfPay: zero, inScope: amount }
  return new WorkLine(index, line, parts, 'package', undefined)
}

/** A supplement's line costs what is still the patient's; in-scope cells of any name are in scope. */
function supplementParts(line: BillLine): Classification {
  const cells = line.cells ?? {}
  return {
    ownPay: fen(cells.ownPay ?? 0),
    overLimit: fen(cells.overLimit ?? 0),
    preSelfPay: fen(cells.preSelfPay ?? 0),
    inScope: sumFen([
      fen(cells.inScope ?? 0),
      fen(cells.deductible ?? 0),
      fen(cells.coinsurance ?? 0),
      fen(cells.overCap ?? 0),
    ]),
  }
}

const NOTHING_USED = { day: 0, month: 0 } as const

/** Classifies the lines of one bill by the catalogue, keeping count of quantities that are limited by day or month. */
class LineClassifier {
  readonly #terms: KindTerms | undefined
  readonly #context: ClassificationContext
  /** Undefined while no item with such a limit was met. */
  #quantities: Map<string, QuantitiesUsed> | undefined
  /** One for all lines; nothing that comes of a line keeps it. */
  readonly #asked: { -readonly [K in keyof LineToClassify]: LineToClassify[K] } = {
    code: '',
    amount: fen(0),
    quantity: undefined,
    restrictionMet: undefined,
  }

  constructor(bill: Bill, person: FactSheet, inForce: InForce, terms: TermsBook | undefined) {
    const level = bill.hospital['priceLevel'] ?? bill.hospital['level']
    this.#context = {
      hospitalLevel: level === 1 || level === 2 ? level : 3,
      personType: text(person['psnType'] ?? person['insutype']),
      visitType: text(bill.visit['kind']),
      unmatched: inForce.profile.unmatchedLines,
      quantityUsed: NOTHING_USED,
    }
    this.#terms = terms?.of(text(bill.hospital['region'] ?? person['region']), this.#context)
  }

  open(line: BillLine, index: number): WorkLine {
    const code = text(line.facts['code'])
    if (this.#terms === undefined || code === '') {
      throw new SettleRefused(problem('LINE_NOT_CLASSIFIED', `lines.${line.id}`, { line: line.id }))
    }
    const terms = this.#terms.find(code, line.day)
    if (terms !== undefined && line.restrictionMet !== false) {
      const parts = cutPlainly(terms, line.amount)
      if (parts !== undefined) {
        return new WorkLine(index, line, parts, 'catalog', terms.chargeLevel)
      }
    }
    return this.#openCarefully(line, index, code, terms?.entry)
  }

  #openCarefully(
    line: BillLine,
    index: number,
    code: string,
    entry: CatalogEntry | undefined,
  ): WorkLine {
    const limited = entry !== undefined && entry.quantityLimits.length > 0
    const { quantity } = line
    const asked = this.#asked
    asked.code = code
    asked.amount = line.amount
    asked.quantity = quantity
    asked.restrictionMet = line.restrictionMet
    const result = classifyLine(
      asked,
      entry,
      limited ? { ...this.#context, quantityUsed: this.#used(code, line.day) } : this.#context,
    )
    if (!result.ok) {
      throw new SettleRefused(
        ...result.problems.map((item) => ({ ...item, where: `lines.${line.id}.${item.where}` })),
      )
    }
    const parts = result.value
    if (limited && parts.steps.cut === 'parts') {
      this.#use(code, line.day, parts.steps.quantityLimit?.allowed ?? quantity ?? 0)
    }
    const by = entry === undefined ? 'unmatched' : 'catalog'
    return new WorkLine(index, line, parts, by, entry?.chargeLevel)
  }

  #used(code: string, day: number): { readonly day: number; readonly month: number } {
    const used = this.#quantities?.get(code)
    if (used === undefined) return NOTHING_USED
    return { day: used.days.get(day) ?? 0, month: used.months.get(monthNumber(day)) ?? 0 }
  }

  #use(code: string, day: number, quantity: number): void {
    this.#quantities ??= new Map()
    let used = this.#quantities.get(code)
    if (used === undefined)
      this.#quantities.set(code, (used = { days: new Map(), months: new Map() }))
    const month = monthNumber(day)
    used.days.set(day, (used.days.get(day) ?? 0) + quantity)
    used.months.set(month, (used.months.get(month) ?? 0) + quantity)
  }
}

/** Quantities of one item covered so far. */
interface QuantitiesUsed {
  readonly days: Map<number, number>
  readonly months: Map<number, number>
}

function monthNumber(day: number): number {
  const { year, month } = civilDate(day)
  return 12 * year + month
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
