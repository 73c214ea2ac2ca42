import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { backupLedger } from '../../src/store/backup-ledger.ts'
import { checkStore } from '../../src/store/check-store.ts'
import { lockLedger } from '../../src/store/ledger-lock.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { restoreLedger } from '../../src/store/restore-ledger.ts'
import { seededChance } from './chance.ts'
import { freshFolder, given } from './places.ts'
import { StoreModel, randomCommit } from './random-commits.ts'

let folder = ''
const model = new StoreModel()
beforeEach(() => {
  folder = freshFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A ledger with `model` in it, and a backup of it, the ledger closed. */
async function backedUp(): Promise<string> {
  const store = given(await openLedgerStore(join(folder, 'ledger')))
  const chance = seededChance(11)
  for (let commit = 0; commit < 30; commit += 1) {
    const puts = randomCommit(model, chance)
    model.apply(puts)
    await store.commit(puts)
  }
  await store.backup(join(folder, 'backup'))
  await store.commit([{ table: 'meta', key: 'later', value: new Uint8Array(1) }])
  await store.close()
  return join(folder, 'backup')
}

it('puts a checked copy in place', async () => {
  const backup = await backedUp()
  const before = readFileSync(join(backup, 'data.mdb'))
  const to = join(folder, 'restored')
  mkdirSync(to)
  expect(given(await restoreLedger(backup, to))).toBeGreaterThan(50)
  expect(readdirSync(to)).toEqual(['data.mdb'])
  expect(readdirSync(backup)).toEqual(['data.mdb'])
  expect(readFileSync(join(backup, 'data.mdb')).equals(before)).toBe(true)
  const store = given(await openLedgerStore(to))
  expect([...checkStore(store)].filter(({ kind }) => kind === 'problem')).toEqual([])
  expect(model.difference(store)).toBeUndefined()
  await store.commit([{ table: 'meta', key: 'goes on', value: new Uint8Array(1) }])
  await store.close()
  expect(readdirSync(folder).toSorted()).toEqual(['backup', 'ledger', 'restored'])
})

it('overwrites nothing', async () => {
  const backup = await backedUp()
  mkdirSync(join(folder, 'full'))
  writeFileSync(join(folder, 'full', 'note'), 'text')
  const notEmpty = { code: 'STORE_TARGET_NOT_EMPTY' }
  expect(await restoreLedger(backup, join(folder, 'full'))).toMatchObject({ problems: [notEmpty] })
  const store = given(await openLedgerStore(join(folder, 'ledger')))
  await expect(store.backup(join(folder, 'full'))).rejects.toMatchObject({ problem: notEmpty })
  await expect(store.backup(backup)).rejects.toMatchObject({ problem: notEmpty })
  await store.close()
  expect(readdirSync(join(folder, 'full'))).toEqual(['note'])
})

it('refuses what is no ledger, and leaves nothing behind', async () => {
  mkdirSync(join(folder, 'empty'))
  for (const from of [join(folder, 'empty'), join(folder, 'nowhere')]) {
    const refused = await restoreLedger(from, join(folder, 'restored'))
    expect(refused).toMatchObject({ problems: [{ code: 'STORE_NOT_A_LEDGER' }] })
  }
  expect(readdirSync(folder)).toEqual(['empty'])
})

it('says of a file in the place of a ledger that it is none, not that the target is wrong', async () => {
  writeFileSync(join(folder, 'file'), 'text')
  for (const copy of [backupLedger, restoreLedger]) {
    const refused = await copy(join(folder, 'file'), join(folder, 'to'))
    expect(refused).toMatchObject({ problems: [{ code: 'STORE_NOT_A_LEDGER' }] })
  }
  expect(readdirSync(folder)).toEqual(['file'])
})

it('refuses a damaged copy, and names what is damaged', async () => {
  const backup = await backedUp()
  const file = join(backup, 'data.mdb')
  const whole = readFileSync(file)
  const codes = new Set<string>()
  for (let at = 2 * 4096; at < whole.length; at += 4096 + 512) {
    const damaged = Buffer.from(whole)
    damaged.fill(0xa5, at, at + 40)
    writeFileSync(file, damaged)
    const restored = await restoreLedger(backup, join(folder, 'restored'))
    if (restored.ok) {
      rmSync(join(folder, 'restored'), { recursive: true })
      continue
    }
    for (const { code } of restored.problems) codes.add(code)
    expect(existsSync(join(folder, 'restored'))).toBe(false)
  }
  expect([...codes]).toContain('LEDGER_DAMAGED')
  expect([...codes]).toContain('LEDGER_FILE_DAMAGED')
})

it('says why a copy could not be made, and leaves no part of it', async () => {
  const backup = await backedUp()
  const why = expect.stringContaining('ENAMETOOLONG') as unknown
  for (const [name, copy] of Object.entries({ backupLedger, restoreLedger })) {
    const refused = await copy(backup, join(folder, name, 'x'.repeat(300)))
    expect(refused).toMatchObject({ problems: [{ code: 'STORE_COPY_FAILED', details: { why } }] })
    expect(readdirSync(join(folder, name))).toEqual([])
  }
})

it('refuses a target that cannot be written', async () => {
  const backup = await backedUp()
  writeFileSync(join(folder, 'file'), 'text')
  const restored = await restoreLedger(backup, join(folder, 'file', 'below'))
  expect(restored).toMatchObject({ problems: [{ code: 'STORE_TARGET_NOT_EMPTY' }] })
})

const { statfs } = fsPromises

function setStatfs(found: typeof statfs): void {
  fsPromises.statfs = found
  syncBuiltinESMExports()
}

it('leaves no copy that could not be checked where a backup would be', async () => {
  const ledger = await backedUp()
  const to = join(folder, 'again')
  // Room for the copy and none for the two commits after it.
  setStatfs((async (path: string) =>
    Object.assign(await statfs(path), { bavail: 0 })) as typeof statfs)
  try {
    expect(await backupLedger(ledger, to)).toMatchObject({ problems: [{ code: 'STORE_FULL' }] })
  } finally {
    setStatfs(statfs)
  }
  expect(existsSync(to)).toBe(false)
  expect(given(await backupLedger(ledger, to))).toBeGreaterThan(50)
  expect(readdirSync(to)).toEqual(['data.mdb'])
})

it.each([
  ['made backup', backupLedger],
  ['restored ledger', restoreLedger],
])('takes the place of a %s that was killed, never of one that goes on', async (name, copy) => {
  const from = await backedUp()
  const to = join(folder, name)
  mkdirSync(join(to, '.unfinished'), { recursive: true })
  writeFileSync(join(to, '.unfinished', 'data.mdb'), 'half')
  const lock = given(await lockLedger(to))
  expect(await copy(from, to)).toMatchObject({ problems: [{ code: 'STORE_IN_USE' }] })
  const store = given(await openLedgerStore(from))
  await expect(store.backup(to)).rejects.toMatchObject({ problem: { code: 'STORE_IN_USE' } })
  await store.close()
  expect(readFileSync(join(to, '.unfinished', 'data.mdb'), 'utf8')).toBe('half')
  lock.release()
  expect(given(await copy(from, to))).toBeGreaterThan(50)
  expect(readdirSync(to)).toEqual(['data.mdb'])
})
