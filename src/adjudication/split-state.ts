import { assert } from '../assert.ts'
import type { ClassificationSteps } from '../catalog/classification.ts'
import { fen, type Fen } from '../money/fen.ts'
import { unboxed } from '../money/unboxed.ts'
import { CATEGORY_COUNT } from '../rules/category.ts'
import type { FactSheet, FactValue } from '../rules/facts.ts'
import { SOCIAL_KINDS, type PackKind, type WireField } from '../rules/kind.ts'
import type { Profile } from '../rules/profile.ts'
import type { Bill, BillLine, Classification } from './bill.ts'
import type { CounterBook } from './counter-book.ts'
import type { CounterKeys } from './counter-keys.ts'
import type { Coverage } from './coverage.ts'
import type { ClassifyStep } from './explanation.ts'
import type { FixedPayment } from './settlement.ts'
import type { TraceEntry } from './trace.ts'
import type { Workspace } from './workspace.ts'

/** A line after refunds were netted into it; `index` is its row of the cells. */
export class WorkLine {
  readonly index: number
  readonly line: BillLine
  readonly amount: number
  readonly facts: FactSheet
  /** Who decided its class, and the catalogue's class where the bill states none. */
  readonly by: ClassifyStep['by']
  readonly chargeLevel: string | undefined
  /** What it was cut into, and by the catalogue how. */
  readonly parts: Classification & { readonly steps?: ClassificationSteps }

  constructor(
    index: number,
    line: BillLine,
    parts: WorkLine['parts'],
    by: WorkLine['by'],
    chargeLevel: string | undefined,
  ) {
    const { amount, facts } = line
    const stated = facts['amount']
    this.index = index
    this.line = line
    this.amount = amount
    this.facts = stated === undefined || stated === amount ? facts : { ...facts, amount }
    this.by = by
    this.chargeLevel = chargeLevel
    this.parts = parts
  }

  get id(): string {
    return this.line.id
  }

  get day(): number {
    return this.line.day
  }

  /** Ten-thousandths. */
  get quantity(): number | undefined {
    return this.line.quantity
  }
}

export interface PayerColumn {
  readonly index: number
  readonly id: string
  readonly kind: PackKind
  readonly pack: string | undefined
  readonly policyId: string | undefined
  readonly wire: WireField | undefined
  readonly fundPayType: string | undefined
  readonly given: boolean
  /** What it has paid so far. */
  amount: Fen
}

/** Everything one settlement works on; made and dropped inside `adjudicate`. */
export interface SplitState {
  readonly bill: Bill
  readonly coverage: Coverage
  /** Hashes of packs that are held back. */
  readonly suspended: ReadonlySet<string> | undefined
  readonly profile: Profile
  readonly lines: readonly WorkLine[]
  readonly cellCount: number
  readonly work: Workspace
  /** Fen still unpaid, cell = line × 7 + column; may be longer than `cellCount`. */
  readonly remaining: Float64Array
  /** Fen of the classification, same cells: what each line cost before anybody paid. */
  readonly cost: Float64Array
  readonly payers: PayerColumn[]
  readonly book: CounterBook
  readonly keys: CounterKeys
  readonly fixed: FixedPayment[]
  readonly steps: TraceEntry[]
  readonly recording: boolean
  /** Facts of the visit with `admissionNo` filled in, and of the bill as the layers go on. */
  readonly visit: FactSheet
  readonly billFacts: Record<string, FactValue>
  /** Kinds that have taken part; the same list as the fact of that name. */
  readonly settledKinds: PackKind[]
  deductibleUsed: number
}

/** Appends a payer and returns its index. */
export function openPayer(state: SplitState, payer: PayerColumn): number {
  const { index } = payer
  assert(index === state.payers.length, 'payers are numbered in order')
  state.payers.push(payer)
  state.work.openPayer(index + 1, state.lines.length)
  return index
}

/** Books the first `count` amounts to a payer, each for the line of its cell; they have left the cells already. */
export function credit(
  state: SplitState,
  payer: number,
  cells: ArrayLike<number>,
  amounts: ArrayLike<number>,
  count: number,
): void {
  const column = state.payers[payer]
  assert(column !== undefined, 'a payment has a payer')
  const first = payer * state.lines.length
  const { paid } = state.work
  let sum = 0
  for (let index = 0; index < count; index += 1) {
    const place = first + Math.floor((cells[index] ?? 0) / CATEGORY_COUNT)
    const amount = amounts[index] ?? 0
    paid[place] = (paid[place] ?? 0) + amount
    sum += amount
  }
  column.amount = fen(column.amount + sum)
}

/** What a payer has paid of a line, fen. */
export function paidOf(state: SplitState, payer: number, line: number): number {
  return state.work.paid[payer * state.lines.length + line] ?? 0
}

/** Tells later conditions that a layer of `kind` has taken part. */
export function noteLayer(state: SplitState, kind: PackKind): void {
  if (!state.settledKinds.includes(kind)) {
    state.settledKinds.push(kind)
  }
  if (SOCIAL_KINDS.includes(kind)) state.billFacts['socialSettled'] = true
}

/** Tells later conditions, of the same layer too, what layers of `kind` have paid. */
export function notePaid(state: SplitState, kind: PackKind, amount: number): void {
  const { billFacts } = state
  if (SOCIAL_KINDS.includes(kind))
    billFacts['socialPaid'] = Number(billFacts['socialPaid']) + amount
  else if (kind === 'commercial') {
    billFacts['commercialPaid'] = Number(billFacts['commercialPaid']) + amount
  }
}

/** Sum of the amounts at the first `count` of `places`. */
export function sumAt(
  amounts: Float64Array,
  places: ArrayLike<number>,
  count: number = places.length,
): number {
  let sum = 0
  for (let index = 0; index < count; index += 1) sum += amounts[places[index] ?? 0] ?? 0
  return unboxed(sum)
}

export function sumOf(amounts: ArrayLike<number>, count: number = amounts.length): number {
  let sum = 0
  for (let index = 0; index < count; index += 1) sum += amounts[index] ?? 0
  return unboxed(sum)
}
