/**
 * What it costs that many persons share one budget: the same bills settled with a sum for the whole group, and with one for each
 * policy, by turns in one run, on ledgers of their own. Prints both rates and their ratio. `--settlements=10000`, `--rounds=3`,
 * `--inflight=256`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { installPlant, NOW, plantRequest } from '../../test/engine/bounds/shared-budget.ts'
import { median } from '../micro/settle/paired.ts'
import { valueOf } from '../micro/settle/setup.ts'

const { values } = parseArgs({
  options: {
    settlements: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    inflight: { type: 'string', default: '256' },
  },
})
const count = Number(values.settlements)

/** Settlements a second. */
async function rate(owner: 'group' | 'policy'): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'qingfen-bench-'))
  const store = valueOf(await openLedgerStore(directory))
  const engine = valueOf(await openEngine({ store, clock: () => NOW }))
  await installPlant(engine, owner)
  let next = 0
  const client = async () => {
    while (next < count) {
      const reply = await engine.submit(plantRequest(next++))
      assert(reply.kind === 'answer', 'every bill is settled')
    }
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: Number(values.inflight) }, client))
  const seconds = (performance.now() - begin) / 1000
  await engine.close()
  await store.close()
  rmSync(directory, { recursive: true })
  return count / seconds
}

const rates: Record<'group' | 'policy', number[]> = { group: [], policy: [] }
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const owner of ['group', 'policy'] as const) rates[owner].push(await rate(owner))
}
const ratios = rates.group.map((shared, round) => shared / (rates.policy[round] ?? shared))
process.stdout.write(
  `${count} settlements, ${values.inflight} in flight: one budget ${Math.round(median(rates.group))}/s, ` +
    `own budgets ${Math.round(median(rates.policy))}/s, ratio ${median(ratios).toFixed(2)} (at least 0.50 wanted)\n`,
)
