import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/open-engine.ts'
import type { CredentialEntry } from '../../src/ledger/credential.ts'
import { credentialRecords } from '../../src/server/credential-records.ts'
import { secretAuthenticator } from '../../src/server/secret-authenticator.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { given } from '../store/places.ts'
import { run, type Run } from './run.ts'

const NOW = Date.UTC(2024, 5, 10, 4)
/** The first moment of 2024-07-01 in China. */
const JULY = Date.UTC(2024, 5, 30, 16)
let folder: string
let ledger: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qingfen-keys-'))
  ledger = join(folder, 'ledger')
  const store = given(await openLedgerStore(ledger, { mapSizeBytes: 2 ** 26 }))
  const engine = given(await openEngine({ store, clock: () => NOW }))
  given(
    await engine.registry('test', [
      { kind: 'hospital', id: 'H', entry: { id: 'H', facts: { level: '3' } } },
    ]),
  )
  await engine.close()
  await store.close()
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Shown {
  readonly id: string
  readonly credential?: string
}

async function key(...args: readonly string[]): Promise<Run> {
  return run('key', ...args, '--ledger', ledger)
}

/** What a step that is not refused shows first. */
async function done(...args: readonly string[]): Promise<Shown> {
  const { code, complained, printed } = await key(...args, '--json')
  expect([code, complained]).toEqual([0, ''])
  return (JSON.parse(printed) as Shown[])[0] ?? { id: '' }
}

async function codes(...args: readonly string[]): Promise<readonly string[]> {
  const { code, printed } = await key(...args, '--json')
  expect(code).toBe(1)
  const { problems } = JSON.parse(printed) as { problems: readonly { code: string }[] }
  return problems.map((one) => one.code)
}

async function entries(): Promise<readonly CredentialEntry[]> {
  const store = given(await openLedgerStore(ledger))
  const engine = given(await openEngine({ store, clock: () => NOW }))
  const found = engine.credentials()
  await engine.close()
  await store.close()
  return found
}

/** Whose the credential is at `at`, by what the ledger has. */
async function whose(credential = '', at = NOW) {
  const known = given(secretAuthenticator(credentialRecords(await entries()), () => at))
  return known.authenticate(credential)
}

const TERMINAL = ['create', '--role', 'terminal', '--hospital', 'H', '--id', 'till'] as const

test('a new key logs in until the end of its last day in China', async () => {
  const { credential } = await done(...TERMINAL, '--until', '2024-06-30')
  const principal = { id: 'till', role: 'terminal', hospital: 'H' }
  expect(await whose(credential, JULY - 1)).toMatchObject(principal)
  expect(await whose(credential, JULY)).toBeUndefined()
}, 60_000)

test('a rotated key: the old secret ends at once, or on the day said and never later than its own', async () => {
  const first = await done(...TERMINAL, '--until', '2024-06-30')
  const second = await done('rotate', 'till', '--old-until', '2024-12-31')
  expect(await whose(first.credential, JULY - 1)).toMatchObject({ id: 'till' })
  expect(await whose(first.credential, JULY)).toBeUndefined()
  expect(await whose(second.credential, JULY)).toMatchObject({ id: 'till' })
  const third = await done('rotate', 'till')
  expect(await whose(second.credential)).toBeUndefined()
  expect(await whose(third.credential)).toMatchObject({ id: 'till' })
}, 60_000)

test('a revoked key is nobody’s; the ledger is right afterwards', async () => {
  const { credential } = await done(...TERMINAL)
  await done('revoke', 'till')
  expect(await whose(credential)).toBeUndefined()
  expect(await entries()).toEqual([])
  const verified = await run('ledger', 'verify', ledger)
  expect([verified.code, verified.complained]).toEqual([0, ''])
}, 60_000)

test('neither a secret nor its hash is listed, exported, or the secret in the file of the ledger', async () => {
  const { credential = '' } = await done(...TERMINAL, '--name', '收费处一号')
  const [entry] = await entries()
  const secret = credential.split('.').at(-1) ?? ''
  const hash = entry?.secrets[0]?.secretHash ?? ''
  expect([secret.length, hash.length]).toEqual([43, 64])
  const listed = await key('list')
  expect(listed.printed).toBe('till  terminal  H  收费处一号  …')
  const exported = await run('ledger', 'export', ledger, '--what', 'audit', '--format', 'ndjson')
  expect(exported.printed).toContain('registry')
  const asData = await key('list', '--json')
  for (const text of [listed.printed, asData.printed, exported.printed]) {
    expect(text).not.toContain(hash)
    expect(text).not.toContain(secret)
  }
  expect(readFileSync(join(ledger, 'data.mdb')).includes(secret)).toBe(false)
}, 60_000)

test('what is wrong is refused with its code', async () => {
  await done(...TERMINAL)
  expect(await codes(...TERMINAL)).toEqual(['CREDENTIAL_EXISTS'])
  expect(await codes('create', '--role', 'auditor', '--hospital', 'H')).toEqual([
    'CREDENTIAL_RECORD_WRONG',
  ])
  expect(await codes('create', '--role', 'terminal', '--hospital', 'X')).toEqual([
    'HOSPITAL_UNKNOWN',
  ])
  expect(await codes('revoke', 'nobody')).toEqual(['CREDENTIAL_UNKNOWN'])
  expect(await codes('rotate', 'nobody')).toEqual(['CREDENTIAL_UNKNOWN'])
  expect((await key('create', '--role', 'janitor')).code).toBe(2)
  const nowhere = await key('create', '--role', 'terminal')
  expect(nowhere.code).toBe(2)
  expect(nowhere.complained).toContain('错误：必须写选项“--hospital <code>”')
  expect((await key(...TERMINAL, '--until', '2024-02-30')).code).toBe(2)
}, 60_000)

test('credentials of different roles are listed in columns', async () => {
  await done('create', '--role', 'terminal', '--hospital', 'H', '--id', 'till-10', '--name', '窗口')
  await done('create', '--role', 'operator', '--id', 'op', '--until', '2024-12-31')
  const { printed } = await key('list')
  expect(printed.split('\n')).toEqual([
    'op       operator           2024-12-31',
    'till-10  terminal  H  窗口  …',
  ])
})
