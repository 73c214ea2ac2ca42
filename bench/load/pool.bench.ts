/**
 * What a pool of workers is worth on this machine: durable settlements a second through the whole engine, bills evaluated inline and
 * on 1 and 2 workers, by turns in one run, as ratios to inline; with the processor time that a settlement costs all threads and
 * the writer's, which neighbours on the machine disturb less. `--bills=N`, `--store=memory|lmdb`, `--inflight=256`, `--lines=20`,
 * `--rounds=3`, `--workers=1,2`. Every reply is counted, and the balances must sum up to nothing.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import type { Engine } from '../../src/engine/open-engine.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { automaticWorkers } from '../../src/workers/automatic-workers.ts'
import { openPool } from '../../src/workers/open-pool.ts'
import { valueOf } from '../micro/settle/setup.ts'
import { cityWorkload, type CityWorkload } from './city-workload.ts'
import { assertAnswered } from './measures.ts'

const { values } = parseArgs({
  options: {
    bills: { type: 'string', default: '8000' },
    store: { type: 'string', default: 'memory' },
    inflight: { type: 'string', default: '256' },
    lines: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    workers: { type: 'string', default: '1,2' },
  },
})
const packs = fileURLToPath(new URL('../../../bench/micro/packs', import.meta.url))
const counts = [0, ...values.workers.split(',').map(Number)]
const bills = Number(values.bills)
/** A part of the bills comes first, unmeasured: compilers and workers warm up. */
const warmUp = Math.floor(bills / 4)

interface Rate {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** Processor time of a settlement, µs: of all threads, and of the one of the writer. */
  readonly cpu: number
  readonly writerCpu: number
}

const workload = cityWorkload({
  packs,
  lines: Number(values.lines),
  persons: Math.ceil(bills / 8),
  bills,
})
const rates = new Map<number, Rate[]>(counts.map((workers) => [workers, []]))
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const workers of counts) {
    const rate = await settleAll(workload, workers)
    rates.get(workers)?.push(rate)
    const times = `p50 ${rate.p50.toFixed(1)} ms  p99 ${rate.p99.toFixed(1)} ms`
    const cpu = `cpu ${rate.cpu.toFixed(0)} µs, writer ${rate.writerCpu.toFixed(0)} µs`
    process.stdout.write(
      `${nameOf(workers).padEnd(10)} ${rate.perSecond.toFixed(0).padStart(6)}/s  ${times}  ${cpu}\n`,
    )
  }
}
for (const [workers, found] of rates) {
  const ratio = (of: (rate: Rate) => number) =>
    (median(found.map(of)) / median((rates.get(0) ?? []).map(of))).toFixed(2)
  const rate = `rate × ${ratio(({ perSecond }) => perSecond)}`
  const cpu = `cpu × ${ratio((one) => one.cpu)}, of the writer × ${ratio((one) => one.writerCpu)}`
  process.stdout.write(`${nameOf(workers).padEnd(10)} ${rate}, ${cpu}\n`)
}
const cores = availableParallelism()
process.stdout.write(`automatic on ${cores} cores: ${nameOf(automaticWorkers(cores))}\n`)

async function settleAll(load: CityWorkload, workers: number): Promise<Rate> {
  const directory = mkdtempSync(join(tmpdir(), 'qingfen-bench-'))
  const store =
    values.store === 'memory' ? openMemoryStore() : valueOf(await openLedgerStore(directory))
  const fail = (error: unknown) => {
    throw error
  }
  const evaluator = openPool({
    content: (hash) => {
      const bytes = store.get('content', hash)
      assert(bytes !== undefined, 'a content that is named')
      return bytes
    },
    workers,
    onError: fail,
  })
  const clock = load.now
  const engine = valueOf(
    await openEngine({
      store,
      clock: () => clock,
      settings: { dateToleranceDays: 100_000 },
      onDefect: fail,
      ...(evaluator !== undefined && { evaluator }),
    }),
  )
  await load.install(engine)
  await submitAll(engine, load, 0, warmUp)
  const before = process.cpuUsage()
  const writerBefore = writerCpuUs()
  const begun = performance.now()
  const times = await submitAll(engine, load, warmUp, bills)
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(before)
  const writerCpu = (writerCpuUs() - writerBefore) / times.length
  const sum = engine.balances().reduce((total, { amount }) => total + amount, 0)
  assert(times.length === bills - warmUp && sum !== 0, 'every bill was settled')
  await engine.close()
  await store.close()
  rmSync(directory, { recursive: true })
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  return {
    perSecond: times.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    cpu: (user + system) / times.length,
    writerCpu,
  }
}

/** Processor time of the main thread so far, as Linux counts it; elsewhere 0. */
function writerCpuUs(): number {
  const file = `/proc/self/task/${process.pid}/schedstat`
  const [ns = '0'] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : []
  return Number(ns) / 1000
}

/** Milliseconds of each, so many in flight. */
async function submitAll(
  engine: Engine,
  { requestAt }: CityWorkload,
  from: number,
  to: number,
): Promise<number[]> {
  const times: number[] = []
  let next = from
  const client = async () => {
    for (;;) {
      const index = next
      next += 1
      const request = index < to ? requestAt(index) : undefined
      if (request === undefined) return
      const at = performance.now()
      const reply = await engine.submit({
        operation: 'settle',
        hospital: request.hospital,
        requestId: `R${index}`,
        body: { bill: request.bill },
      })
      times.push(performance.now() - at)
      assertAnswered(reply)
    }
  }
  await Promise.all(Array.from({ length: Number(values.inflight) }, client))
  return times
}

function nameOf(workers: number): string {
  if (workers === 0) return 'inline'
  return workers === 1 ? '1 worker' : `${workers} workers`
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
