import { isSameCounter } from '../../adjudication/counter-key.ts'
import type { AnswerLine, SplitAnswer } from '../../ledger/answer.ts'
import type { Contribution, SplitRecord } from '../../ledger/record.ts'

type Split = Pick<SplitRecord, 'answer' | 'before' | 'contributions'>

/** Whether two splits of one bill give everybody the same of every line; who gives nothing does not count. */
export function isSameAnswer({ answer: one }: Split, { answer: other }: Split): boolean {
  if (payersText(one) !== payersText(other)) return false
  if (besideText(one) !== besideText(other)) return false
  // Most often the payers are in the same places.
  const isInPlace = one.payers.every(({ id }, index) => other.payers[index]?.id === id)
  return isInPlace
    ? one.lines.length === other.lines.length &&
        one.lines.every((line, index) => isSameLine(line, other.lines[index]))
    : linesText(one) === linesText(other)
}

function isSameLine(line: AnswerLine, other: AnswerLine | undefined): boolean {
  if (other === undefined) return false
  return (
    line[0] === other[0] &&
    line[1] === other[1] &&
    line[2] === other[2] &&
    isSameRow(line[3], other[3]) &&
    isSameRow(line[4], other[4])
  )
}

/** Zeros at the end may be left out. */
function isSameRow(row: readonly number[], other: readonly number[]): boolean {
  const length = Math.max(row.length, other.length)
  for (let index = 0; index < length; index += 1) {
    if ((row[index] ?? 0) !== (other[index] ?? 0)) return false
  }
  return true
}

/** Whether nothing that comes later can tell them apart. */
export function isSameSplit(one: Split, other: Split): boolean {
  return (
    isSameAnswer(one, other) &&
    isSameList(one.before, other.before) &&
    isSameList(one.contributions, other.contributions)
  )
}

function payersText({ payers }: SplitAnswer): string {
  const paid = payers.filter(({ amount }) => amount !== 0)
  return JSON.stringify(paid.map(({ id, policyId, amount }) => [id, policyId ?? '', amount]))
}

/** The patient's means of payment, and fixed benefits. */
function besideText({ fixed, patient }: SplitAnswer): string {
  const paid = fixed.map(({ payerId, policyId, amount }) => [payerId, policyId ?? '', amount])
  return JSON.stringify([patient, paid])
}

/** Shares by payer, wherever the payers stand. */
function linesText({ payers, lines }: SplitAnswer): string {
  return JSON.stringify(
    lines.map(([id, amount, own, paid, residual]) => {
      const shares = paid
        .flatMap((share, index) => (share === 0 ? [] : [`${payers[index]?.id} ${share}`]))
        .toSorted()
      return [id, amount, own, shares, residual]
    }),
  )
}

function isSameList(one: readonly Contribution[], other: readonly Contribution[]): boolean {
  return (
    one.length === other.length &&
    one.every(([key, amount], index) => {
      const counterpart = other[index]
      return (
        counterpart !== undefined && isSameCounter(counterpart[0], key) && counterpart[1] === amount
      )
    })
  )
}
