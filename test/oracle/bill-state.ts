import type { Bill, BillLine, Classification } from '../../src/adjudication/bill.ts'
import { CATEGORIES, COLUMN, type Category } from '../../src/rules/category.ts'
import { SOCIAL_KINDS, type PackKind } from '../../src/rules/kind.ts'
import { Refused } from './conditions.ts'
import { add, sum, without, type Cells } from './exact.ts'

export const COLUMNS = 7
export const IN_SCOPE_COLUMNS: readonly number[] = [0, 1, 2, 3]

export function lineOf(cell: number): number {
  return Math.floor(cell / COLUMNS)
}

export function columnOf(cell: number): number {
  return cell % COLUMNS
}

export function cellOf(line: number, column: number): number {
  return line * COLUMNS + column
}

/** A line after its refunds. */
export interface OracleLine {
  readonly line: BillLine
  /** Cost by column 3..6: what the catalogue or the bill said before anybody paid. */
  readonly cost: Classification
}

/** Who pays; `#` stands before payers that are no pack's: given layers and the hospital. */
export interface PayerKey {
  readonly key: string
  readonly kind: PackKind
}

/** The bill as it stands while the layers pay one after the other. */
export interface BillState {
  readonly lines: OracleLine[]
  remaining: Map<number, number>
  /** By payer key, then by line. */
  readonly paid: Map<string, Map<number, number>>
  readonly payerKinds: Map<string, PackKind>
  /** Kinds of layer that took part so far. */
  readonly settled: Set<PackKind>
}

/** Takes `payment` (by cell) from what remains, for one payer. */
export function pay(state: BillState, payer: PayerKey, payment: Cells): void {
  state.remaining = without(state.remaining, payment)
  credit(state, payer, payment)
}

/** Notes a payment that was already taken from the cells. */
export function credit(state: BillState, payer: PayerKey, payment: Cells): void {
  const byLine = state.paid.get(payer.key) ?? new Map<number, number>()
  for (const [cell, amount] of payment) add(byLine, new Map([[lineOf(cell), amount]]))
  state.paid.set(payer.key, byLine)
  state.payerKinds.set(payer.key, payer.kind)
}

/** Paid so far by payers of `kinds`, on some lines or on all. */
export function paidBy(
  state: BillState,
  kinds: readonly PackKind[],
  lines?: ReadonlySet<number>,
): number {
  const amounts: number[] = []
  for (const [key, byLine] of state.paid) {
    const kind = state.payerKinds.get(key)
    if (kind === undefined || !kinds.includes(kind)) continue
    for (const [line, amount] of byLine) {
      if (lines === undefined || lines.has(line)) amounts.push(amount)
    }
  }
  return sum(amounts)
}

export function isSocial(kind: PackKind): boolean {
  return SOCIAL_KINDS.includes(kind)
}

/** Lines after their refunds were netted into them. */
export function netLines(bill: Bill, classify?: (line: BillLine) => Classification): OracleLine[] {
  return bill.lines
    .filter((line) => line.refundOf === undefined)
    .map((line) => {
      const refunds = bill.lines.filter((other) => other.refundOf === line.id)
      const netted = netLine(line, refunds)
      return { line: netted, cost: costOf(netted, classify) }
    })
}

function netLine(line: BillLine, refunds: readonly BillLine[]): BillLine {
  if (refunds.length === 0) return line
  const all = [line, ...refunds]
  const amount = sum(all.map((one) => one.amount))
  if (amount < 0) throw new Refused('BILL_LINE_REFUNDED_BELOW_ZERO', line.id)
  const part = (name: keyof Classification): number =>
    sum(all.map((one) => one.classification?.[name] ?? 0))
  return {
    ...line,
    amount: amount as Classification['inScope'],
    ...(line.quantity !== undefined && { quantity: sum(all.map((one) => one.quantity ?? 0)) }),
    ...(line.classification !== undefined && {
      classification: {
        ownPay: part('ownPay'),
        overLimit: part('overLimit'),
        preSelfPay: part('preSelfPay'),
        inScope: part('inScope'),
      } as Classification,
    }),
    facts: { ...line.facts, amount },
  }
}

function costOf(line: BillLine, classify?: (line: BillLine) => Classification): Classification {
  if (line.classification !== undefined) return line.classification
  if (line.cells !== undefined) return costOfCells(line.cells)
  if (classify === undefined) throw new Refused('LINE_NOT_CLASSIFIED', line.id)
  return classify(line)
}

function costOfCells(cells: NonNullable<BillLine['cells']>): Classification {
  return {
    ownPay: cells.ownPay ?? 0,
    overLimit: cells.overLimit ?? 0,
    preSelfPay: cells.preSelfPay ?? 0,
    inScope: sum([
      cells.deductible ?? 0,
      cells.coinsurance ?? 0,
      cells.overCap ?? 0,
      cells.inScope ?? 0,
    ]),
  } as Classification
}

/** Cells before anybody pays. */
export function startingCells(lines: readonly OracleLine[]): Map<number, number> {
  const cells = new Map<number, number>()
  lines.forEach(({ line, cost }, index) => {
    const given: Readonly<Partial<Record<Category, number>>> = line.cells ?? cost
    for (const category of CATEGORIES) {
      const amount = given[category] ?? 0
      if (amount > 0) cells.set(cellOf(index, COLUMN[category]), amount)
    }
  })
  return cells
}

/** Classification amount of a line's column, 0 for the columns that only payers make. */
export function costCell(line: OracleLine, column: number): number {
  switch (column) {
    case COLUMN.inScope:
      return line.cost.inScope
    case COLUMN.preSelfPay:
      return line.cost.preSelfPay
    case COLUMN.overLimit:
      return line.cost.overLimit
    case COLUMN.ownPay:
      return line.cost.ownPay
    default:
      return 0
  }
}
