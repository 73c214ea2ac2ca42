import { afterEach, beforeEach, expect, test } from 'vitest'
import { recordsOf } from '../../../src/engine/store-rows.ts'
import { verifyLedger } from '../../../src/engine/verification/verify-ledger.ts'
import type { SplitRecord } from '../../../src/ledger/record.ts'
import { openServer, type Server } from '../../../src/server/open-server.ts'
import { newSecret, secretAuthenticator } from '../../../src/server/secret-authenticator.ts'
import { accepted } from '../../conformance/rules.ts'
import { billOf } from '../../workers/town.ts'
import { TerminalClient } from '../terminal-client.ts'
import { acmePack } from './grants.ts'
import { commandOf, NOW, PackTown } from './pack-town.ts'

const TIMEOUT = 60_000
const ACTIVATIONS = 100

let town: PackTown
let server: Server
const insurer = newSecret('acme')
const terminal = newSecret('terminal-H')

beforeEach(async () => {
  town = await PackTown.open()
  const credentials = [
    { id: 'acme', role: 'insurer', secretHash: insurer.secretHash },
    { id: 'terminal-H', role: 'terminal', hospital: 'H', secretHash: terminal.secretHash },
  ] as const
  const { engine, store } = town
  const opened = await openServer({
    engine,
    authenticator: accepted(
      secretAuthenticator(credentials, () => NOW),
      'credentials',
    ),
    host: '127.0.0.1',
    port: 0,
    clock: () => NOW,
    program: '0.1.0',
    http: { engine, store, mode: 'production', workFolder: '' },
  })
  server = accepted(opened, 'server')
})

afterEach(async () => {
  await server.stop()
  await town.close()
})

function settlements(): readonly SplitRecord[] {
  const records = [...town.store.range('journal')].flatMap(({ value }) => recordsOf(value))
  return records.filter((record): record is SplitRecord => record.kind === 'settlement')
}

/** The versions of the insurer's pack in the rule set that a settlement ran under. */
function versionsOf({ ruleSet }: SplitRecord): readonly string[] {
  const bytes = town.store.get('content', ruleSet)
  const set = JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as {
    readonly packs: readonly { readonly id: string; readonly hash: string }[]
  }
  return set.packs.filter(({ id }) => id === 'town/acme').map(({ hash }) => hash)
}

test(
  '100 activations over HTTP while terminals settle: none fails, and each settlement is of one version',
  async () => {
    const packs = Array.from({ length: ACTIVATIONS }, (_, index) =>
      acmePack({ rate: `${index / 2 + 10}%` }),
    )
    accepted(await town.engine.rules.publish({ jurisdiction: 'town', packs }), 'publish')
    const client = await TerminalClient.login(server.port, terminal.credential)
    await client.ask('sub', 'subscribe', { topics: ['pack.activated'] })
    const failed: unknown[] = []
    let isOver = false
    let settled = 0
    const cashier = async (name: string) => {
      for (let index = 0; !isOver; index += 1) {
        const bill = billOf(`A${index % 20}`, `${name}-${index}`, 300 + index)
        const reply = await client.ask(`${name}-${index}`, 'settle', { bill })
        if (reply.ok !== true) failed.push(reply.problems)
        settled += 1
      }
    }
    const cashiers = Promise.all(['x', 'y', 'z'].map(cashier))
    for (const [index, { hash }] of packs.entries()) {
      const before = settled
      const response = await fetch(`http://127.0.0.1:${server.port}/v1/packs/${hash}/activate`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${insurer.credential}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(town.acme.sign(commandOf('activate', hash))),
      })
      expect([index, response.status]).toEqual([index, 200])
      expect(await response.json()).toMatchObject({ hash, state: 'active' })
      // Bills of every version.
      while (settled < before + 3) {
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
      }
    }
    isOver = true
    await cashiers
    expect(failed).toEqual([])
    const splits = settlements()
    expect(splits).toHaveLength(settled)
    const versions = splits.map((split) => versionsOf(split).join(' + '))
    const known = new Map(packs.map(({ hash }, index) => [hash, index]))
    const order = versions.map((version) => known.get(version) ?? -1)
    // In the order of the journal no settlement is of an older version than one before it.
    const started = order.slice(order.findIndex((one) => one >= 0))
    expect(started).toEqual(started.toSorted((left, right) => left - right))
    expect(new Set(started).size).toBe(ACTIVATIONS)
    const told = client.received.filter(({ event }) => event === 'pack.activated')
    expect(told.map(({ hash }) => hash)).toEqual(packs.map(({ hash }) => hash))
    expect((await verifyLedger(town.store)).findings.total).toBe(0)
    client.lose()
  },
  TIMEOUT,
)
