import { openEngine, type Engine } from '../../../src/engine/open-engine.ts'
import type { GrantEntry } from '../../../src/ledger/grant.ts'
import type { RegistryEntry } from '../../../src/ledger/record.ts'
import type { EventFrame } from '../../../src/protocol/frames/event-frame.ts'
import type { HttpReply, HttpServices } from '../../../src/server/http/route.ts'
import { INSURER_ROUTES } from '../../../src/server/insurers/routes.ts'
import type { PackCommand } from '../../../src/server/insurers/pack-command.ts'
import { SERVER_LIMITS } from '../../../src/server/limits.ts'
import type { Role } from '../../../src/server/principal.ts'
import { openMemoryStore } from '../../../src/store/memory-store.ts'
import { accepted } from '../../conformance/rules.ts'
import { billOf, packOf, townProfile } from '../../workers/town.ts'
import { acmeGrant, acmePack, acmeText, TestSigner, type AcmePack } from './grants.ts'

export const NOW = Date.UTC(2024, 5, 10, 4)
const YEAR = { start: '2024-01-01', end: '2024-12-31' }

/** Persons A0 … A19, who hold no policy. */
const PERSONS: readonly RegistryEntry[] = Array.from({ length: 20 }, (_, index) => ({
  kind: 'person',
  id: `A${index}`,
  entry: {
    id: `A${index}`,
    jurisdiction: 'town',
    facts: { insutype: '310', age: 40 },
    identities: [],
    coverage: [{ from: '2023-01-01', facts: {} }],
    policies: [{ id: `POL-A${index}`, product: 'town/acme', ...YEAR }],
  },
}))

const CREDENTIALS: readonly (readonly [string, Role])[] = [
  ['acme', 'insurer'],
  ['rival', 'insurer'],
  ['operator', 'operator'],
  ['second', 'operator'],
  ['auditor', 'auditor'],
]

export interface Answered {
  readonly codes: readonly string[]
  /** The answer as it is in JSON. */
  readonly value: unknown
}

/** The basic fund of the town in force, two insurers with grants, and the routes of packs over a real engine. */
export class PackTown {
  readonly engine: Engine
  readonly store: ReturnType<typeof openMemoryStore>
  readonly events: EventFrame[] = []
  readonly acme: TestSigner
  readonly rival: TestSigner
  readonly errors: unknown[]
  readonly #mode: HttpServices['mode']
  #settled = 0

  private constructor(
    { engine, store, errors }: Pick<PackTown, 'engine' | 'store' | 'errors'>,
    signers: Pick<PackTown, 'acme' | 'rival'>,
    mode: HttpServices['mode'],
  ) {
    this.engine = engine
    this.store = store
    this.errors = errors
    this.acme = signers.acme
    this.rival = signers.rival
    this.#mode = mode
  }

  static async open(mode: HttpServices['mode'] = 'production'): Promise<PackTown> {
    const signers = { acme: new TestSigner('k1'), rival: new TestSigner('k1', 'sm2') }
    const town = await PackTown.#on(openMemoryStore(), signers, mode)
    const { engine } = town
    const basic = packOf('town/basic')
    accepted(await engine.rules.publish({ profile: townProfile(), packs: [basic] }), 'publish')
    accepted(await engine.rules.activate({ jurisdiction: 'town', pack: basic.hash }), 'activate')
    const credentials = CREDENTIALS.map(([id, role]) => ({
      kind: 'credential' as const,
      id,
      entry: { id, role, secrets: [] },
    }))
    const hospital = {
      kind: 'hospital',
      id: 'H',
      entry: { id: 'H', facts: { level: '2' } },
    } as const
    accepted(await engine.registry('town', [hospital, ...PERSONS, ...credentials]), 'register')
    await town.grant(acmeGrant([signers.acme.key]))
    await town.grant(
      acmeGrant([signers.rival.key], {
        id: 'rival',
        payers: ['rival-insurer'],
        counters: ['town/rival'],
      }),
    )
    return town
  }

  static async #on(
    store: ReturnType<typeof openMemoryStore>,
    signers: Pick<PackTown, 'acme' | 'rival'>,
    mode: HttpServices['mode'],
  ): Promise<PackTown> {
    const errors: unknown[] = []
    const onDefect = (error: unknown) => errors.push(error)
    const engine = accepted(await openEngine({ store, clock: () => NOW, onDefect }), 'open')
    return new PackTown({ engine, store, errors }, signers, mode)
  }

  /** The same ledger in another process, as it were. */
  async reopen(): Promise<PackTown> {
    await this.close()
    return PackTown.#on(this.store, { acme: this.acme, rival: this.rival }, this.#mode)
  }

  async close(): Promise<void> {
    await this.engine.close()
    if (this.errors.length > 0) throw new Error(this.errors.map(String).join('\n'))
  }

  async grant({ id, ...grant }: GrantEntry): Promise<void> {
    const set = await this.call('operator', 'PUT', `/v1/grants/${id}`, grant)
    if (set.codes.length > 0) throw new Error(set.codes.join(', '))
  }

  async call(by: string, method: string, address: string, body?: unknown): Promise<Answered> {
    const { pathname, searchParams } = new URL(address, 'http://town')
    for (const route of INSURER_ROUTES) {
      const params = paramsOf(route.path, pathname)
      if (route.method !== method || params === undefined) continue
      const role = CREDENTIALS.find(([id]) => id === by)?.[1] ?? 'terminal'
      if (!route.roles.includes(role)) return { codes: ['OPERATION_NOT_YOURS'], value: undefined }
      const reply = await route.handle(
        {
          principal: { id: by, role },
          params,
          query: Object.fromEntries(searchParams),
          headers: {},
          body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
          json: body,
          subject: () => undefined,
        },
        this.#services(),
      )
      return answered(reply)
    }
    throw new Error(`no route ${method} ${address}`)
  }

  #services(): HttpServices {
    return {
      engine: this.engine,
      store: this.store,
      clock: () => NOW,
      limits: SERVER_LIMITS,
      log: () => undefined,
      mode: this.#mode,
      workFolder: '',
      isCurrent: () => true,
      publish: (event) => this.events.push(event),
      keysChanged: () => undefined,
      ask: async () => Promise.reject(new Error('no terminal here')),
      drain: () => 0,
    }
  }

  /** Uploads a pack of `acme`; its hash. */
  async uploaded(changed: AcmePack = {}): Promise<string> {
    const { hash } = acmePack(changed)
    const done = await this.upload(this.acme.sign(uploadOf(hash)), acmeText(changed))
    if (done.codes.length > 0) throw new Error(done.codes.join(', '))
    return hash
  }

  async upload(
    command: unknown,
    text: string,
    by = 'acme',
    lists: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const files = { 'pack.yaml': text, ...lists }
    return this.call(by, 'POST', '/v1/packs', { command, files })
  }

  /** A command of `acme` on a pack. */
  async command(
    command: PackCommand['command'],
    hash: string,
    more: Partial<PackCommand> = {},
  ): Promise<Answered> {
    return this.send('acme', this.acme.sign(commandOf(command, hash, more)))
  }

  /** An envelope to the address it is for. */
  async send(by: string, envelope: PackCommand): Promise<Answered> {
    const { command, packs } = envelope
    const path = command === 'rollBack' ? 'roll-back' : command
    return this.call(by, 'POST', `/v1/packs/${packs[0] ?? ''}/${path}`, envelope)
  }

  async settle(person = 'A0'): Promise<readonly string[]> {
    this.#settled += 1
    const id = `R${this.#settled}`
    const body = { bill: billOf(person, `V${this.#settled}`, 100) }
    const request = { operation: 'settle', hospital: 'H', requestId: id, body } as const
    const reply = await this.engine.submit(request)
    return reply.kind === 'answer' ? [] : reply.problems.map(({ code }) => code)
  }
}

export function uploadOf(...packs: readonly string[]): PackCommand {
  return { command: 'upload', jurisdiction: 'town', packs: packs.toSorted() }
}

export function commandOf(
  command: PackCommand['command'],
  hash: string,
  more: Partial<PackCommand> = {},
): PackCommand {
  return { command, jurisdiction: 'town', packs: [hash], ...more }
}

function paramsOf(path: string, pathname: string): Record<string, string> | undefined {
  const [names, values] = [path.split('/'), pathname.split('/')]
  if (names.length !== values.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, name] of names.entries()) {
    const value = decodeURIComponent(values[index] ?? '')
    if (name.startsWith('{')) params[name.slice(1, -1)] = value
    else if (name !== value) return undefined
  }
  return params
}

function answered(reply: HttpReply): Answered {
  if (reply.kind === 'refused') {
    const problems: unknown = reply.problems
    return { codes: [...new Set(reply.problems.map(({ code }) => code))], value: problems }
  }
  if (reply.kind === 'stream') throw new Error('a stream')
  const value: unknown = JSON.parse(JSON.stringify(reply.value))
  return { codes: [], value }
}
