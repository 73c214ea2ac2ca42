import type { InForce } from '../../src/adjudication/in-force.ts'
import { settle } from '../../src/adjudication/settle.ts'
import type { Settlement } from '../../src/adjudication/settlement.ts'
import { describeProblem } from '../../src/errors/problem.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { plainData, type SourceNode } from '../../src/rules/read/source-node.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import { accepted } from './rules.ts'

/**
 * Settles a bill of a conformance file on top of `counters`, which then hold what it left. The independent verifier must
 * recompute every amount from the explanation.
 */
export function settleBill(
  bill: SourceNode,
  inForce: InForce,
  counters: Map<string, number>,
): Settlement {
  const document = accepted(readBillDocument(plainData(bill, 'text'), inForce.profile), bill.where)
  for (const [key, amount] of document.counters) counters.set(key, amount)
  const answer = settle(document.bill, document.coverage, counters, inForce)
  if (answer.kind === 'refusal') {
    const problems = answer.problems.map((item) => `${item.code} ${describeProblem(item, 'en')}`)
    throw new Error(['refused', ...problems].join('\n'))
  }
  const differences = verifySettlement(answer)
  if (differences.length > 0) {
    const found = differences.map((item) => `${item.where} ${describeProblem(item, 'en')}`)
    throw new Error(['not recomputable', ...found].join('\n'))
  }
  for (const { key, after } of answer.counters) counters.set(key, after)
  return answer
}
