import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import type { Put, Store } from '../../src/engine/ports.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { adviseProblem, describeProblem } from '../../src/errors/problem.ts'
import { openLedgerStore, type LedgerStoreOptions } from '../../src/store/lmdb-store.ts'
import { ClientsAtWork } from '../crash/clients-at-work.ts'
import { expectClean, journalOnceEach, sentAgain } from '../crash/checked-ledger.ts'
import { WaitingChild, type Exchange } from '../crash/killed-run.ts'
import { START } from '../crash/load.ts'
import { installTown } from '../crash/town.ts'
import { builtProgram } from '../built-program.ts'
import { given } from '../store/places.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qingfen-full-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

let now = START
const clock = () => (now += 60_000)

async function engineOn(store: Store): Promise<Engine> {
  return given(await openEngine({ store, clock }))
}

/** Codes of the refusals among the replies, each with a sentence and advice in both languages, and none with a hole in it. */
function refusalsIn(exchanges: readonly Exchange[]): ReadonlySet<string> {
  const codes = new Set<string>()
  for (const { reply } of exchanges) {
    for (const problem of reply?.kind === 'refused' ? reply.problems : []) {
      codes.add(problem.code)
      for (const language of ['zh', 'en'] as const) {
        expect(describeProblem(problem, language)).toMatch(/^[^{}]+$/)
        expect(adviseProblem(problem, language)).toMatch(/^[^{}]+$/)
      }
    }
  }
  return codes
}

function isRefusedWith(code: string): (reply: EngineReply | undefined) => boolean {
  return (reply) => reply?.kind === 'refused' && reply.problems.some((one) => one.code === code)
}

/** Opened anew, the ledger is verified, and every request has one answer. */
async function expectOneAnswerEach(
  directory: string,
  exchanges: readonly Exchange[],
  options?: LedgerStoreOptions,
): Promise<readonly Exchange[]> {
  const store = given(await openLedgerStore(directory, options))
  const engine = await engineOn(store)
  try {
    await expectClean(store)
    const known = await sentAgain(engine, exchanges)
    journalOnceEach(store)
    await expectClean(store)
    return known
  } finally {
    await engine.close()
    await store.close()
  }
}

/** Whether any of the requests is found to have been answered. */
async function repeatsIn(directory: string, exchanges: readonly Exchange[]): Promise<boolean> {
  const store = given(await openLedgerStore(directory))
  const engine = await engineOn(store)
  const replies: EngineReply[] = []
  for (const { request } of exchanges) replies.push(await engine.submit(request))
  await engine.close()
  await store.close()
  return replies.some((reply) => reply.kind === 'answer' && reply.repeat)
}

/** A disk of a few MB, which only root can make. */
const canMount = (() => {
  const trial = mkdtempSync(join(tmpdir(), 'qingfen-mount-'))
  const isMounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', trial]).status === 0
  if (isMounted) spawnSync('umount', [trial])
  rmSync(trial, { recursive: true })
  return isMounted
})()

describe('a disk that becomes full under load', () => {
  test.skipIf(!canMount)(
    'refuses, keeps what it has, and settles the same requests later',
    async () => {
      const disk = join(folder, 'disk')
      mkdirSync(disk)
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).status).toBe(0)
      try {
        const directory = join(disk, 'ledger')
        const ballast = join(disk, 'ballast')
        const options = { reserveBytes: 1_000_000 }
        const store = given(await openLedgerStore(directory, options))
        const engine = await engineOn(store)
        await installTown(engine)
        writeFileSync(ballast, new Uint8Array(13_200_000))
        const clients = new ClientsAtWork(engine)
        const isFull = () =>
          clients.exchanges.some(({ reply }) => isRefusedWith('STORE_FULL')(reply))
        const load = { seed: 3, count: 6, clock: () => now }
        await clients.work({ name: 'a', ...load, goesOn: () => !isFull() })
        const refused = clients.exchanges.filter(({ reply }) => isRefusedWith('STORE_FULL')(reply))
        expect(refusalsIn(clients.exchanges)).toContain('STORE_FULL')
        // Reading goes on, and what was answered is answered again without anything to write.
        const totals = { operation: 'dayTotals', hospital: 'H1', requestId: '' } as const
        const read = await engine.submit({ ...totals, body: { day: '2024-05-06' } })
        expect(read.kind).toBe('answer')
        const answered = clients.exchanges.filter(({ reply }) => reply?.kind === 'answer')
        await sentAgain(engine, answered)
        rmSync(ballast)
        const settled = await sentAgain(engine, refused)
        expect(settled.filter(({ reply }) => reply?.kind === 'answer').length).toBeGreaterThan(0)
        expect(refusalsIn(settled)).not.toContain('STORE_FULL')
        await engine.close()
        await store.close()
        await expectOneAnswerEach(directory, [...clients.exchanges, ...settled], options)
      } finally {
        spawnSync('umount', [disk])
      }
    },
  )
})

describe('a write of which nobody knows whether it happened', () => {
  test('a file that may not grow: no more is taken; opened anew, each request has one answer', async () => {
    const directory = join(folder, 'ledger')
    const store = given(await openLedgerStore(directory))
    const engine = await engineOn(store)
    await installTown(engine)
    await engine.close()
    await store.close()
    const bytes = statSync(join(directory, 'data.mdb')).size + 600_000
    const child = new WaitingChild(builtProgram('test/crash/child'), bytes)
    const answers = isRefusedWith('OUTCOME_UNKNOWN')
    const work = { directory, seed: 5, start: START, answers, milliseconds: 5 }
    const seen = await child.killedAtWork(work)
    expect(refusalsIn(seen)).toContain('OUTCOME_UNKNOWN')
    expect(seen.filter(({ reply }) => reply?.kind === 'answer').length).toBeGreaterThan(5)
    const known = await expectOneAnswerEach(directory, seen)
    expect(refusalsIn(known)).not.toContain('OUTCOME_UNKNOWN')
  })

  test.each(['before', 'after'] as const)(
    'an error %s the commit: refused and halted; opened anew, each has one answer',
    async (when) => {
      const directory = join(folder, 'ledger')
      const store = given(await openLedgerStore(directory))
      let left = Number.POSITIVE_INFINITY
      const failing: Store = {
        get: (table, key) => store.get(table, key),
        range: (table, range) => store.range(table, range),
        count: (table) => store.count(table),
        backup: async (path) => store.backup(path),
        close: async () => store.close(),
        async commit(puts: readonly Put[]) {
          left -= 1
          if (left === 0 && when === 'before') throw new Error('the controller went away')
          await store.commit(puts)
          if (left === 0) throw new Error('the controller went away')
        },
      }
      const engine = await engineOn(failing)
      await installTown(engine)
      left = 12
      const clients = new ClientsAtWork(engine)
      const load = { name: when, seed: 11, count: 8, clock: () => now }
      await clients.work({ ...load, goesOn: () => left > 0 })
      const unknown = clients.exchanges.filter(({ reply }) =>
        isRefusedWith('OUTCOME_UNKNOWN')(reply),
      )
      expect(unknown.length).toBeGreaterThan(0)
      expect(refusalsIn(unknown)).toEqual(new Set(['OUTCOME_UNKNOWN']))
      const [first] = unknown
      if (first === undefined) throw new Error('nothing was in flight')
      expect(isRefusedWith('OUTCOME_UNKNOWN')(await engine.submit(first.request))).toBe(true)
      await engine.close()
      await store.close()
      // What the lost commit had written is answered from there; what it had not is settled now.
      expect(await repeatsIn(directory, unknown)).toEqual(when === 'after')
      const known = await expectOneAnswerEach(directory, clients.exchanges)
      expect(refusalsIn(known)).not.toContain('OUTCOME_UNKNOWN')
    },
  )
})
