/**
 * Durable settlements through the embedded engine: bills of 20 lines over five public and two commercial layers, every person of
 * the city registered. By turns in one run: the engine with so many in flight, and the bare group-commit loop, which writes the
 * same bytes in the same transactions to another ledger and adjudicates nothing. Every reply is checked, the money is conserved,
 * and the ledger verified at the end. `--settlements=6000`, `--persons=20000`, `--inflight=16,256,1024`, `--rounds=3`,
 * `--verify=false`; `--growth=N` settles N more before, without measuring.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import type { Store } from '../../src/engine/ports.ts'
import { verifyOnThreads } from '../../src/workers/on-threads.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { median } from '../micro/settle/paired.ts'
import { valueOf } from '../micro/settle/setup.ts'
import { RecordedCommits, replayCommits } from './bare-loop.ts'
import { cityWorkload, type CityWorkload } from './city-workload.ts'
import { anonymousMemory, assertAnswered, assertConserved } from './measures.ts'

const { values } = parseArgs({
  options: {
    settlements: { type: 'string', default: '6000' },
    persons: { type: 'string', default: '20000' },
    lines: { type: 'string', default: '20' },
    inflight: { type: 'string', default: '16,256,1024' },
    rounds: { type: 'string', default: '3' },
    growth: { type: 'string', default: '0' },
    verify: { type: 'string', default: 'true' },
  },
})
const packs = fileURLToPath(new URL('../../../bench/micro/packs', import.meta.url))
const workload = cityWorkload({
  packs,
  lines: Number(values.lines),
  persons: Number(values.persons),
  bills: 2_000,
})
const SETTINGS = { dateToleranceDays: 100_000 }
const directories: string[] = []
let submitted = 0

/** A ledger with everybody registered; what is committed to it can be recorded. */
async function ledger(recorded: RecordedCommits): Promise<{ store: Store; engine: Engine }> {
  const store = recorded.over(await emptyStore())
  const engine = await engineOver(store)
  await workload.install(engine)
  return { store, engine }
}

async function emptyStore(): Promise<Store> {
  const directory = mkdtempSync(join(tmpdir(), 'qingfen-bench-'))
  directories.push(directory)
  return valueOf(await openLedgerStore(directory))
}

async function engineOver(store: Store): Promise<Engine> {
  const clock = () => workload.now
  return valueOf(await openEngine({ store, clock, settings: SETTINGS }))
}

interface Round {
  readonly seconds: number
  readonly latencies: readonly number[]
}

/** Settles `count` bills, `inFlight` at a time. */
async function settleAll(
  engine: Engine,
  { requestAt }: CityWorkload,
  count: number,
  inFlight: number,
): Promise<Round> {
  const last = submitted + count
  const latencies: number[] = []
  const client = async () => {
    while (submitted < last) {
      const index = submitted
      submitted += 1
      const { hospital, bill } = requestAt(index)
      const requestId = `R${String(index).padStart(9, '0')}`
      const at = performance.now()
      const reply = await engine.submit({
        operation: 'settle',
        hospital,
        requestId,
        body: { bill },
      })
      latencies.push(performance.now() - at)
      assertAnswered(reply)
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: inFlight }, client))
  assert(latencies.length === count, 'every request is answered')
  return {
    seconds: (performance.now() - begun) / 1000,
    latencies: latencies.sort((left, right) => left - right),
  }
}

function percentile(latencies: readonly number[], share: number): string {
  return (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

const recorded = new RecordedCommits()
const { store, engine } = await ledger(recorded)
const bare = await emptyStore()
await replayCommits(bare, recorded.commits.splice(0))
const settlements = Number(values.settlements)
print(`${values.persons} persons, ${values.lines} lines, ${settlements} settlements a round`)
await settleAll(engine, workload, Math.ceil(settlements / 2), 256)
const growth = Number(values.growth)
if (growth > 0) {
  await replayCommits(bare, recorded.commits.splice(0))
  for (let done = 0; done < growth; done += 20_000) {
    await settleAll(engine, workload, 20_000, 256)
    await replayCommits(bare, recorded.commits.splice(0))
  }
}
await replayCommits(bare, recorded.commits.splice(0))

const [directory = ''] = directories
for (const inFlight of values.inflight.split(',').map(Number)) {
  const [rates, ratios, all]: [number[], number[], number[]] = [[], [], []]
  const sizeBefore = statSync(join(directory, 'data.mdb')).size
  let [perCommit, putsEach] = [0, 0]
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const { seconds, latencies } = await settleAll(engine, workload, settlements, inFlight)
    const commits = recorded.commits.splice(0)
    const bareSeconds = await replayCommits(bare, commits)
    rates.push(settlements / seconds)
    ratios.push(bareSeconds / seconds)
    all.push(...latencies)
    perCommit = settlements / commits.length
    putsEach = commits.flat().length / settlements
  }
  const grown = statSync(join(directory, 'data.mdb')).size - sizeBefore
  all.sort((left, right) => left - right)
  const [rate, ratio] = [median(rates), median(ratios)]
  print(
    `${String(inFlight).padStart(5)} in flight  ${rate.toFixed(0).padStart(6)}/s  ` +
      `${(ratio * 100).toFixed(0)} % of the bare loop (target 60)  ` +
      `p50 ${percentile(all, 0.5)} ms  p99 ${percentile(all, 0.99)} ms  ` +
      `${perCommit.toFixed(0)} a commit, ${putsEach.toFixed(1)} puts each  ` +
      `${(grown / settlements / Number(values.rounds)).toFixed(0)} bytes each`,
  )
}
print(
  `anonymous memory ${anonymousMemory()} MB; file ${(statSync(join(directory, 'data.mdb')).size / 2 ** 20).toFixed(0)} MB`,
)
assertConserved(engine)

await engine.close()
const opening = performance.now()
const again = await engineOver(store)
await settleAll(again, workload, 1, 1)
print(
  `an engine opened anew answers after ${(performance.now() - opening).toFixed(0)} ms (target 2000)`,
)
await again.close()
if (values.verify === 'true') {
  const begun = performance.now()
  const { findings, splits } = await verifyOnThreads(store, store.count('request'))
  assert(findings.total === 0, JSON.stringify(findings.first.slice(0, 2)))
  const seconds = (performance.now() - begun) / 1000
  print(
    `verified ${splits} settlements, ${(splits / seconds).toFixed(0)}/s on all cores (target 20000)`,
  )
}
await Promise.all([store.close(), bare.close()])
for (const one of directories) rmSync(one, { recursive: true })
