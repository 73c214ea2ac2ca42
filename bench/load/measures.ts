import { readFileSync } from 'node:fs'
import { assert } from '../../src/assert.ts'
import type { Engine } from '../../src/engine/open-engine.ts'

/** Memory of the process that no file stands behind (RssAnon), MB. */
export function anonymousMemory(): number {
  const line = /RssAnon:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))
  return Math.round(Number(line?.[1] ?? 0) / 1024)
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
