import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openEngine, type Engine } from '../../../src/engine/open-engine.ts'
import type { Store } from '../../../src/engine/ports.ts'
import type { RegistryEntry } from '../../../src/ledger/record.ts'
import type { RulePack } from '../../../src/rules/pack.ts'
import type { HttpReply, HttpServices, Route } from '../../../src/server/http/route.ts'
import { stopImports } from '../../../src/server/imports/import-queue.ts'
import { stopMaintenance } from '../../../src/server/operators/maintenance.ts'
import { serverLimits } from '../../../src/server/limits.ts'
import type { Role } from '../../../src/server/principal.ts'
import { openMemoryStore } from '../../../src/store/memory-store.ts'
import { accepted } from '../../conformance/rules.ts'
import { packsOf } from '../../workers/town.ts'

export const NOW = Date.UTC(2024, 5, 10, 4)

/** Two insurers with a product each beside the fund of all. */
const PACKS = `
profile: town
title: { zh: 小城, en: Town }
source: 路由测试
effective: { from: 2023-01-01 }
---
pack: town/basic
kind: basic
payer: { id: SECRET-FUND, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件
benefits:
  - id: all
    clause: SECRET-FUND 一
    when: person.tier == 1
    base: [inScope]
    rate: 60%
---
pack: a/plan
kind: commercial
payer: { id: payer-a }
effective: { from: 2023-01-01 }
source: 乙条款
requires: policy
benefits:
  - id: rest
    clause: 二
    when: person.age >= 18
    lines: line.code.startsWith('A')
    base: [inScope]
    rate: 50%
  - id: old
    clause: 三
    when: person.retired && visit.ward == 'SECRET-WARD'
    base: [inScope]
    rate: 10%
---
pack: b/plan
kind: commercial
payer: { id: SECRET-B }
effective: { from: 2023-01-01 }
source: 丙条款
requires: policy
benefits:
  - id: SECRET-BENEFIT
    clause: SECRET 四
    when: visit.department != 'x'
    base: [inScope, ownPay]
    rate: 30%
`

export interface Call {
  readonly as: string
  readonly role?: Role
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly key?: string
  readonly type?: string
  readonly body?: Uint8Array | string
}

/** Routes on a real engine, each called as the router calls it. */
export class RouteTown {
  readonly engine: Engine
  readonly store: Store
  readonly services: HttpServices
  readonly workFolder: string
  /** How often credentials have changed. */
  keysChanged = 0
  /** Subjects of the audit. */
  readonly subjects: string[] = []

  private constructor(engine: Engine, store: Store, workFolder: string) {
    this.engine = engine
    this.store = store
    this.workFolder = workFolder
    this.services = {
      engine,
      store,
      clock: () => NOW,
      limits: accepted(serverLimits({}), 'limits'),
      log: (entry) => {
        if (entry.event === 'defect') throw new Error(JSON.stringify(entry))
      },
      mode: 'production',
      workFolder,
      isCurrent: () => true,
      publish: () => undefined,
      keysChanged: () => {
        this.keysChanged += 1
      },
      ask: async () => Promise.reject(new Error('no terminal here')),
      drain: () => 0,
    }
  }

  static async open(store: Store = openMemoryStore()): Promise<RouteTown> {
    const town = await RouteTown.#on(store, mkdtempSync(join(tmpdir(), 'routes-')))
    const { profiles, packs } = packsOf(PACKS)
    const [profile] = profiles
    if (profile === undefined) throw new Error('no profile')
    accepted(await town.engine.rules.publish({ profile, packs }), 'publish')
    for (const pack of packs) await town.activate(pack)
    await town.register(REGISTER)
    return town
  }

  /** The server started again: another engine on the same ledger and work folder. */
  async reopen(): Promise<RouteTown> {
    await this.#stop()
    return RouteTown.#on(this.store, this.workFolder)
  }

  static async #on(store: Store, workFolder: string): Promise<RouteTown> {
    const engine = await openEngine({ store, clock: () => NOW })
    return new RouteTown(accepted(engine, 'engine'), store, workFolder)
  }

  async activate({ hash, effective }: RulePack): Promise<void> {
    const activation = { jurisdiction: 'town', pack: hash, from: effective.from }
    accepted(await this.engine.rules.activate(activation), 'activate')
  }

  async register(entries: readonly RegistryEntry[]): Promise<void> {
    accepted(await this.engine.registry('town', entries), 'register')
  }

  async call(routes: readonly Route[], id: string, call: Call): Promise<HttpReply> {
    const route = routes.find((one) => one.id === id)
    if (route === undefined) throw new Error(`no route ${id}`)
    const { as, role = 'insurer', params = {}, query = {}, key, type, body = '' } = call
    const headers = {
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(type !== undefined && { 'content-type': type }),
    }
    const isJson = route.body?.schema !== undefined && typeof body === 'string' && body !== ''
    return route.handle(
      {
        principal: { id: as, role },
        params,
        query,
        headers,
        body: typeof body === 'string' ? Buffer.from(body) : body,
        json: isJson ? (JSON.parse(body) as unknown) : undefined,
        subject: (what) => this.subjects.push(what),
      },
      this.services,
    )
  }

  /** The JSON answer; throws for a refusal. */
  async ask(routes: readonly Route[], id: string, call: Call): Promise<Answer> {
    const reply = await this.call(routes, id, call)
    if (reply.kind !== 'json') throw new Error(JSON.stringify(reply))
    return JSON.parse(JSON.stringify(reply.value)) as Answer
  }

  /** Codes of the refusal. */
  async refused(routes: readonly Route[], id: string, call: Call): Promise<readonly string[]> {
    const reply = await this.call(routes, id, call)
    return reply.kind === 'refused' ? reply.problems.map(({ code }) => code) : [reply.kind]
  }

  /** The whole text of a streamed answer. */
  async text(routes: readonly Route[], id: string, call: Call): Promise<string> {
    const reply = await this.call(routes, id, call)
    if (reply.kind !== 'stream') throw new Error(JSON.stringify(reply))
    const chunks: Uint8Array[] = []
    for await (const chunk of reply.chunks) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  /** Asks until `isEnd`. */
  async until(
    routes: readonly Route[],
    id: string,
    call: Call,
    isEnd: (answer: Answer) => boolean,
  ): Promise<Answer> {
    for (;;) {
      const answer = await this.ask(routes, id, call)
      if (isEnd(answer)) return answer
      await wait(5)
    }
  }

  async #stop(): Promise<void> {
    await stopImports(this.engine)
    await stopMaintenance(this.engine)
    await this.engine.close()
  }

  async close(): Promise<void> {
    await this.#stop()
    rmSync(this.workFolder, { recursive: true })
  }
}

export type Answer = Readonly<Record<string, unknown>>

const YEAR = { start: '2024-01-01', end: '2024-12-31' }

export function policy(id: string, product: string, more: object = {}): object {
  return { id, product, ...YEAR, ...more }
}

export function person(id: string, policies: readonly object[]): RegistryEntry {
  const entry = {
    id,
    jurisdiction: 'town',
    facts: { insutype: '310', age: 40, retired: false, tier: 1, income: '987654.00' },
    identities: [],
    coverage: [{ from: '2023-01-01', facts: {} }],
    policies,
  }
  return { kind: 'person', id, entry }
}

const REGISTER: readonly RegistryEntry[] = [
  { kind: 'hospital', id: 'H', entry: { id: 'H', facts: { level: '2' } } },
  { kind: 'hospital', id: 'K', entry: { id: 'K', facts: { level: '3' } } },
  grant('insurer-a', 'payer-a'),
  grant('insurer-b', 'SECRET-B'),
  person('P1', []),
  person('P2', [policy('SECRET-POLICY', 'b/plan')]),
  person('P3', [policy('A-3', 'a/plan'), policy('SECRET-POLICY-3', 'b/plan')]),
  { kind: 'policy', id: 'SECRET-POLICY', entry: { id: 'SECRET-POLICY', holder: 'P2' } },
  { kind: 'policy', id: 'A-3', entry: { id: 'A-3', holder: 'P3' } },
  { kind: 'policy', id: 'SECRET-POLICY-3', entry: { id: 'SECRET-POLICY-3', holder: 'P3' } },
  { kind: 'policy', id: 'SHARED-B', entry: { id: 'SHARED-B', shared: true, product: 'b/plan' } },
]

export function grant(id: string, payer: string): RegistryEntry {
  const facts = ['person.age', 'visit.ward', 'line.*']
  const more = { counters: [], keys: [] }
  const entry = {
    id,
    payers: [payer],
    kinds: ['commercial'],
    jurisdictions: ['town'],
    facts,
    ...more,
  }
  return { kind: 'grant', id, entry }
}
