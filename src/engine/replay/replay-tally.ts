import { assert } from '../../assert.ts'
import type { Problem } from '../../errors/problem.ts'
import { settlementId } from '../../ledger/settlement-id.ts'
import { CATEGORIES, CATEGORY_COUNT } from '../../rules/category.ts'
import {
  LARGEST_MAX,
  type BeforeAfter,
  type LineGroupChange,
  type PayerChange,
  type ReplayRefusal,
  type ReplayReport,
  type SettlementChange,
} from './replay-report.ts'
import type { Amounts, SplitAmounts } from './split-amounts.ts'

export interface TalliedSplit {
  readonly seq: number
  readonly person: string
}

interface Sum {
  before: number
  after: number
}

/** A settlement as it is and as it would be. */
export interface Comparison {
  readonly before: SplitAmounts
  readonly after: SplitAmounts
  readonly isChanged: boolean
}

/** Adds up what would be otherwise, settlement by settlement; exact, and level at every step. */
export class ReplayTally {
  #standing = 0
  #reversed = 0
  readonly #total: Sum = { before: 0, after: 0 }
  readonly #patients: Sum = { before: 0, after: 0 }
  readonly #payers = new Map<string, Sum>()
  readonly #fixed = new Map<string, Sum>()
  /** By charge type, then category. */
  readonly #groups = new Map<string, readonly Sum[]>()
  /** Changed settlements that stand, by seq. */
  readonly #changed = new Map<number, TalliedSplit & Sum>()
  /** Sum of the changes of each person for whom it is not zero. */
  readonly #persons = new Map<string, number>()
  readonly #refused: ReplayRefusal[] = []
  #refusals = 0
  readonly #codes = new Map<string, number>()

  /** A settlement that stands from now on. */
  add(split: TalliedSplit, compared: Comparison): void {
    this.#standing += 1
    this.#count(split, compared, 1)
    const { before, after, isChanged } = compared
    if (!isChanged) return
    this.#changed.set(split.seq, { ...split, before: before.patient, after: after.patient })
  }

  /** It no longer stands; `compared`: as it was added. */
  remove(split: TalliedSplit, compared: Comparison): void {
    this.#standing -= 1
    this.#count(split, compared, -1)
    this.#changed.delete(split.seq)
  }

  /** It is taken back. */
  reverse(split: TalliedSplit, compared: Comparison): void {
    this.remove(split, compared)
    this.#reversed += 1
  }

  refuse({ seq, person }: TalliedSplit, total: number, problems: readonly Problem[]): void {
    this.#refusals += 1
    for (const code of new Set(problems.map((item) => item.code))) {
      this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1)
    }
    if (this.#refused.length >= LARGEST_MAX) return
    this.#refused.push({ settlement: settlementId(seq), person, total, problems })
  }

  report(): ReplayReport {
    const { before, after } = this.#patients
    const report: ReplayReport = {
      settlements: {
        seen: this.#standing + this.#reversed + this.#refusals,
        standing: this.#standing,
        reversed: this.#reversed,
        changed: this.#changed.size,
        refused: this.#refusals,
      },
      total: { ...this.#total },
      payers: payerChanges(this.#payers),
      fixed: payerChanges(this.#fixed),
      patients: { before, after, changed: this.#persons.size },
      lineGroups: this.#lineGroups(),
      largest: largestOf([...this.#changed.values()]),
      refusals: {
        codes: [...this.#codes]
          .map(([code, count]) => ({ code, count }))
          .toSorted((a, b) => b.count - a.count || compareText(a.code, b.code)),
        first: [...this.#refused],
      },
    }
    checkLevel(report)
    return report
  }

  #count({ person }: TalliedSplit, { before, after }: Comparison, sign: 1 | -1): void {
    assert(
      changeOf(before.payers, after.payers) + after.patient - before.patient ===
        after.total - before.total,
      'what payers no longer pay the patient pays, and the other way round',
    )
    addTo(this.#total, before.total, after.total, sign)
    addTo(this.#patients, before.patient, after.patient, sign)
    addAmounts(this.#payers, before.payers, after.payers, sign)
    addAmounts(this.#fixed, before.fixed, after.fixed, sign)
    for (const [type, row] of before.lines) this.#addLines(type, row, 'before', sign)
    for (const [type, row] of after.lines) this.#addLines(type, row, 'after', sign)
    const change = sign * (after.patient - before.patient)
    if (change === 0) return
    const sum = (this.#persons.get(person) ?? 0) + change
    if (sum === 0) this.#persons.delete(person)
    else this.#persons.set(person, sum)
  }

  #addLines(type: string, row: readonly number[], side: keyof Sum, sign: 1 | -1): void {
    let sums = this.#groups.get(type)
    if (sums === undefined) {
      sums = Array.from({ length: CATEGORY_COUNT }, () => ({ before: 0, after: 0 }))
      this.#groups.set(type, sums)
    }
    for (const [column, sum] of sums.entries()) sum[side] += sign * (row[column] ?? 0)
  }

  #lineGroups(): readonly LineGroupChange[] {
    return [...this.#groups]
      .toSorted(([a], [b]) => compareText(a, b))
      .flatMap(([chargeType, sums]) =>
        CATEGORIES.flatMap((category, column) => {
          const { before, after } = sums[column] ?? { before: 0, after: 0 }
          return before === 0 && after === 0 ? [] : [{ chargeType, category, before, after }]
        }),
      )
  }
}

function addTo(sum: Sum, before: number, after: number, sign: 1 | -1): void {
  sum.before += sign * before
  sum.after += sign * after
  assert(
    Number.isSafeInteger(sum.before) && Number.isSafeInteger(sum.after),
    'a sum stays in the exact range',
  )
}

function addAmounts(sums: Map<string, Sum>, before: Amounts, after: Amounts, sign: 1 | -1): void {
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const sum = sums.get(id) ?? { before: 0, after: 0 }
    sums.set(id, sum)
    addTo(sum, before.get(id) ?? 0, after.get(id) ?? 0, sign)
  }
}

function changeOf(before: Amounts, after: Amounts): number {
  let change = 0
  for (const amount of after.values()) change += amount
  for (const amount of before.values()) change -= amount
  return change
}

function payerChanges(sums: ReadonlyMap<string, Sum>): readonly PayerChange[] {
  return [...sums]
    .map(([payer, { before, after }]) => ({ payer, before, after }))
    .toSorted((a, b) => compareText(a.payer, b.payer))
}

function largestOf(changed: readonly (TalliedSplit & Sum)[]): readonly SettlementChange[] {
  const size = ({ before, after }: Sum) => Math.abs(after - before)
  return changed
    .filter((split) => size(split) > 0)
    .toSorted((a, b) => size(b) - size(a) || a.seq - b.seq)
    .slice(0, LARGEST_MAX)
    .map(({ seq, person, before, after }) => {
      return { settlement: settlementId(seq), person, before, after }
    })
}

/** The columns of a report add up to each other. */
function checkLevel({ total, payers, patients, lineGroups }: ReplayReport): void {
  for (const side of ['before', 'after'] as const) {
    assert(
      sumOf(payers, side) + patients[side] === total[side],
      'payers and patients add up to what was settled',
    )
    assert(sumOf(lineGroups, side) === patients[side], 'line groups add up to the patients')
  }
}

function sumOf(changes: readonly BeforeAfter[], side: keyof BeforeAfter): number {
  return changes.reduce((sum, change) => sum + change[side], 0)
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
