/**
 * What terminals cost that have said hello and wait: memory of the server for each, and in all. The clients are a process of
 * their own. `--terminals=10000`; each takes one file descriptor in either process (`ulimit -n`).
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { assert } from '../../src/assert.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { openServer } from '../../src/server/open-server.ts'
import { newSecret, secretAuthenticator } from '../../src/server/secret-authenticator.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import { valueOf } from '../micro/settle/setup.ts'

const CONNECTING_AT_ONCE = 100
const MIB = 1024 * 1024

const { values } = parseArgs({
  options: {
    terminals: { type: 'string', default: '10000' },
    port: { type: 'string' },
    credential: { type: 'string', default: '' },
  },
})
const terminals = Number(values.terminals)

async function login(port: string): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/terminal`, ['qingfen.v1.json'])
  await once(socket, 'open')
  socket.send(JSON.stringify({ id: 'h', op: 'hello', body: { credential: values.credential } }))
  const [answer] = (await once(socket, 'message')) as [Buffer]
  assert(answer.includes('"ok":true'), 'every terminal is let in')
}

/** The other process: connects, tells its parent, and stays until it is ended. */
async function beClients(port: string): Promise<void> {
  for (let done = 0; done < terminals; done += CONNECTING_AT_ONCE) {
    const count = Math.min(CONNECTING_AT_ONCE, terminals - done)
    await Promise.all(Array.from({ length: count }, async () => login(port)))
  }
  process.send?.('ready')
}

async function beServer(): Promise<void> {
  const clock = () => Date.now()
  const engine = valueOf(await openEngine({ store: openMemoryStore(), clock }))
  const { credential, secretHash } = newSecret('terminal')
  const records = [{ id: 'terminal', role: 'terminal', hospital: 'H', secretHash }] as const
  const authenticator = valueOf(secretAuthenticator(records, clock))
  const place = { host: '127.0.0.1', port: 0 }
  const server = valueOf(
    await openServer({ engine, authenticator, ...place, clock, program: 'bench' }),
  )
  const before = process.memoryUsage.rss()
  const clients = fork(fileURLToPath(import.meta.url), [
    `--terminals=${terminals}`,
    `--port=${server.port}`,
    `--credential=${credential}`,
  ])
  await once(clients, 'message')
  const after = process.memoryUsage.rss()
  const each = Math.round((after - before) / terminals)
  process.stdout.write(
    `${terminals} idle terminals: ${each} bytes each, process ${Math.round(before / MIB)} → ${Math.round(after / MIB)} MiB\n`,
  )
  clients.kill()
  await once(clients, 'exit')
  await server.stop()
  await engine.close()
}

await (values.port === undefined ? beServer() : beClients(values.port))
