import { assert } from '../assert.ts'
import { CATEGORY_COUNT } from '../rules/category.ts'
import type { FactSheet, FactValue } from '../rules/facts.ts'
import { SOCIAL_KINDS, type PackKind, type WireField } from '../rules/kind.ts'
import type { Profile } from '../rules/profile.ts'
import type { Bill } from './bill.ts'
import type { CounterBook } from './counter-book.ts'
import type { Coverage } from './coverage.ts'
import type { ExplanationStep } from './explanation.ts'
import type { FixedPayment } from './settlement.ts'

/** A line after refunds were netted into it; `index` is its row of the cells. */
export interface WorkLine {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly amount: number
  readonly day: number
  /** Ten-thousandths. */
  readonly quantity: number | undefined
  readonly facts: FactSheet
}

export interface PayerColumn {
  readonly id: string
  readonly kind: PackKind
  readonly pack: string | undefined
  readonly policyId: string | undefined
  readonly wire: WireField | undefined
  readonly fundPayType: string | undefined
  readonly given: boolean
  /** Fen paid on each line. */
  readonly paid: Float64Array
  total: number
}

/** Everything one settlement works on; made and dropped inside `settle`. */
export interface SplitState {
  readonly bill: Bill
  readonly coverage: Coverage
  readonly profile: Profile
  readonly lines: readonly WorkLine[]
  /** Fen still unpaid, cell = line × 7 + column. */
  readonly remaining: Float64Array
  /** Fen of the classification, same cells: what each line cost before anybody paid. */
  readonly cost: Float64Array
  readonly payers: PayerColumn[]
  readonly book: CounterBook
  readonly fixed: FixedPayment[]
  readonly steps: ExplanationStep[]
  readonly recording: boolean
  /** Facts of the visit with `admissionNo` filled in, and of the bill as the layers go on. */
  readonly visit: FactSheet
  readonly billFacts: Record<string, FactValue>
  readonly settledKinds: PackKind[]
  deductibleUsed: number
}

/** Appends a payer and returns its index. */
export function openPayer(state: SplitState, payer: Omit<PayerColumn, 'paid' | 'total'>): number {
  state.payers.push({ ...payer, paid: new Float64Array(state.lines.length), total: 0 })
  return state.payers.length - 1
}

/** Moves `amount` from a cell to a payer. */
export function payCell(state: SplitState, payer: number, cell: number, amount: number): void {
  if (amount === 0) return
  const column = state.payers[payer]
  assert(column !== undefined, 'a payment has a payer')
  const line = Math.floor(cell / CATEGORY_COUNT)
  const left = (state.remaining[cell] ?? 0) - amount
  assert(amount > 0 && left >= 0, 'no payment exceeds what is left of its cell')
  state.remaining[cell] = left
  column.paid[line] = (column.paid[line] ?? 0) + amount
  column.total += amount
}

/** Tells later conditions that a layer of `kind` has taken part. */
export function noteLayer(state: SplitState, kind: PackKind): void {
  if (!state.settledKinds.includes(kind)) {
    state.settledKinds.push(kind)
    state.billFacts['settledKinds'] = state.settledKinds.slice()
  }
  if (SOCIAL_KINDS.includes(kind)) state.billFacts['socialSettled'] = true
}

/** Tells later conditions, of the same layer too, what layers of `kind` have paid. */
export function notePaid(state: SplitState, kind: PackKind, amount: number): void {
  const fact = SOCIAL_KINDS.includes(kind)
    ? 'socialPaid'
    : kind === 'commercial'
      ? 'commercialPaid'
      : undefined
  if (fact !== undefined) state.billFacts[fact] = Number(state.billFacts[fact]) + amount
}

export function sumOf(amounts: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < amounts.length; index += 1) sum += amounts[index] ?? 0
  return sum
}
