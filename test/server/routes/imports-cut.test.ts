import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyLedger } from '../../../src/engine/verification/verify-ledger.ts'
import { failure, problem } from '../../../src/errors/problem.ts'
import { stopImports } from '../../../src/server/imports/import-queue.ts'
import { grant, person, RouteTown, type Answer } from './route-town.ts'
import { serveRoutes, type ServedRoutes } from './serve-routes.ts'

/*
 * A file of all or nothing that the stop of a server cuts off when a part of it is written, and that is wrong when it comes again.
 */

const ROWS = 2_000
/** A record of an import takes no more. */
const BATCH = 256
const STOPPING = problem('ENGINE_STOPPING', '')
const LAST = `N-${ROWS - 1}`

let town: RouteTown
let served: ServedRoutes
let credentials: ReadonlyMap<string, string>

beforeEach(async () => {
  town = await RouteTown.open()
  await town.register([grant('a', 'payer-a')])
  await town.register(Array.from({ length: ROWS }, (_, at) => person(`M${at}`, [])))
  served = await serveRoutes(town, [{ id: 'a', role: 'insurer' }])
  ;({ credentials } = served)
})
afterEach(async () => {
  await served.close()
})

async function asked(path: string, more: RequestInit = {}): Promise<Answer> {
  const authorization = `Bearer ${credentials.get('a') ?? ''}`
  const headers = { authorization, ...(more.headers as Readonly<Record<string, string>>) }
  const url = `http://127.0.0.1:${served.port}/v1/rosters${path}`
  return (await (await fetch(url, { ...more, headers })).json()) as Answer
}

async function sent(rows: readonly string[], key = 'k'): Promise<Answer> {
  return asked('?mode=all', {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'idempotency-key': key },
    body: ['person,id,product,start,end', ...rows, ''].join('\n'),
  })
}

async function ended({ id }: Answer): Promise<Answer> {
  for (;;) {
    const state = await asked(`/${String(id)}`)
    if (!['waiting', 'running'].includes(String(state['status']))) return state
    await wait(1)
  }
}

function row(person: string, policy: string): string {
  return `${person},${policy},a/plan,2024-01-01,2024-12-31`
}

const FILE = Array.from({ length: ROWS }, (_, at) => row(`M${at}`, `N-${at}`))

function held(): number {
  const ids = Array.from({ length: ROWS }, (_, at) => `N-${at}`)
  return ids.filter((id) => town.engine.registered('policy', id) !== undefined).length
}

/** Sends the file to a server that stops when its first record is on the disk, or before; how it ended. */
async function cut(at: 'written' | 'before' = 'written'): Promise<Answer> {
  const { engine } = town
  const registry = engine.registry.bind(engine)
  engine.registry = async (...batch) => {
    const written = at === 'before' ? failure(STOPPING) : await registry(...batch)
    void stopImports(engine)
    return written
  }
  const state = await ended(await sent(FILE))
  engine.registry = registry
  expect(state).toMatchObject({ status: 'failed', problems: [{ code: STOPPING.code }] })
  return state
}

async function restart(): Promise<void> {
  await served.stop()
  town = await town.reopen()
  served = await serveRoutes(town, [])
}

/** Somebody else gets the policy of the last row. */
async function taken(): Promise<void> {
  expect(await ended(await sent([row('P1', LAST)], 'other'))).toMatchObject({ status: 'done' })
}

async function setRight(): Promise<void> {
  const free = { kind: 'policy', id: LAST, entry: undefined } as const
  await town.register([person('P1', []), free])
}

const folderOf = () => join(town.workFolder, 'imports')

describe('a roster of all or nothing that is cut off', () => {
  it.each([
    ['with its files', () => undefined],
    [
      'with nothing left of its files',
      () => {
        rmSync(folderOf(), { recursive: true })
      },
    ],
  ])(
    'never says that nothing is written when a part is, and goes on once the register is right: %s',
    async (_, lose) => {
      const stopped = await cut()
      expect(held()).toBe(BATCH / 2)
      await restart()
      lose()
      await taken()
      for (const _try of [1, 2]) {
        const state = await ended(await sent(FILE))
        expect(state).toMatchObject({
          id: stopped['id'],
          status: 'failed',
          report: {
            rows: ROWS,
            written: BATCH,
            problemCount: 1,
            problems: [{ code: 'ROSTER_POLICY_TAKEN', line: ROWS + 1 }],
          },
          hasErrors: true,
        })
      }
      expect(held()).toBe(BATCH / 2 + 1)
      await setRight()
      expect(await ended(await sent(FILE))).toMatchObject({
        status: 'done',
        report: { written: ROWS * 2 - BATCH, unchanged: BATCH },
      })
      expect(held()).toBe(ROWS)
      expect((await verifyLedger(town.store)).findings.total).toBe(0)
    },
  )

  it('is known from the ledger alone, and its key is taken', async () => {
    const { id } = await cut()
    await restart()
    rmSync(folderOf(), { recursive: true })
    expect(await asked(`/${String(id)}`)).toMatchObject({ id, status: 'interrupted' })
    const other = (await sent([row('P1', 'A-1')])) as unknown as { readonly problems: Answer[] }
    expect(other.problems.map(({ code }) => code)).toEqual(['REQUEST_DIFFERS'])
  })

  it('before its first record is refused when it is wrong: nothing is written', async () => {
    await cut('before')
    expect(held()).toBe(0)
    await restart()
    await taken()
    const state = await ended(await sent(FILE))
    expect(state).toMatchObject({ status: 'refused', report: { written: 0 } })
    expect(held()).toBe(1)
  })
})
