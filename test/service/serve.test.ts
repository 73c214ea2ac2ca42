import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { configurationOf } from '../../src/config/configuration.ts'
import type { CredentialEntry } from '../../src/ledger/credential.ts'
import { newSecret } from '../../src/server/secret-authenticator.ts'
import { openService } from '../../src/service/open-service.ts'
import type { ServiceEntry } from '../../src/service/service-log.ts'
import { PROGRAM_VERSION } from '../../src/service/version.ts'
import manifest from '../../package.json' with { type: 'json' }
import { run } from '../cli/run.ts'
import { accepted } from '../conformance/rules.ts'
import { codesOf, TerminalClient } from '../server/terminal-client.ts'
import { billOf } from '../workers/town.ts'
import { outOfThreads } from '../workers/out-of-threads.ts'
import { ServedLedger } from './served-ledger.ts'
import { ServedProcess } from './served-process.ts'

const PERSON = '110101199003078515'
const NAME = '孙大圣'

let ledger: ServedLedger
beforeEach(async () => {
  const entry = {
    id: PERSON,
    jurisdiction: 'town',
    facts: { insutype: '310' },
    identities: [],
    coverage: [{ from: '2023-01-01', facts: {} }],
    policies: [{ id: 'POL-77', product: 'town/product', start: '2024-01-01', end: '2099-12-31' }],
  }
  ledger = await ServedLedger.make('workers: 0', [{ kind: 'person', id: PERSON, entry }])
})
afterEach(() => {
  ledger.remove()
})

/** What must be in no log: of the person, the stay, the requests, the bill and the credential. */
const SECRETS = [PERSON, NAME, 'POL-77', 'STAY-9', 'REQ-', 'ETK-1', '检查', '62.00']

it('logs one JSON object a line, with the time, and nothing of the person who was settled for', async () => {
  const served = await ServedProcess.start(ledger.config)
  const client = await TerminalClient.login(served.port, ledger.credential)
  const bill = {
    ...billOf(PERSON, 'STAY-9', 62),
    lines: [{ id: 'ETK-1', name: `检查（${NAME}）`, inScope: '62.00' }],
  }
  const settled = await client.ask('REQ-1', 'settle', { bill })
  expect(settled.answer?.['state']).toBe('settled')
  const asked = [
    ['REQ-1', 'settle', { bill: { ...bill, total: '63.00' } }],
    ['REQ-2', 'settle', { bill: { ...bill, total: '63.00' } }],
    ['REQ-3', 'settle', { bill: { ...bill, [PERSON]: NAME } }],
    ['REQ-4', 'settle', { bill: { ...bill, person: { id: `${PERSON}X` } } }],
    ['REQ-5', 'explain', { settlement: PERSON }],
    ['REQ-6', PERSON, { [NAME]: PERSON }],
    ['REQ-7', 'closeDay', { day: '2024-01-01' }],
  ] as const
  for (const [id, op, body] of asked) {
    client.send(id, op, body)
    expect((await client.reply(id)).ok).toBe(id === 'REQ-1')
  }
  const found = await client.ask('REQ-8', 'find', { settlement: settled.answer?.['settlement'] })
  expect(JSON.stringify(found)).toContain('STAY-9')
  const base = `http://127.0.0.1:${served.port}`
  const get = async (path: string, credential: string) =>
    fetch(base + path, { headers: { authorization: `Bearer ${credential}` } })
  const person = await get(`/v1/registry/person/${PERSON}`, ledger.operator)
  expect([person.status, await person.text()]).toEqual([200, expect.stringContaining('POL-77')])
  for (const path of [`/v1/${PERSON}`, `/v1/registry/person/${PERSON}X?name=${NAME}`]) {
    expect((await get(path, ledger.operator)).ok).toBe(false)
  }
  expect((await get(`/v1/registry/person/${PERSON}`, `${PERSON}.x`)).status).toBe(401)
  const stranger = await TerminalClient.open(served.port)
  stranger.send('hello', 'hello', { credential: `${PERSON}.${NAME}` })
  await stranger.closed
  client.socket.send(`{"id": "REQ-9", "op": "settle", "body": {"${PERSON}": "${NAME}`)
  await client.closed
  served.kill('SIGINT')
  expect(await served.ended).toEqual([0, null])
  const log = served.log()
  for (const line of log) expect(new Date(String(line['time'])).toISOString()).toBe(line['time'])
  expect(new Set(log.map(({ event }) => event))).toEqual(
    new Set([
      'server.listening',
      'service.started',
      'login',
      'login.refused',
      'request.refused',
      'terminal.closed',
      'service.stopping',
      'server.stopping',
      'server.stopped',
      'service.stopped',
    ]),
  )
  const text = served.output.join('\n')
  const [, secret = ''] = ledger.credential.split('.')
  for (const word of [...SECRETS, secret]) expect(text).not.toContain(word)
})

it('finds everything as it was when it is started again', async () => {
  const bill = billOf('A1', 'again', 300)
  const answers: unknown[] = []
  for (const isRepeat of [false, true]) {
    const served = await ServedProcess.start(ledger.config)
    const client = await TerminalClient.login(served.port, ledger.credential)
    const { answer, repeat } = await client.ask('once', 'settle', { bill })
    expect(repeat).toBe(isRepeat)
    answers.push(answer)
    served.kill('SIGTERM')
    expect(await client.closed).toMatchObject({ code: 1001 })
    expect(await served.ended).toEqual([0, null])
  }
  expect(answers[1]).toEqual(answers[0])
  expect(await ledger.verified()).toHaveLength(1)
})

it('a key that is made, changed or revoked counts at once; whom it was taken from is disconnected', async () => {
  const log: ServiceEntry[] = []
  const { server: _, ...rest } = configurationOf(new Map())
  const configuration = {
    ...rest,
    ledger: { folder: ledger.ledger, work: ledger.folder },
    server: { host: '127.0.0.1', port: 0 },
  }
  const options = { configuration, log: (entry: ServiceEntry) => log.push(entry), clock: Date.now }
  const service = accepted(await openService(options), 'service')
  const { engine, server } = service
  const write = async (secretHash: string | undefined) => {
    const secrets = secretHash === undefined ? [] : [{ secretHash }]
    const entry: CredentialEntry = { id: 'till-2', role: 'terminal', hospital: 'H', secrets }
    const content = secretHash === undefined ? undefined : entry
    accepted(
      await engine.registry('key', [{ kind: 'credential', id: 'till-2', entry: content }]),
      'key',
    )
  }
  const login = async (credential: string) => {
    const client = await TerminalClient.open(server.port)
    return { client, hello: await client.ask('hello', 'hello', { credential }) }
  }
  const [first, second] = [newSecret('till-2'), newSecret('till-2')]
  expect(codesOf((await login(first.credential)).hello)).toEqual(['CREDENTIAL_WRONG'])
  await write(first.secretHash)
  const { client, hello } = await login(first.credential)
  expect(hello.ok).toBe(true)
  await write(second.secretHash)
  expect(codesOf((await login(first.credential)).hello)).toEqual(['CREDENTIAL_WRONG'])
  const other = await login(second.credential)
  expect(other.hello.ok).toBe(true)
  await write(undefined)
  expect(codesOf((await login(second.credential)).hello)).toEqual(['CREDENTIAL_WRONG'])
  const till = await login(ledger.credential)
  expect([server.disconnect('till-2'), server.disconnect('till-2')]).toEqual([2, 0])
  expect(await client.closed).toMatchObject({ reason: 'CREDENTIAL_WRONG' })
  expect(await other.client.closed).toMatchObject({ reason: 'CREDENTIAL_WRONG' })
  expect((await till.client.ask('p', 'ping', {})).ok).toBe(true)
  await service.stop()
  expect(log.filter(({ event }) => event === 'defect')).toEqual([])
})

it('the same ledger and the same port are refused, and nothing is left open', async () => {
  const served = await ServedProcess.start(ledger.config)
  await expect(ServedProcess.start(ledger.config)).rejects.toThrow('STORE_IN_USE')
  const other = await ServedLedger.make(`# ${served.port}`)
  const { server: _, ...rest } = configurationOf(new Map())
  const configuration = {
    ...rest,
    ledger: { folder: other.ledger, work: other.folder },
    server: { host: '127.0.0.1', port: served.port },
  }
  const refused = await openService({ configuration, log: () => undefined, clock: Date.now })
  expect(refused).toMatchObject({ ok: false, problems: [{ code: 'LISTEN_FAILED' }] })
  expect(await other.verified()).toEqual([])
  other.remove()
  served.kill('SIGTERM')
  expect(await served.ended).toEqual([0, null])
})

it.each([
  ['metrics: false', 404],
  ['metrics: true', 200],
])('%s: /metrics answers %i', async (settings, status) => {
  const other = await ServedLedger.make(settings)
  const served = await ServedProcess.start(other.config)
  const base = `http://127.0.0.1:${served.port}`
  expect((await fetch(`${base}/metrics`)).status).toBe(status)
  expect((await fetch(`${base}/health`)).status).toBe(200)
  served.kill('SIGTERM')
  expect(await served.ended).toEqual([0, null])
  other.remove()
})

it('--check says what is in effect and starts nothing; a wrong setting is refused with its place', async () => {
  const checked = await run('serve', '--config', ledger.config, '--check')
  expect(checked.code).toBe(0)
  expect(checked.printed).toContain('  port: 0\n')
  expect(checked.printed).toContain(`  folder: ${ledger.ledger}`)
  const wrong = ledger.config.replace('qingfen.yaml', 'wrong.yaml')
  writeFileSync(wrong, `${readFileSync(ledger.config, 'utf8')}\nserved: 1\n`)
  const refused = await run('serve', '--config', wrong)
  expect(refused).toMatchObject({ code: 1, printed: '' })
  expect(refused.complained).toContain('wrong.yaml:5:1 CONFIG_SETTING_UNKNOWN served')
  expect(refused.complained).toContain('没有设置项“served”；最相近的是 server')
  const missing = await run('serve', '--config', `${wrong}x`)
  expect(missing.complained).toContain('CLI_FILE_UNREADABLE')
})

it('the version it says is that of the package', () => {
  expect(PROGRAM_VERSION).toBe(manifest.version)
})

it('says which setting is wrong where the system has not so many threads, and leaves the ledger', async () => {
  const configuration = {
    ...configurationOf(new Map()),
    ledger: { folder: ledger.ledger, work: ledger.folder },
    server: { host: '127.0.0.1', port: 0 },
    workers: 2,
  }
  const options = { configuration, log: () => undefined, clock: Date.now }
  await outOfThreads(async () => {
    expect(await openService(options)).toMatchObject({
      problems: [
        {
          code: 'CONFIG_VALUE_WRONG',
          where: 'workers',
          details: { name: 'workers', value: '2', expected: '0–1 (EAGAIN)' },
        },
      ],
    })
  }, 1)
  const service = accepted(await openService(options), 'service')
  await service.stop()
})
