/**
 * What settling a journal again takes, under the packs it was settled with and under another version of one of them, and what a
 * shadow costs those who settle at a steady rate: latency without one, while it is begun, and with it, in one run. 20-line bills,
 * seven layers. `--settlements=4000`, `--persons=4000`, `--rate=40`. Needs `node --expose-gc`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { replayLedger, type LedgerReplay } from '../../src/engine/replay/replay-ledger.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { valueOf } from '../micro/settle/setup.ts'
import { cityWorkload } from './city-workload.ts'
import { assertAnswered } from './measures.ts'

const { values } = parseArgs({
  options: {
    settlements: { type: 'string', default: '4000' },
    persons: { type: 'string', default: '4000' },
    rate: { type: 'string', default: '40' },
  },
})
const packs = fileURLToPath(new URL('../../../bench/micro/packs', import.meta.url))
const workload = cityWorkload({ packs, lines: 20, persons: Number(values.persons), bills: 2_000 })
const directory = mkdtempSync(join(tmpdir(), 'qingfen-bench-'))
const store = valueOf(await openLedgerStore(directory))
const settings = { dateToleranceDays: 100_000 }
const engine = valueOf(await openEngine({ store, clock: () => workload.now, settings }))
let submitted = 0

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Bytes kept by live objects. */
function memoryKept(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Seconds of a core that the process has taken: what else runs on the machine does not count. */
function coreSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function settleNext(): Promise<number> {
  const index = submitted
  submitted += 1
  const { hospital, bill } = workload.requestAt(index)
  const requestId = `R${String(index).padStart(9, '0')}`
  const begun = performance.now()
  const body = { bill }
  const reply = await engine.submit({ operation: 'settle', hospital, requestId, body })
  assertAnswered(reply)
  return performance.now() - begun
}

async function settleAll(count: number): Promise<void> {
  const last = submitted + count
  const begun = coreSeconds()
  const client = async () => {
    while (submitted < last) await settleNext()
  }
  await Promise.all(Array.from({ length: 64 }, client))
  print(`settled: ${Math.round(count / (coreSeconds() - begun))} a core-second`)
}

async function steady(name: string, seconds: number): Promise<void> {
  const gap = 1000 / Number(values.rate)
  const begun = performance.now()
  const replies: Promise<number>[] = []
  for (let index = 0; index < seconds * Number(values.rate); index += 1) {
    const due = begun + index * gap - performance.now()
    if (due > 0) await pause(due)
    replies.push(settleNext())
  }
  const latencies = (await Promise.all(replies)).toSorted((a, b) => a - b)
  const at = (share: number) => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1)
  print(`${name}: p50 ${at(0.5)} p99 ${at(0.99)} ms`)
}

function replay(what: string, options: LedgerReplay): void {
  const begun = coreSeconds()
  const steps = replayLedger(store, options)
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  const { changed, standing } = step.value.settlements
  const rate = Math.round(standing / (coreSeconds() - begun))
  print(`replay, ${what}: ${rate} a core-second, ${changed} of ${standing} change`)
}

await workload.install(engine)
await settleAll(Number(values.settlements))
const jurisdiction = String([...store.range('rules')][0]?.key)
const known = new Set(engine.rulesState(jurisdiction)?.packs.map(({ hash }) => hash))
const text = readFileSync(join(packs, 'commercial.yaml'), 'utf8').replaceAll('80%', '64%')
const other = valueOf(readPacks(text, 'other.yaml', () => undefined)).packs.find(
  ({ hash }) => !known.has(hash),
)
assert(other !== undefined, 'a text with other rates is another version')
const content = new Map([[other.hash, Buffer.from(JSON.stringify(other), 'utf8')]])
for (let round = 0; round < 2; round += 1) {
  replay('same packs', { candidate: { jurisdiction, packs: [] } })
  replay('another version', { candidate: { jurisdiction, packs: [other.hash] }, content })
}
valueOf(await engine.rules.publish({ jurisdiction, packs: [other] }))
for (let round = 0; round < 2; round += 1) await steady('without a shadow', 8)
const before = memoryKept()
const begun = performance.now()
valueOf(await engine.rules.shadow(jurisdiction, other.hash))
await steady('while it is begun', 8)
const behind = () => valueOf(engine.shadowReport(jurisdiction, other.hash)).behind
while (behind() > 0) await pause(10)
const seconds = ((performance.now() - begun) / 1000).toFixed(1)
print(
  `begun in ${seconds} s, keeps ${Math.round((memoryKept() - before) / submitted)} B a settlement`,
)
for (let round = 0; round < 2; round += 1) await steady('with a shadow', 8)
print(`behind at the end: ${behind()} records`)
await engine.close()
await store.close()
rmSync(directory, { recursive: true })
