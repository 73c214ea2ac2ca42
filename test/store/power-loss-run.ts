import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { checkStore } from '../../src/store/check-store.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { seededChance } from './chance.ts'
import { freshFolder, given } from './places.ts'
import { WatchedDisk, simulatePowerLoss, watchStore } from './power-loss.ts'
import { StoreModel, randomCommit } from './random-commits.ts'

const COMMITS = 20
const CUTS_AT_THE_END = 2

/** What a disk held after a power loss during a commit: the state before it, or the one after it. */
export type Survived = 'before' | 'after'

/**
 * Random commits, each with the power failing in the middle of it and at its end, when everything is written and nobody knows
 * yet. Fails when a disk holds anything but one of the two states, whole; the seed decides all but the moment in the middle.
 */
export async function powerLossRun(seed: number): Promise<ReadonlySet<Survived>> {
  const chance = seededChance(seed)
  const directory = join(freshFolder(), 'ledger')
  const open = given(await openLedgerStore(directory))
  const disk = new WatchedDisk(directory)
  const torn: string[] = []
  const store = watchStore(open, disk, () => {
    for (let cut = 0; cut < CUTS_AT_THE_END; cut += 1)
      torn.push(simulatePowerLoss({ disk, chance }))
  })
  const seen = new Set<Survived>()
  const model = new StoreModel()
  for (let commit = 0; commit < COMMITS; commit += 1) {
    const before = model.copy()
    const puts = randomCommit(model, chance)
    model.apply(puts)
    const running = store.commit(puts)
    await new Promise((resolve) => setImmediate(resolve))
    torn.push(simulatePowerLoss({ disk, chance }))
    await running
    for (const folder of torn.splice(0)) {
      try {
        seen.add(await stateOf(folder, before, model))
      } catch (error) {
        throw new Error(`seed ${seed}, commit ${commit}, ${folder}`, { cause: error })
      }
    }
  }
  await store.close()
  rmSync(join(directory, '..'), { recursive: true })
  return seen
}

/** What the copy in `torn` holds; anything but the state before the commit that was cut and the one after it fails. */
async function stateOf(torn: string, before: StoreModel, after: StoreModel): Promise<Survived> {
  const store = given(await openLedgerStore(torn, { checkWholeFile: true }))
  try {
    expect([...checkStore(store)].filter(({ kind }) => kind === 'problem')).toEqual([])
    const found = [before.difference(store), after.difference(store)]
    expect(found).toContain(undefined)
    await store.commit([{ table: 'meta', key: 'after', value: Buffer.from('goes on') }])
    return found[0] === undefined ? 'before' : 'after'
  } finally {
    await store.close()
    rmSync(torn, { recursive: true })
  }
}
