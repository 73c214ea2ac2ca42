import type { Bill } from '../../src/adjudication/bill.ts'
import type { Counters } from '../../src/adjudication/counters.ts'
import { settle } from '../../src/adjudication/settle.ts'
import type { Refusal, Settlement } from '../../src/adjudication/settlement.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import type { History } from './generators.ts'

/** The settlement under test with the packs of one history compiled. */
export interface Core {
  readonly settle: (bill: Bill, counters: Counters) => Settlement | Refusal
  /** What is wrong with an answer whoever is right about the amounts; one line of text each. */
  readonly faults: (bill: Bill, counters: Counters, answer: Settlement | Refusal) => string[]
}

/** The core with this history's packs compiled; throws when one of them does not compile. */
export function coreOf(history: History): Core {
  const packs = history.packs.map((pack) => {
    const compiled = compilePack(pack)
    if (!compiled.ok) {
      throw new Error(`${pack.id} does not compile: ${JSON.stringify(compiled.problems)}`)
    }
    return compiled.value
  })
  const inForce = { profile: history.profile, packs }
  const { coverage } = history
  return {
    settle: (bill, counters) => settle(bill, coverage, counters, inForce),
    faults: (bill, counters, answer) => [
      ...sameBytes('a second run', settle(bill, coverage, counters, inForce), answer),
      ...sameBytes(
        'without an explanation',
        settle(bill, coverage, counters, inForce, { explain: false }),
        answer.kind === 'settlement' ? { ...answer, explanation: [] } : answer,
      ),
      ...verified(answer),
    ],
  }
}

function sameBytes(what: string, one: Settlement | Refusal, other: Settlement | Refusal): string[] {
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [`${what} differs`]
}

function verified(answer: Settlement | Refusal): string[] {
  if (answer.kind === 'refusal') return []
  return verifySettlement(answer).map(
    ({ code, where, details }) => `verifier: ${code} ${where} ${JSON.stringify(details)}`,
  )
}
