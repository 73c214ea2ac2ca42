import { readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockLedger } from '../../src/store/ledger-lock.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { ownIdentity } from '../../src/store/process-identity.ts'
import { builtProgram } from '../built-program.ts'
import { Child } from './child.ts'
import { freshFolder, given } from './places.ts'

const RACERS = 6
const HEARTBEAT_MS = 100
const IN_USE = { ok: false, problems: [{ code: 'STORE_IN_USE' }] }

let folder = ''
beforeEach(() => {
  folder = freshFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

function committer(directory: string, commits: number): Child {
  return new Child(process.execPath, [
    builtProgram('test/store/children/committer'),
    directory,
    String(commits),
  ])
}

it('is held against this process too, and free again when the ledger is closed', async () => {
  const store = given(await openLedgerStore(folder))
  expect(await openLedgerStore(folder)).toMatchObject({
    ok: false,
    problems: [{ code: 'STORE_IN_USE', details: { pid: process.pid } }],
  })
  await store.commit([{ table: 'meta', key: 'a', value: new Uint8Array(1) }])
  await store.close()
  const again = given(await openLedgerStore(folder))
  expect(again.count('meta')).toBe(1)
  await again.close()
})

it('is held by a process that runs, and taken over when it was killed, with all it had committed', async () => {
  const child = committer(folder, 0)
  await child.printed(20)
  expect(await openLedgerStore(folder)).toMatchObject({
    ok: false,
    problems: [{ code: 'STORE_IN_USE', details: { pid: child.process.pid } }],
  })
  child.process.kill('SIGKILL')
  await child.ended
  const ended = child.lines.filter((line) => line.startsWith('end ')).length
  const store = given(await openLedgerStore(folder))
  expect([ended, ended + 1]).toContain(store.count('journal'))
  await store.close()
})

it('goes to one of many that find a dead holder', async () => {
  const dead = committer(folder, 0)
  await dead.printed(2)
  dead.process.kill('SIGKILL')
  await dead.ended
  for (let round = 0; round < 3; round += 1) {
    const racers = Array.from({ length: RACERS }, () => committer(folder, 0))
    const first = await Promise.all(racers.map(async (racer) => (await racer.printed(1))[0]))
    const won = first.filter((line) => line === 'opened')
    expect(won).toHaveLength(1)
    expect(first.filter((line) => line === 'STORE_IN_USE')).toHaveLength(RACERS - 1)
    for (const racer of racers) racer.process.kill('SIGKILL')
    await Promise.all(racers.map(async (racer) => racer.ended))
  }
  expect(readdirSync(folder).filter((name) => /^lock-[0-9]/.test(name))).toHaveLength(1)
})

it('is not taken from a process in another container that shows signs of life', async () => {
  const elsewhere = { ...ownIdentity(), pid: 1, pidNamespace: 'pid:[1]', host: 'container' }
  const file = join(folder, 'lock-7')
  writeFileSync(file, JSON.stringify(elsewhere))
  const beating = setInterval(() => utimesSync(file, new Date(), new Date()), HEARTBEAT_MS / 4)
  expect(await lockLedger(folder, HEARTBEAT_MS)).toMatchObject(IN_USE)
  clearInterval(beating)
  const lock = given(await lockLedger(folder, HEARTBEAT_MS))
  expect(readdirSync(folder)).toEqual(['lock-8'])
  lock.release()
})

it('says so when it was taken all the same', async () => {
  const lock = given(await lockLedger(folder, HEARTBEAT_MS))
  const lost = new Promise<void>((resolve) => lock.whenLost(resolve))
  writeFileSync(join(folder, 'lock-2'), JSON.stringify({ ...ownIdentity(), pid: 1 }))
  await lost
  lock.release()
  expect(readFileSync(join(folder, 'lock-2'), 'utf8')).toContain('"pid":1')
})

it.each([
  ['an earlier process with the same pid', { started: '1' }],
  ['a process that is gone', { pid: 2 ** 22 + 1 }],
])('is not held by %s', async (_, changed) => {
  writeFileSync(join(folder, 'lock-1'), JSON.stringify({ ...ownIdentity(), ...changed }))
  given(await lockLedger(folder)).release()
})

it.each(['', '{', '"released"', '{"pid":1}', 'null'])(
  'is not held by a file that says %j',
  async (text) => {
    writeFileSync(join(folder, 'lock-3'), text)
    given(await lockLedger(folder)).release()
    expect(readFileSync(join(folder, 'lock-4'), 'utf8')).toBe('"released"')
  },
)
