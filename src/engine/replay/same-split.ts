import type { Contribution, SplitRecord } from '../../ledger/record.ts'

type Split = Pick<SplitRecord, 'answer' | 'before' | 'contributions' | 'digest'>

/** Whether two splits of one bill give everybody the same of every line; who gives nothing does not count. */
export function isSameAnswer(one: Split, other: Split): boolean {
  // The explanation has every amount in it, and not who pays it.
  const [left, right] = [payersText(one), payersText(other)]
  if (left !== right) return false
  return one.digest === other.digest || amountsText(one) === amountsText(other)
}

/** Whether nothing that comes later can tell them apart. */
export function isSameSplit(one: Split, other: Split): boolean {
  return (
    isSameAnswer(one, other) &&
    isSameList(one.before, other.before) &&
    isSameList(one.contributions, other.contributions)
  )
}

function payersText({ answer }: Split): string {
  const paid = answer.payers.filter(({ amount }) => amount !== 0)
  return JSON.stringify(paid.map(({ id, policyId, amount }) => [id, policyId ?? '', amount]))
}

function amountsText({ answer }: Split): string {
  const { payers, lines, fixed, patient } = answer
  const rows = lines.map(([id, amount, own, paid, residual]) => {
    const shares = paid.flatMap((share, index) => (share === 0 ? [] : [payers[index]?.id, share]))
    return [id, amount, own, shares, residual]
  })
  const beside = fixed.map(({ payerId, policyId, amount }) => [payerId, policyId ?? '', amount])
  return JSON.stringify([rows, beside, patient])
}

function isSameList(one: readonly Contribution[], other: readonly Contribution[]): boolean {
  return (
    one.length === other.length &&
    one.every(([key, amount], index) => {
      const counterpart = other[index]
      return counterpart?.[0] === key && counterpart[1] === amount
    })
  )
}
