import { cpSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import type { SealedStore } from '../../src/store/sealed-store.ts'
import { median } from '../micro/settle/paired.ts'
import { valueOf } from '../micro/settle/setup.ts'
import type { CityWorkload } from './city-workload.ts'
import { fillLedger, templatesOf } from './fill-ledger.ts'
import { anonymousMemory, assertAnswered, assertConserved } from './measures.ts'
import { ENGINE_SETTINGS } from './workload-spec.ts'

export interface GrowthOptions {
  /** Of a ledger in which nothing is settled; it grows to the largest size, and a copy for each of the others is made beside it. */
  readonly directory: string
  readonly workload: CityWorkload
  /** Everybody is registered in it. */
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
  /** From opening the ledger to the first answer, ms, in the median. */
  readonly firstAnswerMs: number
}

/** A ledger of one size, and what has been measured with it. */
interface Place {
  readonly size: number
  readonly directory: string
  readonly rates: number[]
  readonly firstAnswersMs: number[]
  bytes: number
  /** Requests so far, so that none comes twice. */
  submitted: number
  memory: number
}

/**
 * What a ledger costs at each size. Up to its size a ledger is filled with settlements of persons insured alike, which are folded and
 * committed like any other and not adjudicated again. The sizes are measured by turns, so that what else the machine does meets them
 * alike; the sums of all balances are checked each time.
 */
export async function measureGrowth(
  options: GrowthOptions,
  print: (text: string) => void,
): Promise<readonly GrownTo[]> {
  const places = await filled(options)
  print(`  ledgers of ${options.sizes.join(', ')} settlements are filled`)
  for (let round = 0; round < options.rounds; round += 1) {
    const order = round % 2 === 0 ? places : places.toReversed()
    for (const place of order) await measure(options, place)
  }
  return places.map((place) => {
    const rate = median(place.rates)
    print(`  ${place.size} settlements: ${Math.round(rate)}/s`)
    return {
      size: place.size,
      rate,
      bytesEach: place.bytes / place.submitted,
      fileBytes: fileBytes(place),
      memory: place.memory,
      firstAnswerMs: median(place.firstAnswersMs),
    }
  })
}

/** A ledger of each size, the larger ones grown from the smaller. */
async function filled(options: GrowthOptions): Promise<readonly Place[]> {
  const { workload, persons, sizes, directory } = options
  const visits = Math.ceil(Math.max(...sizes) / persons)
  const first = await opened(options, directory)
  if (!options.isPrepared) await workload.install(first.engine)
  const templates = await templatesOf(first.engine, first.store, workload, visits)
  await first.engine.close()
  await first.store.close()
  const places: Place[] = []
  let from = 0
  for (const size of sizes) {
    const store = valueOf(await openLedgerStore(directory))
    await fillLedger(store, templates, { persons, from, to: size })
    await store.close()
    from = size
    // Beside it, so that both are on the same disk; the largest where it is: with a copy of it more than the memory would be in use, and
    // what is measured would be read from the disk.
    const own = size === sizes.at(-1) ? directory : join(directory, '..', `grown-${size}`)
    if (own !== directory) cpSync(directory, own, { recursive: true })
    const nothing = { rates: [], firstAnswersMs: [], bytes: 0, submitted: 0, memory: 0 }
    places.push({ size, directory: own, ...nothing })
  }
  return places
}

function fileBytes({ directory }: Pick<Place, 'directory'>): number {
  return statSync(join(directory, 'data.mdb')).size
}

async function opened(
  { workload }: GrowthOptions,
  directory: string,
): Promise<{ readonly store: SealedStore; readonly engine: Engine }> {
  const store = valueOf(await openLedgerStore(directory))
  const clock = () => workload.now
  return { store, engine: valueOf(await openEngine({ store, clock, settings: ENGINE_SETTINGS })) }
}

/** Seconds for `count` settlements, so many in flight. */
async function settle(
  { workload, inFlight }: GrowthOptions,
  engine: Engine,
  place: Place,
  count: number,
): Promise<number> {
  const last = place.submitted + count
  const client = async () => {
    while (place.submitted < last) {
      const index = place.submitted
      place.submitted += 1
      const { hospital, bill } = workload.requestAt(index)
      const requestId = `R${String(index).padStart(9, '0')}`
      const body = { bill }
      const reply = await engine.submit({ operation: 'settle', hospital, requestId, body })
      assertAnswered(reply)
    }
  }
  const begun = performance.now()
  await Promise.all(Array.from({ length: inFlight }, client))
  return (performance.now() - begun) / 1000
}

/** One round of one size: opened, warmed up by half a round, measured. */
async function measure(options: GrowthOptions, place: Place): Promise<void> {
  const { settlements } = options
  const before = fileBytes(place)
  const begun = performance.now()
  const { store, engine } = await opened(options, place.directory)
  await settle(options, engine, place, 1)
  place.firstAnswersMs.push(performance.now() - begun)
  await settle(options, engine, place, Math.ceil(settlements / 2))
  place.rates.push(settlements / (await settle(options, engine, place, settlements)))
  assertConserved(engine)
  place.memory = Math.max(place.memory, anonymousMemory())
  await engine.close()
  await store.close()
  place.bytes += fileBytes(place) - before
}
