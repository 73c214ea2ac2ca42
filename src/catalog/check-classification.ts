import { failureOf, problem, success, type Problem, type Result } from '../errors/problem.ts'
import { fen, formatYuan, type Fen } from '../money/fen.ts'

/** The four residual categories a line is cut into: each ≥ 0, together the amount of the line. */
export interface LineParts {
  /** 全自费 */
  readonly ownPay: Fen
  /** 超限价 */
  readonly overLimit: Fen
  /** 先行自付 */
  readonly preSelfPay: Fen
  /** 符合政策范围 */
  readonly inScope: Fen
}

const PARTS = ['ownPay', 'overLimit', 'preSelfPay', 'inScope'] as const

/**
 * A classification that came with the line, accepted when no part is negative and the parts add up to `amount` to
 * the fen; otherwise `CLASSIFICATION_PART_NEGATIVE` for each such part, `CLASSIFICATION_SUM_DIFFERS`.
 */
export function checkClassification(amount: Fen, given: LineParts): Result<LineParts> {
  const problems: Problem[] = []
  for (const part of PARTS) {
    const value = given[part]
    if (value >= 0) continue
    const details = { part, amount: formatYuan(value) }
    problems.push(problem('CLASSIFICATION_PART_NEGATIVE', part, details))
  }
  const sum = exactSum(given)
  if (sum !== BigInt(amount)) {
    const details = { sum: exactYuan(sum), amount: formatYuan(amount) }
    problems.push(problem('CLASSIFICATION_SUM_DIFFERS', '', details))
  }
  return problems.length === 0 ? success(given) : failureOf(problems)
}

/** In bigint: four hostile parts can leave the safe range together. */
function exactSum(given: LineParts): bigint {
  return PARTS.reduce((sum, part) => sum + BigInt(given[part]), 0n)
}

function exactYuan(sum: bigint): string {
  const near = Number(sum)
  return Number.isSafeInteger(near) ? formatYuan(fen(near)) : `${sum} / 100`
}
