import { assert } from '../../src/assert.ts'
import type { Engine } from '../../src/engine/open-engine.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { anonymousMemoryOf } from './processes/usage.ts'

/** Memory of this process that no file stands behind (RssAnon), MB. */
export function anonymousMemory(): number {
  return anonymousMemoryOf(process.pid)
}

/** A request was answered, for the first time. The reply is written out only where it was not: that takes as long as a part of settling. */
export function assertAnswered(
  reply: EngineReply,
): asserts reply is Extract<EngineReply, { readonly kind: 'answer' }> {
  if (reply.kind === 'answer' && !reply.repeat) return
  assert(false, JSON.stringify(reply))
}

/** What is owed and what is to be had come to the same, and hospitals are owed something. */
export function assertConserved(engine: Engine): void {
  const sums = new Map<string, number>()
  let charged = 0
  for (const { from, to, amount } of engine.balances()) {
    sums.set(from, (sums.get(from) ?? 0) - amount)
    sums.set(to, (sums.get(to) ?? 0) + amount)
    if (to.startsWith('provider:')) charged += amount
  }
  assert([...sums.values()].reduce((sum, amount) => sum + amount, 0) === 0, 'money is conserved')
  assert(charged > 0, 'hospitals are owed something')
}
