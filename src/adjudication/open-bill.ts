import { classifyLine } from '../catalog/classify-line.ts'
import type { ClassificationSteps } from '../catalog/classification.ts'
import { problem } from '../errors/problem.ts'
import { fen, sumFen, type Fen } from '../money/fen.ts'
import { CATEGORIES } from '../rules/category.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { Bill, BillLine, Classification } from './bill.ts'
import type { ClassifyStep, ExplanationStep, RefundStep } from './explanation.ts'
import type { InForce } from './in-force.ts'
import { SettleRefused } from './refusal.ts'

/** A line ready to be split: refunds netted in, four parts known. */
export interface OpenLine {
  readonly line: BillLine
  readonly amount: Fen
  readonly quantity: number | undefined
  readonly classification: Classification
  readonly steps?: ClassificationSteps
  readonly by: ClassifyStep['by']
  readonly chargeLevel: string | undefined
}

export interface OpenedBill {
  readonly lines: readonly OpenLine[]
  readonly refunds: readonly RefundStep[]
}

/** Nets refund lines into their originals and classifies every line. */
export function openBill(bill: Bill, person: FactSheet, inForce: InForce): OpenedBill {
  const refunds = new Map<string, BillLine[]>()
  for (const line of bill.lines) {
    if (line.refundOf === undefined) continue
    const list = refunds.get(line.refundOf)
    if (list === undefined) refunds.set(line.refundOf, [line])
    else list.push(line)
  }
  const steps: RefundStep[] = []
  const quantities = new Map<string, number>()
  const lines: OpenLine[] = []
  for (const line of bill.lines) {
    if (line.refundOf !== undefined) continue
    const own = refunds.get(line.id)
    const netted = own === undefined ? line : netLine(line, own, steps)
    lines.push(openLine(netted, bill, person, inForce, quantities))
  }
  return { lines, refunds: steps }
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

function openLine(
  line: BillLine,
  bill: Bill,
  person: FactSheet,
  inForce: InForce,
  quantities: Map<string, number>,
): OpenLine {
  const common = { line, amount: line.amount, quantity: line.quantity }
  const stated = line.facts['chargeLevel']
  const chargeLevel = typeof stated === 'string' ? stated : undefined
  if (bill.supplement !== undefined) {
    return { ...common, classification: supplementParts(line), by: 'supplement', chargeLevel }
  }
  if (line.classification !== undefined) {
    return { ...common, classification: line.classification, by: 'bill', chargeLevel }
  }
  return fromCatalog(line, bill, person, inForce, quantities)
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

function fromCatalog(
  line: BillLine,
  bill: Bill,
  person: FactSheet,
  inForce: InForce,
  quantities: Map<string, number>,
): OpenLine {
  const code = text(line.facts['code'])
  if (inForce.catalog === undefined || code === '') {
    throw new SettleRefused(problem('LINE_NOT_CLASSIFIED', `lines.${line.id}`, { line: line.id }))
  }
  const region = text(bill.hospital['region'] ?? person['region'])
  const entry = inForce.catalog.find(region, code, line.day)
  const level = bill.hospital['priceLevel'] ?? bill.hospital['level']
  const dayKey = `${code}|${line.day}`
  const used = { day: quantities.get(dayKey) ?? 0, month: quantities.get(code) ?? 0 }
  const result = classifyLine(
    {
      code,
      amount: line.amount,
      ...(line.quantity !== undefined && { quantity: line.quantity }),
      ...(line.restrictionMet !== undefined && { restrictionMet: line.restrictionMet }),
    },
    entry,
    {
      hospitalLevel: level === 1 || level === 2 ? level : 3,
      personType: text(person['psnType'] ?? person['insutype']),
      visitType: text(bill.visit['kind']),
      unmatched: inForce.profile.unmatchedLines,
      quantityUsed: used,
    },
  )
  if (!result.ok) {
    throw new SettleRefused(
      ...result.problems.map((item) => ({ ...item, where: `lines.${line.id}.${item.where}` })),
    )
  }
  const { steps, ...classification } = result.value
  const allowed = steps.cut === 'parts' ? (steps.quantityLimit?.allowed ?? line.quantity ?? 0) : 0
  quantities.set(dayKey, used.day + allowed)
  quantities.set(code, used.month + allowed)
  return {
    line,
    amount: line.amount,
    quantity: line.quantity,
    classification,
    steps,
    by: entry === undefined ? 'unmatched' : 'catalog',
    chargeLevel: entry?.chargeLevel,
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The step that sets the cells of line `index`. */
export function classifyStep(open: OpenLine, index: number, name: string): ExplanationStep {
  const { classification, steps } = open
  const level = open.chargeLevel
  const cells = open.line.cells
  const base = index * CATEGORIES.length
  const stated = CATEGORIES.flatMap((category, column) => {
    const amount = cells?.[category] ?? 0
    return amount > 0 ? [{ cell: base + column, amount }] : []
  })
  return {
    step: 'classify',
    line: index,
    lineId: open.line.id,
    name,
    amount: open.amount,
    ...classification,
    by: open.by,
    ...((level === 'A' || level === 'B' || level === 'C') && { chargeLevel: level }),
    ...(steps?.cut === 'parts' && {
      selfPayRate: { num: steps.selfPayRate.num, den: steps.selfPayRate.den },
      accepted: open.amount - classification.ownPay - classification.overLimit,
    }),
    ...(open.by === 'supplement' && {
      cells: { cells: stated.map(({ cell }) => cell), amounts: stated.map(({ amount }) => amount) },
    }),
  }
}
