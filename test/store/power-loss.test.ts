import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkStore } from '../../src/store/check-store.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { seededChance } from './chance.ts'
import { freshFolder, given } from './places.ts'
import { WatchedDisk } from './power-loss.ts'
import { powerLossRun } from './power-loss-run.ts'
import { StoreModel, randomCommit } from './random-commits.ts'

const SEEDS = 5

it('has after a power loss what it had said it has, and no part of what it had not', async () => {
  const seen = new Set<string>()
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    for (const survived of await powerLossRun(seed)) seen.add(survived)
  }
  expect([...seen].toSorted()).toEqual(['after', 'before'])
})

/** The meta page came to the disk and the pages did not: what `fdatasync` is there to prevent. */
async function isFoundWithoutPages(disk: WatchedDisk, model: StoreModel): Promise<boolean> {
  const { flushed, written } = disk.state()
  const torn = Buffer.alloc(written.length)
  flushed.copy(torn)
  written.copy(torn, 0, 0, 2 * 4096)
  const folder = freshFolder()
  writeFileSync(join(folder, 'data.mdb'), torn)
  try {
    const opened = await openLedgerStore(folder, { checkWholeFile: true })
    if (!opened.ok) return true
    const wrong = [...checkStore(opened.value)].some(({ kind }) => kind === 'problem')
    const differs = wrong || model.difference(opened.value) !== undefined
    await opened.value.close()
    return differs
  } finally {
    rmSync(folder, { recursive: true })
  }
}

it('would find a store that does not flush before it refers to what it wrote', async () => {
  const chance = seededChance(7)
  const directory = join(freshFolder(), 'ledger')
  const store = given(await openLedgerStore(directory))
  const disk = new WatchedDisk(directory)
  const model = new StoreModel()
  let [found, commits] = [0, 0]
  while (commits < 20) {
    const puts = randomCommit(model, chance)
    model.apply(puts)
    await store.commit(puts)
    if (puts.length > 0) {
      commits += 1
      found += (await isFoundWithoutPages(disk, model)) ? 1 : 0
    }
    disk.settle()
  }
  await store.close()
  rmSync(join(directory, '..'), { recursive: true })
  expect(found).toBe(commits)
})
