import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openServer, type Server } from '../../src/server/open-server.ts'
import type { ServerLimits } from '../../src/server/limits.ts'
import type { LogEntry } from '../../src/server/log.ts'
import type { Route } from '../../src/server/http/route.ts'
import { newSecret, secretAuthenticator } from '../../src/server/secret-authenticator.ts'
import type { Role } from '../../src/server/principal.ts'
import type { ServedEngine } from '../../src/server/terminals/context.ts'
import { accepted } from '../conformance/rules.ts'
import { Town } from '../workers/town.ts'
import { TerminalClient, type Subprotocol } from './terminal-client.ts'

/** Principals of the town: two hospitals with a terminal each, and one of every other role. */
const PRINCIPALS: readonly {
  readonly id: string
  readonly role: Role
  readonly hospital?: string
}[] = [
  { id: 'terminal-H', role: 'terminal', hospital: 'H' },
  { id: 'terminal-K', role: 'terminal', hospital: 'K' },
  { id: 'operator', role: 'operator' },
  { id: 'insurer', role: 'insurer' },
  { id: 'auditor', role: 'auditor' },
]

export const NOW = Date.UTC(2024, 5, 10, 4)

export interface AskedFetch extends RequestInit {
  readonly as?: string
}

export interface ServedTownOptions {
  readonly limits?: Partial<ServerLimits>
  /** HTTP beside the terminals; default not. */
  readonly http?: boolean
  /** Default: the whole interface. */
  readonly routes?: readonly Route[]
  /** Threads that evaluate bills; default none. */
  readonly workers?: number
  /** Stands before the engine: holds requests back, or counts them. */
  readonly before?: (engine: ServedEngine) => ServedEngine
  /** One that has stopped: the same ledger and credentials, with another engine, server and port. */
  readonly after?: ServedTown
}

type Secret = ReturnType<typeof newSecret> & { readonly principal: (typeof PRINCIPALS)[number] }

type Parts = Pick<ServedTown, 'town' | 'server' | 'log' | 'time' | 'secrets'>

/** A real engine behind a real server on a free port. */
export class ServedTown {
  readonly town: Town
  readonly server: Server
  readonly log: readonly LogEntry[]
  /** The server's clock, ms; moves with the test. */
  readonly time: { now: number }
  readonly secrets: readonly Secret[]
  readonly #clients: TerminalClient[] = []

  private constructor({ town, server, log, time, secrets }: Parts) {
    this.town = town
    this.server = server
    this.log = log
    this.time = time
    this.secrets = secrets
  }

  static async open({
    limits = {},
    workers = 0,
    before = (engine) => engine,
    http = false,
    routes,
    after,
  }: ServedTownOptions = {}): Promise<ServedTown> {
    const town = after === undefined ? await newTown(workers) : await after.town.reopen({ workers })
    const secrets =
      after?.secrets ?? PRINCIPALS.map((principal) => ({ principal, ...newSecret(principal.id) }))
    const records = secrets.map(({ principal, secretHash }) => ({ ...principal, secretHash }))
    const log: LogEntry[] = []
    const time = { now: NOW }
    const clock = () => time.now
    const opened = await openServer({
      engine: before(town.engine),
      authenticator: accepted(secretAuthenticator(records, clock), 'credentials'),
      host: '127.0.0.1',
      port: 0,
      limits,
      clock,
      program: '0.1.0',
      log: (entry) => log.push(entry),
      ...(http && {
        http: {
          engine: town.engine,
          store: town.store,
          mode: 'production' as const,
          workFolder: mkdtempSync(join(tmpdir(), 'served-')),
          ...(routes !== undefined && { routes }),
        },
      }),
    })
    return new ServedTown({ town, server: accepted(opened, 'server'), log, time, secrets })
  }

  credential(id: string): string {
    const found = this.secrets.find(({ principal }) => principal.id === id)
    if (found === undefined) throw new Error(`nobody is ${id}`)
    return found.credential
  }

  /** A request over HTTP; `as`: id of a principal, or nobody. */
  async fetch(path: string, { as, ...init }: AskedFetch = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (as !== undefined) headers.set('authorization', `Bearer ${this.credential(as)}`)
    return fetch(`http://127.0.0.1:${this.server.port}${path}`, { ...init, headers })
  }

  async login(id = 'terminal-H', subprotocol?: Subprotocol): Promise<TerminalClient> {
    return this.kept(await TerminalClient.login(this.server.port, this.credential(id), subprotocol))
  }

  /** A connection that has not said hello. */
  async connect(subprotocol?: Subprotocol): Promise<TerminalClient> {
    return this.kept(await TerminalClient.open(this.server.port, subprotocol))
  }

  /** Stops server and engine; says what went wrong inside. */
  async close(): Promise<void> {
    await this.server.stop()
    for (const client of this.#clients) client.lose()
    await this.town.close()
    const defects = this.log.filter(({ event }) => event === 'defect')
    const errors = [...this.town.errors.map(String), ...defects.map((one) => JSON.stringify(one))]
    if (errors.length > 0) throw new Error(`defects: ${errors.join(', ')}`)
  }

  kept(client: TerminalClient): TerminalClient {
    this.#clients.push(client)
    return client
  }
}

async function newTown(workers: number): Promise<Town> {
  const town = await Town.open({ workers })
  await town.register([{ kind: 'hospital', id: 'K', entry: { id: 'K', facts: { level: '3' } } }])
  return town
}

/** Holds back the requests that `isHeld` says, until they are let go. */
export class Gate {
  readonly #isHeld: (operation: string, requestId: string) => boolean
  #held: { readonly requestId: string; readonly go: () => void }[] = []
  #watchers: (() => void)[] = []

  constructor(isHeld: (operation: string, requestId: string) => boolean = () => true) {
    this.#isHeld = isHeld
  }

  before(engine: ServedEngine): ServedEngine {
    return {
      submit: async (request) => {
        if (this.#isHeld(request.operation, request.requestId)) {
          await this.#hold(request.requestId)
        }
        return engine.submit(request)
      },
      recompute: (settlement) => engine.recompute(settlement),
      audit: async (entries) => engine.audit(entries),
      wantsMessage: (operation) => engine.wantsMessage(operation),
    }
  }

  /** When `count` requests are held. */
  async holds(count: number): Promise<void> {
    while (this.#held.length < count) {
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve)
      })
    }
  }

  letGo(requestId?: string): void {
    const isMeant = (held: { readonly requestId: string }) =>
      requestId === undefined || held.requestId === requestId
    const going = this.#held.filter(isMeant)
    this.#held = this.#held.filter((held) => !isMeant(held))
    for (const { go } of going) go()
  }

  async #hold(requestId: string): Promise<void> {
    await new Promise<void>((go) => {
      this.#held.push({ requestId, go })
      for (const watcher of this.#watchers.splice(0)) watcher()
    })
  }
}
