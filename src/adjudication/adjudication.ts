import { addFen, fen, ZERO_FEN, type Fen } from '../money/fen.ts'
import { CATEGORY_COUNT } from '../rules/category.ts'
import type { RulePack } from '../rules/pack.ts'
import { patientPart } from './account.ts'
import type { CounterKey } from './counter-key.ts'
import type { CounterChange } from './counters.ts'
import type { ExplanationStep } from './explanation.ts'
import { finishSettlement, finishWhole, type SettledWhole } from './finish.ts'
import { renderExplanation } from './render-trace.ts'
import type { PatientPart, Settlement } from './settlement.ts'
import { withRecordedBytes } from './recorded-steps.ts'
import type { PayerColumn, SplitState, WorkLine } from './split-state.ts'

/** What of a split outlives it: everything but the working space. */
export type FinishedSplit = Omit<SplitState, 'work' | 'remaining' | 'cost'>

/**
 * A bill that has been adjudicated, in the shape it was computed in: amounts as rows of numbers, the explanation as the
 * recorder wrote it. Immutable, and independent of the adjudicator. Rendering it into a `Settlement` computes nothing
 * anew; who needs only totals, or writes bytes of its own, does without.
 */
export class Adjudication {
  readonly kind = 'adjudication'
  readonly patient: PatientPart
  readonly packageAdjustment: Fen
  /** Packs that took part, each once. */
  readonly packs: readonly RulePack[]
  readonly split: FinishedSplit
  /** remaining, paid, trace: one behind the other. */
  readonly #numbers: Float64Array

  /** Copies what it needs out of the working space; `state` is not used for anything after. */
  constructor(state: SplitState, packs: readonly RulePack[], packageAdjustment: number) {
    this.patient = patientPart(state)
    this.packageAdjustment = fen(packageAdjustment)
    this.packs = packs
    this.split = state
    this.#numbers = keep(state)
  }

  /** In the order of the rows of `paid` and `residual`; a package line comes last. */
  get lines(): readonly WorkLine[] {
    return this.split.lines
  }

  get payers(): readonly PayerColumn[] {
    return this.split.payers
  }

  /** Stored counters this bill changes. */
  counters(): readonly CounterChange[] {
    return this.split.book.changes()
  }

  /** What it adds to each of them, where that is not zero. */
  contributions(): readonly (readonly [key: CounterKey, amount: number])[] {
    return this.split.book.contributions()
  }

  /** What a payer pays of a line. */
  paid(payer: number, line: number): Fen {
    const { cellCount, lines } = this.split
    return fen(this.#numbers[cellCount + payer * lines.length + line] ?? 0)
  }

  /** What is left to the patient of a line in a residual category. */
  residual(line: number, column: number): Fen {
    return fen(this.#numbers[line * CATEGORY_COUNT + column] ?? 0)
  }

  /** What is left to the patient of a line. */
  patientOf(line: number): Fen {
    let left = ZERO_FEN
    for (let column = 0; column < CATEGORY_COUNT; column += 1) {
      left = addFen(left, this.residual(line, column))
    }
    return left
  }

  /** The explanation of design section 7.6; empty when it was not recorded. */
  explanation(): ExplanationStep[] {
    const { cellCount, lines, payers, steps, book } = this.split
    const trace = this.#numbers.subarray(cellCount + payers.length * lines.length)
    return renderExplanation({ steps, trace, lines, book })
  }

  /** The settlement as one plain object. */
  settlement(): Settlement {
    return { ...this.parts(), explanation: this.explanation() }
  }

  /** The settlement without its explanation, which costs more than all the rest. */
  parts(): Omit<Settlement, 'explanation'> {
    return finishSettlement(this)
  }

  /** What of `parts` concerns the bill as a whole. */
  whole(): SettledWhole {
    return finishWhole(this)
  }

  /** Stored counters that were looked at, with their balances before, in the order first looked at. */
  reads(): readonly (readonly [key: CounterKey, before: number])[] {
    return this.split.book.reads()
  }

  /**
   * Gives `read` what the recorder wrote as bytes: equal for equal explanations, different where any step, amount or name
   * differs, and made without rendering one; what a digest of the explanation is taken over. They are good only while
   * `read` runs.
   */
  recording<T>(read: (bytes: Uint8Array) => T): T {
    const { steps, lines, book } = this.split
    const numbers = this.#numbers
    return withRecordedBytes({ steps, lines, book, numbers, from: 0, end: numbers.length }, read)
  }
}

function keep({ work, cellCount, payers, lines, remaining }: SplitState): Float64Array {
  const paidCount = payers.length * lines.length
  const numbers = work.keptNumbers(cellCount + paidCount + work.traceLength)
  copyTo(numbers, 0, remaining, cellCount)
  copyTo(numbers, cellCount, work.paid, paidCount)
  copyTo(numbers, cellCount + paidCount, work.trace, work.traceLength)
  return numbers
}

/** A view to be copied from would be an object as large as what it saves. */
function copyTo(to: Float64Array, at: number, from: Float64Array, count: number): void {
  for (let index = 0; index < count; index += 1) to[at + index] = from[index] ?? 0
}
