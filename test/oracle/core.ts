import { settle } from '../../src/adjudication/settle.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { History } from './generators.ts'
import type { Settle } from './run-history.ts'

/** The core with this history's packs compiled; throws when one of them does not compile. */
export function coreOf(history: History): Settle {
  const packs = history.packs.map((pack) => {
    const compiled = compilePack(pack)
    if (!compiled.ok) {
      throw new Error(`${pack.id} does not compile: ${JSON.stringify(compiled.problems)}`)
    }
    return compiled.value
  })
  const inForce = { profile: history.profile, packs }
  return (bill, counters) => settle(bill, history.coverage, counters, inForce)
}
