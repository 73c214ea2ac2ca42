import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngine } from '../../src/engine/open-engine.ts'
import type { Put, Store } from '../../src/engine/ports.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { accepted } from '../conformance/rules.ts'
import { seededChance } from '../store/chance.ts'
import { simulatePowerLoss, WatchedDisk, watchStore } from '../store/power-loss.ts'
import { ClientsAtWork } from './clients-at-work.ts'
import { expectClean, journalOnceEach, sentAgain } from './checked-ledger.ts'
import type { Exchange } from './killed-run.ts'
import { START } from './load.ts'
import { installTown } from './town.ts'

const CLIENTS = 6
const COMMITS = 30
/** Of a hundred commits, how many the power fails in the middle of, and at whose end, when all is written and nobody knows. */
const IN_THE_MIDDLE = 12
const AT_THE_END = 8
/** And of so many commits of the load it does in any case. */
const SURE_IN_THE_MIDDLE = 9
const SURE_AT_THE_END = 14

export interface PowerLossResult {
  readonly cuts: number
  /** Answered before a cut, added up over all cuts. */
  readonly acknowledged: number
  readonly unanswered: number
}

/** A disk after a cut, and what clients knew at that moment. */
interface Cut {
  readonly directory: string
  readonly known: readonly Exchange[]
}

/**
 * Clients at work on a real ledger; at moments that the seed decides the disk is copied as a power loss would leave it. On each copy
 * everything that had been acknowledged is there, what had not has one answer or none, and the ledger is verified. `between` stands
 * between engine and store.
 */
export async function powerLossUnderLoad(
  seed: number,
  between: (store: Store) => Store = (store) => store,
): Promise<PowerLossResult> {
  const folder = mkdtempSync(join(tmpdir(), 'qingfen-power-'))
  const cuts: Cut[] = []
  try {
    await work(join(folder, 'ledger'), seed, cuts, between)
    for (const cut of cuts) await check(cut)
  } finally {
    for (const { directory } of cuts) rmSync(directory, { recursive: true, force: true })
    rmSync(folder, { recursive: true, force: true })
  }
  const exchanges = cuts.flatMap(({ known }) => known)
  const acknowledged = exchanges.filter(({ reply }) => reply !== undefined).length
  return { cuts: cuts.length, acknowledged, unanswered: exchanges.length - acknowledged }
}

async function work(
  directory: string,
  seed: number,
  cuts: Cut[],
  between: (store: Store) => Store,
): Promise<void> {
  const open = accepted(await openLedgerStore(directory), 'the ledger opens')
  const disk = new WatchedDisk(directory)
  const chance = seededChance(seed)
  let [commits, first] = [0, 0]
  let clients: ClientsAtWork | undefined
  const cutOf = (percent: number, sure: number) => {
    const isDrawn = chance() * 100 < percent
    if (clients === undefined || !(isDrawn || commits === first + sure)) return
    cuts.push({ directory: simulatePowerLoss({ disk, chance }), known: clients.exchanges })
  }
  const watched = watchStore(open, disk, () => cutOf(AT_THE_END, SURE_AT_THE_END))
  const failing: Store = {
    ...watched,
    async commit(puts: readonly Put[]) {
      commits += 1
      const running = watched.commit(puts)
      await new Promise((resolve) => setImmediate(resolve))
      cutOf(IN_THE_MIDDLE, SURE_IN_THE_MIDDLE)
      await running
    },
  }
  let now = START
  const options = { store: between(failing), clock: () => (now += 60_000) }
  const engine = accepted(await openEngine(options), 'the engine opens')
  await installTown(engine)
  clients = new ClientsAtWork(engine)
  first = commits
  const last = commits + COMMITS
  await clients.work({
    name: String(seed),
    seed,
    count: CLIENTS,
    clock: () => now,
    goesOn: () => commits < last,
  })
  clients = undefined
  await engine.close()
  await options.store.close()
}

async function check({ directory, known }: Cut): Promise<void> {
  const opened = await openLedgerStore(directory, { checkWholeFile: true })
  const store = accepted(opened, 'the ledger opens after the power loss')
  const engine = accepted(await openEngine({ store, clock: () => START }), 'the engine opens')
  try {
    await expectClean(store)
    await sentAgain(engine, known)
    journalOnceEach(store)
    await expectClean(store)
  } finally {
    await engine.close()
    await store.close()
  }
}
