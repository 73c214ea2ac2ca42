/**
 * Settlements a second that `verifyLedger` goes through: bills of 20 lines over five public and two commercial layers, in LMDB.
 * `--bills=N`, `--lines=20`, `--rounds=3`, `--threads=0` (beside the one that goes through the journal).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import type { Store } from '../../src/engine/ports.ts'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { ThreadedSplitCheck } from '../../src/workers/threaded-split-check.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { cityWorkload } from '../load/city-workload.ts'
import { anonymousMemory, assertAnswered } from '../load/measures.ts'
import { median } from './settle/paired.ts'
import { valueOf } from './settle/setup.ts'

const { values } = parseArgs({
  options: {
    bills: { type: 'string', default: '8000' },
    lines: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '0' },
  },
})

const IN_FLIGHT = 256

/** A ledger with so many settlements. */
async function fill(store: Store): Promise<void> {
  const packs = fileURLToPath(new URL('../../../bench/micro/packs', import.meta.url))
  const bills = Number(values.bills)
  const workload = cityWorkload({
    packs,
    lines: Number(values.lines),
    persons: Math.ceil(bills / 8),
    bills,
  })
  const clock = workload.now
  const settings = { dateToleranceDays: 100_000 }
  const engine = valueOf(await openEngine({ store, clock: () => clock, settings }))
  await workload.install(engine)
  let next = 0
  const client = async () => {
    while (next < bills) {
      const index = next
      next += 1
      const { hospital, bill } = workload.requestAt(index)
      const requestId = `R${index}`
      assertAnswered(
        await engine.submit({ operation: 'settle', hospital, requestId, body: { bill } }),
      )
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, client))
  await engine.close()
}

/** One verification; gives settlements a second, and microseconds of processor time for each. */
async function verified(store: Store): Promise<{ readonly rate: number; readonly cpu: number }> {
  const threads = Number(values.threads)
  const read = (hash: string) => {
    const bytes = store.get('content', hash)
    assert(bytes !== undefined, 'the ledger has its contents')
    return bytes
  }
  const [begun, before] = [performance.now(), process.cpuUsage()]
  const { findings, splits } = await verifyLedger(store, {
    ...(threads > 0 && { splits: new ThreadedSplitCheck(read, threads) }),
    progress: () => {
      highest = Math.max(highest, anonymousMemory())
    },
  })
  assert(findings.total === 0, JSON.stringify(findings.first[0]))
  const { user, system } = process.cpuUsage(before)
  return { rate: (splits * 1000) / (performance.now() - begun), cpu: (user + system) / splits }
}

const directory = mkdtempSync(join(tmpdir(), 'qingfen-verify-'))
const store = valueOf(await openLedgerStore(directory))
const filling = process.cpuUsage()
await fill(store)
const { user, system } = process.cpuUsage(filling)
const before = anonymousMemory()
let highest = 0
const rounds = []
for (let round = 0; round < Number(values.rounds); round += 1) rounds.push(await verified(store))
const rates = rounds.map(({ rate }) => rate)
const [low, high] = [Math.min(...rates), Math.max(...rates)].map(Math.round)
const cpu = median(rounds.map((one) => one.cpu)).toFixed(0)
const settling = ((user + system) / Number(values.bills)).toFixed(0)
process.stdout.write(
  `${Math.round(median(rates))} settlements/s (${low}–${high}), ${cpu} µs of processor time each ` +
    `(settling took ${settling} µs), RssAnon ${before} → ${highest} MB\n`,
)
await store.close()
rmSync(directory, { recursive: true })
