import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { credentialRecords } from '../../../src/server/credential-records.ts'
import { DAY_ROUTES } from '../../../src/server/operators/day-routes.ts'
import { KEY_ROUTES } from '../../../src/server/operators/key-routes.ts'
import { MAINTENANCE_ROUTES } from '../../../src/server/operators/maintenance-routes.ts'
import { REGISTRY_ROUTES } from '../../../src/server/operators/registry-routes.ts'
import { verifyCopy } from '../../../src/server/operators/verify-copy.ts'
import { secretAuthenticator } from '../../../src/server/secret-authenticator.ts'
import { openLedgerStore } from '../../../src/store/lmdb-store.ts'
import { accepted } from '../../conformance/rules.ts'
import { refusals } from '../../registry/builders.ts'
import { person, policy, RouteTown, type Answer } from './route-town.ts'

const OPERATOR = { as: 'boss', role: 'operator' } as const

let town: RouteTown
beforeEach(async () => {
  town = await RouteTown.open()
})
afterEach(async () => {
  await town.close()
})

async function key(id: string, body: object, params = {}): Promise<Answer> {
  return town.ask(KEY_ROUTES, id, { ...OPERATOR, params, body: JSON.stringify(body) })
}

/** Whether a credential is let in on a day, as the server reads the ledger then. */
function isLetIn({ credential }: Answer, day: string): boolean {
  const records = credentialRecords(town.engine.credentials())
  const at = Date.parse(`${day}T12:00:00+08:00`)
  const authenticator = accepted(
    secretAuthenticator(records, () => at),
    'credentials',
  )
  return authenticator.authenticate(String(credential)) !== undefined
}

describe('keys over HTTP', () => {
  it('are shown once, and never again with a secret or a hash', async () => {
    const made = await key('keys.create', { role: 'terminal', hospital: 'H', id: 't1' })
    expect(made).toMatchObject({ id: 't1', role: 'terminal', hospital: 'H' })
    expect(isLetIn(made, '2024-06-10')).toBe(true)
    expect(town.keysChanged).toBe(1)
    const auditor = { as: 'eyes', role: 'auditor' } as const
    const text = JSON.stringify(await town.ask(KEY_ROUTES, 'keys.list', auditor))
    expect(text).toContain('"id":"t1"')
    const [, secret = '?'] = String(made['credential']).split('.')
    expect(text).not.toContain(secret)
    expect(text).not.toMatch(/[0-9a-f]{64}/)
  })

  it('rotate with days in which both secrets are let in, or at once', async () => {
    const first = await key('keys.create', { role: 'insurer', id: 'i1' })
    const second = await key('keys.rotate', { oldUntil: '2024-06-20' }, { id: 'i1' })
    expect([isLetIn(first, '2024-06-20'), isLetIn(second, '2024-06-20')]).toEqual([true, true])
    expect([isLetIn(first, '2024-06-21'), isLetIn(second, '2024-06-21')]).toEqual([false, true])
    const third = await key('keys.rotate', {}, { id: 'i1' })
    expect([isLetIn(first, '2024-06-10'), isLetIn(second, '2024-06-10')]).toEqual([false, false])
    expect(isLetIn(third, '2024-06-10')).toBe(true)
  })

  it('begin and end with their days, and are gone once revoked', async () => {
    const made = await key('keys.create', {
      role: 'auditor',
      from: '2024-07-01',
      until: '2024-07-02',
    })
    const days = ['2024-06-30', '2024-07-01', '2024-07-02', '2024-07-03']
    expect(days.map((day) => isLetIn(made, day))).toEqual([false, true, true, false])
    await key('keys.revoke', {}, { id: made['id'] })
    expect(isLetIn(made, '2024-07-01')).toBe(false)
    expect(town.keysChanged).toBe(2)
  })

  it('are refused twice, for a hospital that nobody knows, and with a day that is none', async () => {
    const refused = async (id: string, body: object, params = {}) =>
      town.refused(KEY_ROUTES, id, { ...OPERATOR, params, body: JSON.stringify(body) })
    const both = await Promise.all([
      town.call(KEY_ROUTES, 'keys.create', { ...OPERATOR, body: '{"role":"auditor","id":"o1"}' }),
      refused('keys.create', { role: 'auditor', id: 'o1' }),
    ])
    expect(both[1]).toEqual(['CREDENTIAL_EXISTS'])
    const nowhere = { role: 'terminal', hospital: 'X' }
    expect(await refused('keys.create', nowhere)).toEqual(['HOSPITAL_UNKNOWN'])
    expect(await refused('keys.create', { role: 'terminal' })).toEqual(['CREDENTIAL_RECORD_WRONG'])
    const never = { oldUntil: '2024-02-31' }
    expect(await refused('keys.rotate', never, { id: 'o1' })).toEqual(['CREDENTIAL_RECORD_WRONG'])
    expect(await refused('keys.rotate', {}, { id: 'o2' })).toEqual(['CREDENTIAL_UNKNOWN'])
    expect(await refused('keys.revoke', {}, { id: 'o2' })).toEqual(['CREDENTIAL_UNKNOWN'])
  })
})

describe('the register over HTTP', () => {
  const write = async (kind: string, entries: readonly unknown[]) => ({
    ...OPERATOR,
    params: { kind },
    body: JSON.stringify({ entries }),
  })

  it('takes hospitals, suppliers and persons, and shows them', async () => {
    const hospital = await write('hospital', [{ id: 'N', facts: { hosp_lv: '03' } }])
    expect(await town.ask(REGISTRY_ROUTES, 'registry.write', hospital)).toEqual({
      written: 1,
      unchanged: 0,
    })
    expect(await town.ask(REGISTRY_ROUTES, 'registry.write', hospital)).toEqual({
      written: 0,
      unchanged: 1,
    })
    const { entry } = person('N1', [policy('N-1', 'a/plan')])
    await town.ask(REGISTRY_ROUTES, 'registry.write', await write('person', [entry]))
    const call = { ...OPERATOR, params: { kind: 'person', id: 'N1' } }
    expect(await town.ask(REGISTRY_ROUTES, 'registry.read', call)).toMatchObject({
      entry: { id: 'N1', policies: [{ id: 'N-1' }] },
    })
    expect(town.engine.registered('policy', 'N-1')).toEqual({ id: 'N-1', holder: 'N1' })
    const none = { ...OPERATOR, params: { kind: 'person', id: 'N2' } }
    expect(await town.refused(REGISTRY_ROUTES, 'registry.read', none)).toEqual([
      'REGISTER_ENTRY_UNKNOWN',
    ])
  })

  it('takes all entries of a request or none', async () => {
    const { seq } = town.engine
    const entries = [{ id: 'N' }, { id: 'M', facts: { nonsense: 1 } }]
    const refused = await town.refused(
      REGISTRY_ROUTES,
      'registry.write',
      await write('hospital', entries),
    )
    expect(refused).toEqual(['FIELD_UNKNOWN'])
    expect(town.engine.seq).toBe(seq)
  })

  it('takes files of every kind from operators', async () => {
    const call = { ...OPERATOR, key: 'h', type: 'text/csv', body: 'id,hosp_lv\nQ,03\n' }
    expect(await town.refused(REGISTRY_ROUTES, 'imports.upload', call)).toEqual(['RANGE_WRONG'])
    const begun = await town.ask(REGISTRY_ROUTES, 'imports.upload', {
      ...call,
      query: { kind: 'hospital' },
    })
    const read = { ...OPERATOR, params: { id: String(begun['id']) } }
    await town.until(REGISTRY_ROUTES, 'imports.read', read, ({ status }) => status === 'done')
    expect(town.engine.registered('hospital', 'Q')).toMatchObject({ id: 'Q' })
  })
})

describe('days over HTTP', () => {
  it('give balances, totals and what is unresolved, and close', async () => {
    const bill = {
      person: { id: 'P1' },
      visit: { id: 'V1', kind: 'outpatient', start: '2024-06-10' },
      lines: [{ id: '1', name: 'x', inScope: '100.00' }],
    }
    const request = { operation: 'settle', hospital: 'H', requestId: 'R', body: { bill } } as const
    expect(await town.engine.submit(request)).toMatchObject({ kind: 'answer' })
    const query = { from: '2024-06-10' }
    const { balances } = await town.ask(DAY_ROUTES, 'balances.list', { ...OPERATOR, query })
    expect(balances).toContainEqual({
      day: '2024-06-10',
      hospital: 'H',
      from: 'payer:SECRET-FUND',
      to: 'provider:H',
      amount: 6_000,
    })
    const today = { ...OPERATOR, params: { day: '2024-06-10' } }
    expect(await town.ask(DAY_ROUTES, 'days.read', today)).toMatchObject({
      closed: false,
      hospitals: [{ hospital: 'H', rows: 1, cost: 10_000, fund: 6_000, cash: 4_000 }],
    })
    expect(await town.refused(DAY_ROUTES, 'days.close', today)).toEqual(['DAY_NOT_OVER'])
    const before = { ...OPERATOR, params: { day: '2024-06-09' } }
    const closed = await town.ask(DAY_ROUTES, 'days.close', before)
    expect(closed).toMatchObject({ closed: true, closedUntil: '2024-06-09' })
    expect(await town.ask(DAY_ROUTES, 'days.close', before)).toEqual(closed)
    expect(await town.ask(DAY_ROUTES, 'unresolved.list', OPERATOR)).toEqual({ settlements: [] })
    const long = { ...OPERATOR, query: { from: '2024-01-01', to: '2024-06-10' } }
    expect(await town.refused(DAY_ROUTES, 'balances.list', long)).toEqual(['RANGE_WRONG'])
  })
})

describe('maintenance over HTTP', () => {
  it('says why there is no copy, and what it does not know', async () => {
    // A ledger in memory cannot be copied.
    const { id } = await town.ask(MAINTENANCE_ROUTES, 'verifications.create', OPERATOR)
    const call = { ...OPERATOR, params: { id: String(id) } }
    const isEnd = ({ endedAt }: Answer) => endedAt !== undefined
    const ended = await town.until(MAINTENANCE_ROUTES, 'verifications.read', call, isEnd)
    expect(ended).toMatchObject({ status: 'failed', problems: [{}] })
    const refused = async (route: string, params: Readonly<Record<string, string>>) =>
      town.refused(MAINTENANCE_ROUTES, route, { ...OPERATOR, params })
    expect(await refused('verifications.read', { id: '0' })).toEqual(['VERIFICATION_UNKNOWN'])
    expect(await refused('backups.read', { name: 'x' })).toEqual(['BACKUP_UNKNOWN'])
  })

  it('says that a verification that was cut off is none', async () => {
    const nowhere = verifyCopy(join(town.workFolder, 'nothing'))
    expect(refusals(await nowhere.ended)).toEqual(['MAINTENANCE_FAILED '])
    const running = verifyCopy(town.workFolder)
    running.kill()
    expect(refusals(await running.ended)).toEqual(['MAINTENANCE_FAILED '])
  })

  it('backs up and verifies a ledger that is in use, and says what it found', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
    const store = accepted(await openLedgerStore(folder), 'store')
    const served = await RouteTown.open(store)
    const ask = async (id: string, call: object) =>
      served.ask(MAINTENANCE_ROUTES, id, { ...OPERATOR, ...call })
    const refused = async (id: string, call: object) =>
      served.refused(MAINTENANCE_ROUTES, id, { ...OPERATOR, ...call })
    const done = async (id: string, params: Readonly<Record<string, string>>) =>
      served.until(
        MAINTENANCE_ROUTES,
        id,
        { ...OPERATOR, params },
        ({ endedAt }) => endedAt !== undefined,
      )
    try {
      const named = { body: '{"name":"monday"}' }
      expect(await ask('backups.create', named)).toMatchObject({ status: 'copying' })
      expect(await refused('backups.create', { body: '{"name":"tuesday"}' })).toEqual([
        'MAINTENANCE_BUSY',
      ])
      expect(await done('backups.read', { name: 'monday' })).toMatchObject({ status: 'done' })
      expect(await refused('backups.create', named)).toEqual(['BACKUP_EXISTS'])
      expect(await ask('backups.list', {})).toMatchObject({ backups: [{ name: 'monday' }] })
      const { seq } = served.engine
      await served.register([person('LATER', [])])
      for (const [body, records] of [
        ['{"backup":"monday"}', seq],
        ['', seq + 1],
      ] as const) {
        const { id } = await ask('verifications.create', { body })
        const verified = await done('verifications.read', { id: String(id) })
        expect(verified).toMatchObject({ status: 'done', result: { findings: 0, records } })
      }
      expect(await refused('verifications.create', { body: '{"backup":"x"}' })).toEqual([
        'BACKUP_UNKNOWN',
      ])
      // Nothing is left of the copy that was only made to be verified.
      expect(readdirSync(served.workFolder).filter((name) => name.startsWith('.'))).toEqual([])
      expect(existsSync(join(served.workFolder, 'backups', 'monday', 'data.mdb'))).toBe(true)
      expect(await ask('server.drain', {})).toEqual({ draining: true, inFlight: 0 })
    } finally {
      await served.close()
      await store.close()
      rmSync(folder, { recursive: true })
    }
  })
})
