import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adviseProblem, describeProblem } from '../../src/errors/problem.ts'
import { LmdbRows } from '../../src/store/lmdb-rows.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { sealOf, writeSeal } from '../../src/store/seal.ts'
import { freshFolder, given } from './places.ts'

let folder = ''
let directory = ''
let file = ''
beforeEach(() => {
  folder = freshFolder()
  directory = join(folder, 'ledger')
  file = join(directory, 'data.mdb')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A ledger with some pages in it, closed. */
async function makeLedger(): Promise<void> {
  const store = given(await openLedgerStore(directory))
  for (let seq = 1; seq <= 40; seq += 1) {
    const value = new Uint8Array(5000).fill(seq)
    await store.commit([
      { table: 'journal', key: seq, value },
      { table: 'holder', key: `person:${seq}`, value: value.subarray(0, 900) },
    ])
  }
  await store.close()
}

async function refusal(options = {}): Promise<string> {
  const opened = await openLedgerStore(directory, options)
  if (opened.ok) {
    await opened.value.close()
    return 'opened'
  }
  for (const each of opened.problems) {
    expect(describeProblem(each, 'en')).not.toMatch(/\{\w+\}/)
    expect(adviseProblem(each, 'zh')).not.toBe('')
  }
  return opened.problems.map(({ code }) => code).join(' ')
}

it('makes a folder that is missing, and folders above it', async () => {
  directory = join(folder, 'a', 'b', 'c')
  expect(await refusal()).toBe('opened')
  expect(await refusal()).toBe('opened')
})

it('refuses a path that is a file, or lies below one', async () => {
  writeFileSync(join(folder, 'file'), 'text')
  directory = join(folder, 'file')
  expect(await refusal()).toBe('STORE_DIRECTORY_UNUSABLE')
  directory = join(folder, 'file', 'below')
  expect(await refusal()).toBe('STORE_DIRECTORY_UNUSABLE')
})

it('does not strew its files among others', async () => {
  mkdirSync(directory)
  writeFileSync(join(directory, 'thesis.doc'), 'text')
  expect(await refusal()).toBe('STORE_NOT_A_LEDGER')
  expect(readdirSync(directory)).toEqual(['thesis.doc'])
})

it('begins anew where making a ledger was broken off', async () => {
  mkdirSync(join(directory, '.unfinished'), { recursive: true })
  writeFileSync(join(directory, '.unfinished', 'data.mdb'), 'half')
  expect(await refusal()).toBe('opened')
  expect(readdirSync(directory)).not.toContain('.unfinished')
})

describe('a folder that cannot be written', () => {
  const isRoot = process.getuid?.() === 0

  /** As a user for whom permissions count. */
  async function refusalAsNobody(): Promise<string> {
    if (!isRoot || process.seteuid === undefined) return refusal()
    chmodSync(folder, 0o755)
    process.seteuid(65_534)
    try {
      return await refusal()
    } finally {
      process.seteuid(0)
    }
  }

  it('is refused and left alone', async () => {
    await makeLedger()
    const before = readFileSync(file)
    chmodSync(file, 0o644)
    chmodSync(directory, 0o555)
    expect(await refusalAsNobody()).toBe('STORE_READ_ONLY')
    chmodSync(directory, 0o777)
    chmodSync(file, 0o444)
    expect(await refusalAsNobody()).toBe('STORE_READ_ONLY')
    expect(readFileSync(file).equals(before)).toBe(true)
    chmodSync(file, 0o644)
    if (isRoot) chownSync(file, 0, 0)
    expect(await refusal()).toBe('opened')
  })

  it('is refused where there is no ledger yet', async () => {
    mkdirSync(directory)
    chmodSync(directory, 0o555)
    expect(await refusalAsNobody()).toBe('STORE_READ_ONLY')
    directory = join(directory, 'below')
    expect(await refusalAsNobody()).toBe('STORE_DIRECTORY_UNUSABLE')
  })

  it.skipIf(!isRoot)('is refused on a disk that is mounted so', async () => {
    await makeLedger()
    if (spawnSync('mount', ['--bind', directory, directory]).status !== 0) return
    try {
      spawnSync('mount', ['-o', 'remount,ro,bind', directory])
      expect(await refusal()).toBe('STORE_READ_ONLY')
    } finally {
      spawnSync('umount', [directory])
    }
  })
})

describe('a file that is no ledger, or no longer whole', () => {
  it.each([
    ['empty', 0],
    ['a few bytes', 100],
    ['half of the meta pages', 4096],
  ])('%s', async (_, length) => {
    await makeLedger()
    truncateSync(file, length)
    expect(await refusal()).toBe('STORE_NOT_A_LEDGER')
  })

  it('cut off anywhere', async () => {
    await makeLedger()
    const whole = readFileSync(file)
    for (let pages = 2; pages < whole.length / 4096 - 1; pages += 7) {
      const cut = whole.subarray(0, pages * 4096)
      writeFileSync(file, cut)
      const code = await refusal()
      expect(['LEDGER_FILE_DAMAGED', 'opened']).toContain(code)
      // Only pages that are free may be missing.
      if (code === 'opened') expect(await refusal({ checkWholeFile: true })).toBe('opened')
      else expect(readFileSync(file).equals(cut)).toBe(true)
    }
  })

  it.each([
    ['text', Buffer.from('hospital,amount\n'.repeat(1000))],
    ['zeros', Buffer.alloc(100_000)],
    ['noise', Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) >> 5))],
  ])('%s', async (_, content) => {
    mkdirSync(directory)
    writeFileSync(file, content)
    expect(await refusal()).toBe('STORE_NOT_A_LEDGER')
    expect(readFileSync(file).equals(content)).toBe(true)
  })

  it('zeros or noise where pages were', async () => {
    await makeLedger()
    const whole = readFileSync(file)
    for (const fill of [0, 0x5a]) {
      writeFileSync(file, Buffer.from(whole).fill(fill, 2 * 4096))
      expect(await refusal()).toBe('LEDGER_FILE_DAMAGED')
    }
  })

  it('another lmdb environment', async () => {
    mkdirSync(directory)
    const rows = new LmdbRows(directory, { mapSizeBytes: 2 ** 20, reserveBytes: 0 })
    await rows.commit([{ table: 'meta', key: 'theirs', value: new Uint8Array(4) }])
    await rows.close()
    expect(await refusal()).toBe('STORE_NOT_A_LEDGER')
  })

  it('a ledger of another format', async () => {
    mkdirSync(directory)
    const rows = new LmdbRows(directory, { mapSizeBytes: 2 ** 20, reserveBytes: 0 })
    const name = Buffer.from('qingfen ledger 1')
    const value = Buffer.alloc(name.length + 4)
    writeSeal(value, 0, name, sealOf('seal', 'format', name))
    await rows.commit([{ table: 'seal', key: 'format', value }])
    await rows.close()
    expect(await refusal()).toBe('STORE_FORMAT_UNKNOWN')
  })

  it('the sums are damaged', async () => {
    await makeLedger()
    const rows = new LmdbRows(directory, { mapSizeBytes: 2 ** 20, reserveBytes: 0 })
    const sums = Uint8Array.from(rows.get('seal', 'sums') ?? [])
    sums[3] = 255 - (sums[3] ?? 0)
    await rows.commit([{ table: 'seal', key: 'sums', value: sums }])
    await rows.close()
    expect(await refusal()).toBe('LEDGER_DAMAGED')
  })
})
