/**
 * What a ledger costs as it grows, with a whole city registered: settlements a second through the engine, bytes on the disk,
 * memory, and the time from opening to the first answer, at each size. Between the sizes the ledger is filled with settlements of
 * persons insured alike, which are folded and committed like any other and not adjudicated again. `--persons=1000000`,
 * `--sizes=500000,5000000`, `--settlements=20000`, `--rounds=3`. At the end the sums of all balances are checked against the lines
 * that were charged.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import type { SealedStore } from '../../src/store/sealed-store.ts'
import { median } from '../micro/settle/paired.ts'
import { valueOf } from '../micro/settle/setup.ts'
import { cityWorkload } from './city-workload.ts'
import { fillLedger, templatesOf } from './fill-ledger.ts'
import { anonymousMemory, assertConserved } from './measures.ts'

const { values } = parseArgs({
  options: {
    persons: { type: 'string', default: '1000000' },
    sizes: { type: 'string', default: '500000,5000000' },
    settlements: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    inflight: { type: 'string', default: '256' },
  },
})
const persons = Number(values.persons)
const sizes = values.sizes.split(',').map(Number)
const settlements = Number(values.settlements)
const visits = Math.ceil(Math.max(...sizes) / persons)
const packs = fileURLToPath(new URL('../../../bench/micro/packs', import.meta.url))
const workload = cityWorkload({ packs, lines: 20, persons, bills: 2_000 })
const directory = mkdtempSync(join(tmpdir(), 'qingfen-growth-'))
let submitted = 0

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function opened(): Promise<{ readonly store: SealedStore; readonly engine: Engine }> {
  const store = valueOf(await openLedgerStore(directory))
  const settings = { dateToleranceDays: 100_000 }
  const clock = () => workload.now
  return { store, engine: valueOf(await openEngine({ store, clock, settings })) }
}

/** Seconds for `count` settlements, so many in flight. */
async function settle(engine: Engine, count: number): Promise<number> {
  const last = submitted + count
  const client = async () => {
    while (submitted < last) {
      const index = submitted
      submitted += 1
      const { hospital, bill } = workload.requestAt(index)
      const requestId = `R${String(index).padStart(9, '0')}`
      const body = { bill }
      const reply = await engine.submit({ operation: 'settle', hospital, requestId, body })
      assert(reply.kind === 'answer' && !reply.repeat, JSON.stringify(reply))
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: Number(values.inflight) }, client))
  return (performance.now() - begun) / 1000
}

function fileBytes(): number {
  return statSync(join(directory, 'data.mdb')).size
}

/** Time from opening the ledger to the first answer, then the rates of the rounds; the engine stays open. */
async function measure(size: number): Promise<number> {
  const begun = performance.now()
  const { store, engine } = await opened()
  await settle(engine, 1)
  const first = performance.now() - begun
  await settle(engine, settlements)
  const before = fileBytes()
  const rates: number[] = []
  for (let round = 0; round < Number(values.rounds); round += 1) {
    rates.push(settlements / (await settle(engine, settlements)))
  }
  const each = (fileBytes() - before) / settlements / rates.length
  const rate = median(rates)
  print(
    `${String(size).padStart(9)} settlements  ${rate.toFixed(0).padStart(6)}/s  ` +
      `${each.toFixed(0)} bytes each  file ${(fileBytes() / 2 ** 30).toFixed(2)} GB  ` +
      `RssAnon ${anonymousMemory()} MB  first answer after ${first.toFixed(0)} ms (target 2000)`,
  )
  assertConserved(engine)
  await engine.close()
  await store.close()
  return rate
}

const begun = performance.now()
const first = await opened()
await workload.install(first.engine)
print(`${persons} persons registered in ${((performance.now() - begun) / 1000).toFixed(0)} s`)
const templates = await templatesOf(first.engine, first.store, workload, visits)
await first.engine.close()
await first.store.close()
const rates: number[] = []
let from = 0
for (const size of sizes) {
  const store = valueOf(await openLedgerStore(directory))
  const filling = performance.now()
  await fillLedger(store, templates, { persons, from, to: size })
  print(
    `filled up to ${size}: ${((size - from) / ((performance.now() - filling) / 1000)).toFixed(0)}/s without adjudication`,
  )
  from = size
  await store.close()
  rates.push(await measure(size))
}
const [small = 0] = rates
const large = rates.at(-1) ?? 0
print(
  `rate at ${sizes.at(-1)}: ${((large / small) * 100).toFixed(0)} % of that at ${sizes[0]} (target 85)`,
)
rmSync(directory, { recursive: true })
