import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.ts'
import { LmdbRows } from '../../src/store/lmdb-rows.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { LEDGER_FORMAT } from '../../src/store/open-sealed.ts'
import { sealOf, writeSeal } from '../../src/store/seal.ts'
import { run } from '../cli/run.ts'
import { ClientsAtWork } from '../crash/clients-at-work.ts'
import { expectClean, sentAgain } from '../crash/checked-ledger.ts'
import type { Exchange } from '../crash/killed-run.ts'
import { START } from '../crash/load.ts'
import { installTown } from '../crash/town.ts'
import { builtProgram } from '../built-program.ts'
import { given } from '../store/places.ts'

const REQUESTS = 60

let folder: string
let known: readonly Exchange[]
/** A ledger that some clients worked on; copied for each test. */
let whole: string
let ledger: string
let file: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qingfen-refusals-'))
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'persons.csv'), 'id,jurisdiction\n')
  mkdirSync(join(folder, 'anybody'))
  chmodSync(join(folder, 'anybody'), 0o777)
  whole = join(folder, 'whole')
  const store = given(await openLedgerStore(whole))
  let now = START
  const engine = given(await openEngine({ store, clock: () => (now += 60_000) }))
  await installTown(engine)
  const clients = new ClientsAtWork(engine)
  let left = REQUESTS
  const goesOn = () => (left -= 1) >= 0
  await clients.work({ name: 'w', seed: 7, count: 4, clock: () => now, goesOn })
  known = clients.exchanges
  await engine.close()
  await store.close()
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  ledger = join(folder, 'ledger')
  file = join(ledger, 'data.mdb')
  cpSync(whole, ledger, { recursive: true })
})
afterEach(() => rmSync(ledger, { recursive: true, force: true }))

/** A ledger that can only be read can be copied. */
const COPYING = 'backup'
const COPIED_ALL_THE_SAME = ['STORE_IN_USE', 'STORE_READ_ONLY']

/** Command lines that open the ledger, each as somebody would type it. */
function commands(): readonly (readonly string[])[] {
  const persons = join(folder, 'persons.csv')
  return [
    ['verify', ledger],
    ['show', ledger, 'S000000000020'],
    ['export', ledger],
    [COPYING, ledger, join(folder, 'anybody', 'copy')],
    ['import', persons, '--ledger', ledger, '--kind', 'person'],
  ]
}

/** Every command says the code, what is wrong and what to do, in Chinese and in English, and that it failed. */
async function expectRefused(code: string, zh: string, en: string): Promise<void> {
  for (const command of commands()) {
    if (command[0] === COPYING && COPIED_ALL_THE_SAME.includes(code)) {
      expect((await run('ledger', ...command)).code).toBe(0)
      rmSync(join(folder, 'anybody', 'copy'), { recursive: true })
      continue
    }
    const { code: exit, printed, complained } = await run('ledger', ...command)
    expect({ command, exit, printed }).toEqual({ command, exit: 1, printed: '' })
    for (const part of [code, zh, en]) expect(complained.replace(/\s+/g, ' ')).toContain(part)
    const asData = await run('ledger', ...command, '--json')
    expect(asData.code).toBe(1)
    const { problems } = JSON.parse(asData.printed) as { problems: readonly object[] }
    expect(problems[0]).toMatchObject({ code })
  }
}

/** Nothing was lost: verified, and every answer is given again. */
async function expectNothingLost(): Promise<void> {
  const store = given(await openLedgerStore(ledger))
  const engine = given(await openEngine({ store, clock: () => START }))
  try {
    await expectClean(store)
    await sentAgain(engine, known)
    await expectClean(store)
  } finally {
    await engine.close()
    await store.close()
  }
}

/** As a user for whom permissions count. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0 || process.seteuid === undefined) return work()
  process.seteuid(65_534)
  try {
    return await work()
  } finally {
    process.seteuid(0)
  }
}

test('a ledger that may not be written', async () => {
  chmodSync(ledger, 0o555)
  await asNobody(async () => expectRefused('STORE_READ_ONLY', '不可写', 'write access'))
  chmodSync(ledger, 0o755)
  await expectNothingLost()
})

describe('a file that is not as it should be', () => {
  test.each([
    ['no ledger', 'STORE_NOT_A_LEDGER', '不是账本', 'is not a ledger'],
    ['pages of zeros', 'LEDGER_FILE_DAMAGED', '已损坏', 'restore a backup'],
  ])('%s', async (what, code, zh, en) => {
    const before = readFileSync(file)
    const broken = what === 'no ledger' ? Buffer.from('病历'.repeat(9_000)) : Buffer.from(before)
    if (what !== 'no ledger') broken.fill(0, 2 * 4096)
    writeFileSync(file, broken)
    await expectRefused(code, zh, en)
    expect(readFileSync(file).equals(broken)).toBe(true)
    writeFileSync(file, before)
    await expectNothingLost()
  })

  test('a format of another version', async () => {
    const format = async (text: string) => {
      const rows = new LmdbRows(ledger, { mapSizeBytes: 2 ** 26, reserveBytes: 0 })
      const name = Buffer.from(text)
      const value = Buffer.alloc(name.length + 4)
      writeSeal(value, 0, name, sealOf('seal', 'format', name))
      await rows.commit([{ table: 'seal', key: 'format', value }])
      await rows.close()
    }
    await format('qingfen ledger 1')
    await expectRefused('STORE_FORMAT_UNKNOWN', '只认', 'this program knows')
    await format(LEDGER_FORMAT)
    await expectNothingLost()
  })
})

test('a ledger that another process has open', async () => {
  const store = given(await openLedgerStore(ledger))
  try {
    const args = [builtProgram('test/store/children/committer'), ledger, '1']
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout).toBe('STORE_IN_USE\n')
    await expectRefused('STORE_IN_USE', '正被另一进程使用', 'stop that process first')
  } finally {
    await store.close()
  }
  await expectNothingLost()
})

test('a folder that is not there', async () => {
  rmSync(ledger, { recursive: true })
  for (const command of commands().slice(0, 4)) {
    const { code, complained } = await run('ledger', ...command)
    expect(code).toBe(1)
    expect(complained).toMatch(/^(LEDGER_NOT_FOUND|STORE_NOT_A_LEDGER)\n/)
  }
  mkdirSync(ledger)
})
