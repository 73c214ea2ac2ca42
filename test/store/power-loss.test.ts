import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { builtProgram } from '../built-program.ts'
import { AskedChild } from './asked-child.ts'
import { seededChance } from './chance.ts'
import { Child } from './child.ts'
import { freshFolder, given } from './places.ts'
import { WatchedDisk } from './power-loss.ts'
import { powerLossRun } from './power-loss-run.ts'
import { StoreModel, randomCommit } from './random-commits.ts'
import { rowsDigest } from './rows-digest.ts'

const SEEDS = 5

it('has after a power loss what it had said it has, and no part of what it had not', async () => {
  const seen = new Set<string>()
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    for (const survived of await powerLossRun(seed)) seen.add(survived)
  }
  expect([...seen].toSorted()).toEqual(['after', 'before'])
})

/** The meta page came to the disk and the pages did not: what `fdatasync` is there to prevent. */
function withoutPages(disk: WatchedDisk): string {
  const { flushed, written } = disk.state()
  const torn = Buffer.alloc(written.length)
  flushed.copy(torn)
  written.copy(torn, 0, 0, 2 * 4096)
  const folder = freshFolder()
  writeFileSync(join(folder, 'data.mdb'), torn)
  return folder
}

it('would find a store that does not flush before it refers to what it wrote', async () => {
  const chance = seededChance(7)
  const directory = join(freshFolder(), 'ledger')
  const store = given(await openLedgerStore(directory))
  const disk = new WatchedDisk(directory)
  const model = new StoreModel()
  const reader = new AskedChild(
    () => new Child(process.execPath, [builtProgram('test/store/children/row-reader')]),
  )
  for (let commits = 0; commits < 20;) {
    const puts = randomCommit(model, chance)
    model.apply(puts)
    await store.commit(puts)
    if (puts.length > 0) {
      commits += 1
      const torn = withoutPages(disk)
      expect(await reader.ask(torn)).not.toBe(rowsDigest(store))
      rmSync(torn, { recursive: true })
    }
    disk.settle()
  }
  await reader.stop()
  await store.close()
  rmSync(join(directory, '..'), { recursive: true })
})
