import fs, { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkDataFile, DATA_FILE } from '../../src/store/data-file.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { seededChance } from './chance.ts'
import { freshFolder, given } from './places.ts'
import { StoreModel, randomCommit } from './random-commits.ts'

let folder = ''
const { readSync } = fs
beforeEach(() => {
  folder = freshFolder()
})
afterEach(() => {
  setReadSync(readSync)
  rmSync(folder, { recursive: true })
})

function setReadSync(read: typeof readSync): void {
  fs.readSync = read
  syncBuiltinESMExports()
}

/** What is in the file of a ledger after so many commits, and after so many more. */
async function twoStates(commits: number): Promise<readonly Buffer[]> {
  const file = join(folder, DATA_FILE)
  const store = given(await openLedgerStore(folder))
  const model = new StoreModel()
  const chance = seededChance(5)
  const states = []
  for (let nth = 1; nth <= 2 * commits; nth += 1) {
    const puts = randomCommit(model, chance)
    model.apply(puts)
    await store.commit(puts)
    if (nth % commits === 0) states.push(readFileSync(file))
  }
  await store.close()
  return states
}

it('finds nothing wrong with a file to which another process commits meanwhile', async () => {
  const [earlier, later] = await twoStates(30)
  if (earlier === undefined || later === undefined) throw new Error('no states')
  const file = join(folder, DATA_FILE)
  writeFileSync(file, earlier)
  let reads = 0
  setReadSync(((...read: Parameters<typeof readSync>) => {
    reads += 1
    // The meta pages have been read.
    if (reads === 2) writeFileSync(file, later)
    return readSync(...read)
  }) as typeof readSync)
  expect(checkDataFile(folder, false)).toBeUndefined()
  expect(reads).toBeGreaterThan(4)
  expect(readFileSync(file).equals(later)).toBe(true)
})

it('finds what is wrong with a file at rest', async () => {
  const [earlier, later] = await twoStates(30)
  if (earlier === undefined || later === undefined) throw new Error('no states')
  // The meta pages of one state and the pages of another.
  later.set(earlier.subarray(0, 2 * 4096))
  writeFileSync(join(folder, DATA_FILE), later)
  expect(checkDataFile(folder, false)).toMatchObject({ code: 'LEDGER_FILE_DAMAGED' })
})
