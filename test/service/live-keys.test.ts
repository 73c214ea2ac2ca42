import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { expect, it } from 'vitest'
import { connectTerminal } from '../../src/client/connect-terminal.ts'
import { codesOf, TerminalClient } from '../server/terminal-client.ts'
import { billOf } from '../workers/town.ts'
import { ServedLedger } from './served-ledger.ts'
import { ServedProcess } from './served-process.ts'

const TLS = fileURLToPath(new URL('../fixtures/tls/', import.meta.url))

it('a key made over HTTP lets in at once; one that is revoked lets nobody in and closes the connection', async () => {
  const ledger = await ServedLedger.make('workers: 0')
  const served = await ServedProcess.start(ledger.config)
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${served.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${ledger.operator}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return [answer.status, await answer.json()] as const
  }
  const [status, made] = await call('POST', '/v1/keys', {
    role: 'terminal',
    hospital: 'H',
    id: 'till-9',
  })
  expect(status).toBe(201)
  const { credential } = made as { readonly credential: string }
  const till = await TerminalClient.login(served.port, credential)
  const other = await TerminalClient.login(served.port, ledger.credential)
  expect((await call('DELETE', '/v1/keys/till-9'))[0]).toBe(200)
  expect(await till.closed).toMatchObject({ reason: 'CREDENTIAL_WRONG' })
  const again = await TerminalClient.open(served.port)
  expect(codesOf(await again.ask('hello', 'hello', { credential }))).toEqual(['CREDENTIAL_WRONG'])
  expect((await other.ask('p', 'ping', {})).ok).toBe(true)
  served.kill('SIGTERM')
  expect(await served.ended).toEqual([0, null])
  const [, secret = ''] = credential.split('.')
  expect(served.output.join('\n')).not.toContain(secret)
  ledger.remove()
})

it('the certificate files of the configuration are used', async () => {
  const ledger = await ServedLedger.make('workers: 0', [], {
    certificate: `${TLS}certificate.pem`,
    key: `${TLS}key.pem`,
  })
  const served = await ServedProcess.start(ledger.config)
  class Trusting extends WebSocket {
    constructor(url: string, subprotocols: string[]) {
      super(url, subprotocols, { rejectUnauthorized: false })
    }
  }
  const terminal = connectTerminal({
    url: `wss://127.0.0.1:${served.port}/v1/terminal`,
    credential: ledger.credential,
    webSocket: Trusting,
  })
  const { answer } = await terminal.settle({ bill: billOf('A1', 'tls', 300) })
  expect(answer.state).toBe('settled')
  terminal.close()
  served.kill('SIGTERM')
  expect(await served.ended).toEqual([0, null])
  ledger.remove()
})
