import { statSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../../src/assert.ts'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import type { SealedStore } from '../../src/store/sealed-store.ts'
import { median } from '../micro/settle/paired.ts'
import { valueOf } from '../micro/settle/setup.ts'
import type { CityWorkload } from './city-workload.ts'
import { fillLedger, templatesOf } from './fill-ledger.ts'
import { anonymousMemory, assertConserved } from './measures.ts'
import { ENGINE_SETTINGS } from './workload-spec.ts'

export interface GrowthOptions {
  /** Of a ledger; its persons are registered if it has not been used, and nothing is settled in it. */
  readonly directory: string
  readonly workload: CityWorkload
  readonly isPrepared: boolean
  readonly persons: number
  /** Settlements in the ledger when it is measured, rising. */
  readonly sizes: readonly number[]
  /** Of a round, and rounds. */
  readonly settlements: number
  readonly rounds: number
  readonly inFlight: number
}

export interface GrownTo {
  readonly size: number
  /** Settlements a second through the embedded engine. */
  readonly rate: number
  /** Bytes of the file for each settlement. */
  readonly bytesEach: number
  readonly fileBytes: number
  /** MB, of the process. */
  readonly memory: number
  /** From opening the ledger to the first answer, ms. */
  readonly firstAnswerMs: number
}

/**
 * What a ledger costs at each size. Between the sizes it is filled with settlements of persons insured alike, which are folded and
 * committed like any other and not adjudicated again.
 */
export async function measureGrowth(
  options: GrowthOptions,
  print: (text: string) => void,
): Promise<readonly GrownTo[]> {
  const { workload, persons, sizes } = options
  const visits = Math.ceil(Math.max(...sizes) / persons)
  const first = await opened(options)
  if (!options.isPrepared) await workload.install(first.engine)
  const templates = await templatesOf(first.engine, first.store, workload, visits)
  await first.engine.close()
  await first.store.close()
  const submitted = { count: 0 }
  const grown: GrownTo[] = []
  let from = 0
  for (const size of sizes) {
    const store = valueOf(await openLedgerStore(options.directory))
    await fillLedger(store, templates, { persons, from, to: size })
    from = size
    await store.close()
    const measured = await measure(options, size, submitted)
    print(`  ${size} settlements: ${Math.round(measured.rate)}/s`)
    grown.push(measured)
  }
  return grown
}

async function opened({
  directory,
  workload,
}: GrowthOptions): Promise<{ readonly store: SealedStore; readonly engine: Engine }> {
  const store = valueOf(await openLedgerStore(directory))
  const clock = () => workload.now
  return { store, engine: valueOf(await openEngine({ store, clock, settings: ENGINE_SETTINGS })) }
}

/** Settles by how many have been before, so that no request comes twice. */
interface Submitted {
  count: number
}

/** Seconds for `count` settlements, so many in flight. */
async function settle(
  { workload, inFlight }: GrowthOptions,
  engine: Engine,
  submitted: Submitted,
  count: number,
): Promise<number> {
  const last = submitted.count + count
  const client = async () => {
    while (submitted.count < last) {
      const index = submitted.count
      submitted.count += 1
      const { hospital, bill } = workload.requestAt(index)
      const requestId = `R${String(index).padStart(9, '0')}`
      const body = { bill }
      const reply = await engine.submit({ operation: 'settle', hospital, requestId, body })
      assert(reply.kind === 'answer' && !reply.repeat, JSON.stringify(reply))
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: inFlight }, client))
  return (performance.now() - begun) / 1000
}

/** The sums of all balances are checked against the lines that were charged. */
async function measure(
  options: GrowthOptions,
  size: number,
  submitted: Submitted,
): Promise<GrownTo> {
  const { directory, settlements, rounds } = options
  const fileBytes = () => statSync(join(directory, 'data.mdb')).size
  const begun = performance.now()
  const { store, engine } = await opened(options)
  await settle(options, engine, submitted, 1)
  const firstAnswerMs = performance.now() - begun
  await settle(options, engine, submitted, settlements)
  const before = fileBytes()
  const rates: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    rates.push(settlements / (await settle(options, engine, submitted, settlements)))
  }
  assertConserved(engine)
  const memory = anonymousMemory()
  await engine.close()
  await store.close()
  return {
    size,
    rate: median(rates),
    bytesEach: (fileBytes() - before) / settlements / rounds,
    fileBytes: fileBytes(),
    memory,
    firstAnswerMs,
  }
}
