import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkStore } from '../../src/store/check-store.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { builtProgram } from '../built-program.ts'
import { Child } from './child.ts'
import { freshFolder, given } from './places.ts'

/** The two meta pages. */
const META_BYTES = 2 * 4096

let folder = ''
beforeEach(() => {
  folder = freshFolder()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Whether small disks can be made, as only root can. */
const canMount = (() => {
  const trial = freshFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', trial]).status === 0
  if (mounted) spawnSync('umount', [trial])
  rmSync(trial, { recursive: true })
  return mounted
})()
const canInject =
  spawnSync('strace', ['-f', '-e', 'inject=fdatasync:error=EIO:when=99', 'true']).status === 0

/** The last commit whose end was printed. */
function lastEnded(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => Number(/^end (\d+)$/.exec(line)?.[1] ?? 0)))
}

/** The last commit that was begun. */
function lastBegun(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => Number(/^begin (\d+)$/.exec(line)?.[1] ?? 0)))
}

async function untilRefused(child: Child): Promise<string> {
  for (let count = 1; ; count += 1) {
    const lines = await child.printed(count)
    const refused = lines.find((line) => /^(STORE_|unhandled)/.test(line))
    if (refused !== undefined) return refused
    if (lines.length < count) throw new Error(`ended: ${lines.join('; ')}`)
  }
}

/** `begun`: a last commit that was begun and whose end nobody was told of is there or not. */
async function expectWhole(directory: string, ended: number, begun = ended): Promise<void> {
  const store = given(await openLedgerStore(directory, { checkWholeFile: true, reserveBytes: 0 }))
  expect(store.count('journal')).toBeGreaterThanOrEqual(ended)
  expect(store.count('journal')).toBeLessThanOrEqual(begun)
  expect([...checkStore(store)].filter(({ kind }) => kind === 'problem')).toEqual([])
  await store.close()
}

async function commitOnce(directory: string): Promise<void> {
  const store = given(await openLedgerStore(directory))
  await store.commit([{ table: 'meta', key: 'a', value: new Uint8Array(1) }])
  await store.close()
}

describe('a full disk', () => {
  it.skipIf(!canMount).each([
    ['met by lmdb', '-99999999', 7],
    ['met by us', '500000', 0],
  ])('%s: nothing is lost, and it goes on when there is room again', async (_, reserve, spare) => {
    const disk = join(folder, 'disk')
    let child: Child | undefined
    mkdirSync(disk)
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]).status).toBe(0)
    try {
      const ballast = join(disk, 'ballast')
      writeFileSync(ballast, new Uint8Array(2_000_000 + spare))
      const directory = join(disk, 'ledger')
      const program = builtProgram('test/store/children/committer')
      child = new Child(process.execPath, [program, directory, '90', '50000', reserve])
      const refused = await untilRefused(child)
      expect(refused).toMatch(/^STORE_FULL \d+ readable$/)
      const before = lastEnded(child.lines)
      expect(before).toBeGreaterThan(5)
      const lines = child.lines.length
      rmSync(ballast)
      child.say('again')
      expect((await child.printed(lines + 2))[lines + 1]).toBe(`end ${before + 1}`)
      child.process.kill('SIGKILL')
      await child.ended
      // It went on until it was killed.
      await expectWhole(directory, lastEnded(child.lines), lastBegun(child.lines))
    } finally {
      child?.process.kill('SIGKILL')
      await child?.ended
      spawnSync('umount', [disk])
    }
  })

  it('is refused by the reserve before anything is written', async () => {
    const opened = await openLedgerStore(join(folder, 'ledger'), { reserveBytes: 2 ** 60 })
    expect(opened).toMatchObject({ ok: false, problems: [{ code: 'STORE_FULL' }] })
    const store = given(await openLedgerStore(join(folder, 'ledger')))
    await store.commit([{ table: 'meta', key: 'a', value: new Uint8Array(1) }])
    await store.close()
    const full = given(await openLedgerStore(join(folder, 'ledger'), { reserveBytes: 2 ** 60 }))
    const refused = full.commit([{ table: 'meta', key: 'a', value: new Uint8Array(2) }])
    await expect(refused).rejects.toMatchObject({ problem: { code: 'STORE_FULL' } })
    expect(full.get('meta', 'a')).toEqual(new Uint8Array(1))
    await full.close()
  })
})

describe('a full disk elsewhere', () => {
  it.skipIf(!canMount)('takes no backup, and has no part of one', async () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status).toBe(0)
    try {
      const store = given(await openLedgerStore(join(folder, 'ledger')))
      await store.commit([{ table: 'journal', key: 1, value: new Uint8Array(3_000_000) }])
      await expect(store.backup(join(disk, 'copy'))).rejects.toMatchObject({
        problem: { code: 'STORE_COPY_FAILED' },
      })
      expect(existsSync(join(disk, 'copy'))).toBe(false)
      await store.close()
    } finally {
      spawnSync('umount', [disk])
    }
  })
})

const UNREADABLE = ['get', 'range', 'count'].map((how) => `${how}: STORE_READ_FAILED journal`)

describe('pages that are lost under an open ledger', () => {
  it('are told from rows that are not there, and nothing is written any more', async () => {
    const directory = join(folder, 'ledger')
    const program = builtProgram('test/store/children/lost-pages')
    const child = new Child(process.execPath, [program, directory])
    const { code, signal, printed } = await child.ended
    const said = printed.split('\n').slice(0, -1)
    const commits = ['first', 'again'].map((time) => `${time} commit: STORE_WRITE_FAILED`)
    const all = ['lost', ...UNREADABLE, ...commits, ...UNREADABLE, 'closed']
    // lmdb maps the file, so that it may take the process down: then it has said nothing else before, and nothing is written either.
    expect(said).toEqual(signal === null ? all : all.slice(0, Math.max(4, said.length)))
    expect(signal ?? code).toBe(signal ?? 0)
    const pages = readFileSync(join(directory, 'data.mdb')).subarray(META_BYTES)
    expect(pages.every((byte) => byte === 0)).toBe(true)
  })
})

describe('a disk that fails', () => {
  it('stops writing, still reads, and has everything when it is opened again', async () => {
    const directory = join(folder, 'ledger')
    const program = builtProgram('test/store/children/committer')
    const limited = `ulimit -f 6000; exec "$0" "$@"`
    const command = ['-c', limited, process.execPath, program, directory, '0', '50000']
    const child = new Child('sh', command)
    const refused = await untilRefused(child)
    expect(refused).toMatch(/^STORE_WRITE_FAILED \d+ readable$/)
    const lines = child.lines.length
    child.say('again')
    expect((await child.printed(lines + 2)).at(-1)).toBe(refused)
    child.process.stdin?.end()
    expect((await child.ended).code).toBe(0)
    await expectWhole(directory, lastEnded(child.lines))
  })

  it.skipIf(!canInject).each([
    ['fdatasync', 'EIO', 9, 'STORE_WRITE_FAILED'],
    ['fdatasync', 'ENOSPC', 9, 'STORE_FULL'],
    ['writev', 'EIO', 9, 'STORE_WRITE_FAILED'],
    ['writev', 'ENOSPC', 9, 'STORE_FULL'],
    // The fifth is that of a meta page.
    ['pwrite64', 'EIO', 5, 'STORE_WRITE_FAILED'],
  ])('%s gives %s, call %i: %s, and the ledger is as before', async (call, error, when, code) => {
    const directory = join(folder, 'ledger')
    const program = builtProgram('test/store/children/committer')
    const inject = `inject=${call}:error=${error}:when=${when}`
    const traced = ['-f', '-o', '/dev/null', '-e', inject, '-E', 'UV_THREADPOOL_SIZE=1']
    const child = new Child('strace', [
      ...traced,
      process.execPath,
      program,
      directory,
      '20',
      '9000',
    ])
    expect(await untilRefused(child)).toMatch(new RegExp(`^${code} \\d+ readable$`))
    const lines = child.lines.length
    child.say('again')
    const [, again = ''] = (await child.printed(lines + 2)).slice(lines)
    expect(again).toMatch(code === 'STORE_FULL' ? /^end / : /^STORE_WRITE_FAILED \d+ readable$/)
    child.process.stdin?.end()
    await child.ended
    const blocks = lastEnded(child.lines)
    // A meta page that could not be written looks like one whose number was changed, until the next commit.
    if (call === 'pwrite64') await commitOnce(directory)
    await expectWhole(directory, blocks)
  })
})
