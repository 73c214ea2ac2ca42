import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GrantEntry } from '../../src/ledger/grant.ts'
import { acmeGrant, acmeText } from '../server/insurers/grants.ts'
import { PackTown } from '../server/insurers/pack-town.ts'
import { run } from './run.ts'

let folder: string
let town: PackTown

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qingfen-signing-'))
  town = await PackTown.open()
})

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await town.close()
})

async function printed(...args: readonly string[]): Promise<unknown> {
  const { code, complained, printed: text } = await run(...args)
  expect([code, complained]).toEqual([0, ''])
  return JSON.parse(text)
}

test.each(['sm2', 'ed25519'])('from a %s key to an activated pack', async (algorithm) => {
  const file = join(folder, 'key.pem')
  const key = await printed('key', 'signing', file, '--algorithm', algorithm)
  expect(statSync(file).mode & 0o077).toBe(0)
  await town.grant(acmeGrant([key as GrantEntry['keys'][number]]))
  const packs = join(folder, 'packs')
  mkdirSync(join(packs, 'lists'), { recursive: true })
  const more = 'lists: { drugs: { file: lists/drugs.csv, column: code } }'
  writeFileSync(join(packs, 'acme.yaml'), acmeText({ more }))
  writeFileSync(join(packs, 'lists', 'drugs.csv'), 'code\nA1\nA2\n')
  const common = ['--jurisdiction', 'town', '--key-file', file]
  const sign = ['pack', 'sign', packs, '--command', 'upload', '--number', '1', ...common]
  const body = await printed(...sign)
  const uploaded = await town.call('acme', 'POST', '/v1/packs', body)
  expect(uploaded.codes).toEqual([])
  const [hash = ''] = (body as { command: { packs: readonly string[] } }).command.packs
  const activate = ['pack', 'sign', hash, '--command', 'activate', '--number', '2']
  const command = await printed(...activate, '--from', '2024-06-01', ...common)
  const done = await town.call('acme', 'POST', `/v1/packs/${hash}/activate`, command)
  expect(done).toMatchObject({ codes: [], value: { state: 'active', from: '2024-06-01' } })
})

test('a key is not written over, and what cannot be signed is refused', async () => {
  const file = join(folder, 'key.pem')
  await printed('key', 'signing', file)
  const before = readFileSync(file, 'utf8')
  expect((await run('key', 'signing', file)).complained).toContain('CLI_FILE_EXISTS')
  expect(readFileSync(file, 'utf8')).toBe(before)
  const nowhere = join(folder, 'nowhere', 'key.pem')
  expect((await run('key', 'signing', nowhere)).complained).toContain('CLI_FILE_UNWRITABLE')
  const sign = async (what: string, keyFile: string) =>
    run(
      'pack',
      'sign',
      what,
      '--command',
      'shadow',
      '--number',
      '1',
      '--jurisdiction',
      'town',
      '--key-file',
      keyFile,
    )
  expect((await sign('no hash', file)).complained).toContain('COMMAND_MALFORMED')
  writeFileSync(join(folder, 'no-key.pem'), 'x')
  expect((await sign('0'.repeat(64), join(folder, 'no-key.pem'))).complained).toContain(
    'SIGNING_KEY_UNUSABLE',
  )
})
