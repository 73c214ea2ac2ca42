import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import type { Evaluator } from '../../src/engine/evaluator-port.ts'
import type { Store } from '../../src/engine/ports.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import { recordsOf } from '../../src/engine/store-rows.ts'
import type { LedgerRecord, RegistryEntry, SplitRecord } from '../../src/ledger/record.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import type { Fault } from '../../src/workers/fault.ts'
import { openPool } from '../../src/workers/open-pool.ts'
import { Standby, type StandbyOptions } from '../../src/workers/standby.ts'
import type { PoolOptions } from '../../src/workers/pool-options.ts'
import { accepted } from '../conformance/rules.ts'

/*
 * A town with a basic fund for everybody, a product for those who hold its policy, and a budget that a group of employees shares.
 */

const TOWN = `
profile: town
title: { zh: 小城, en: Town }
source: 线程池测试
effective: { from: 2023-01-01 }
---
pack: town/basic
kind: basic
payer: { id: town-fund, wire: hifp_pay }
effective: { from: 2023-01-01 }
source: 甲文件
benefits:
  - id: all
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 100.00 }
    rate: 60%
    limits: [{ on: payment, per: year, amount: 900.00 }]
---
pack: town/product
kind: commercial
payer: { id: town-insurer }
effective: { from: 2023-01-01 }
source: 乙条款
requires: policy
benefits:
  - id: rest
    clause: 二
    base: [inScope]
    deductible: { per: policyYear, amount: 50.00 }
    rate: 50%
---
pack: town/group
kind: commercial
payer: { id: town-group-insurer }
effective: { from: 2023-01-01 }
source: 丙条款
requires: policy
counters:
  budget: { per: policyYear, owner: group }
benefits:
  - id: share
    clause: 三
    base: [inScope]
    rate: 30%
    limits: [{ on: payment, counter: budget, amount: 1000.00 }]
`

interface Packs {
  readonly profiles: readonly Profile[]
  readonly packs: readonly RulePack[]
}

const texts = new Map<string, Packs>()

/** Read once: each town that a test opens asks for the same ones. */
export function packsOf(text: string): Packs {
  const known = texts.get(text)
  if (known !== undefined) return known
  const packs = accepted(
    readPacks(text, 'town.yaml', () => undefined),
    'packs',
  )
  texts.set(text, packs)
  return packs
}

const FIRST = packsOf(TOWN)

export function packOf(id: string): RulePack {
  const pack = FIRST.packs.find((one) => one.id === id)
  if (pack === undefined) throw new Error(`no pack ${id}`)
  return pack
}

export function townProfile(): Profile {
  const [profile] = FIRST.profiles
  if (profile === undefined) throw new Error('no profile')
  return profile
}

/** A later version of the basic pack that pays `percent`. */
export function basicAt(percent: number): RulePack {
  const text = TOWN.split('---').find((part) => part.includes('pack: town/basic')) ?? ''
  const [pack] = packsOf(
    text.replace('60%', `${percent}%`).replace('甲文件', `甲文件 修订 ${percent}`),
  ).packs
  if (pack === undefined) throw new Error('no pack')
  return pack
}

const YEAR = { start: '2024-01-01', end: '2024-12-31' }
export const NOW = Date.UTC(2024, 5, 10, 4)

export interface TownOptions extends Partial<Omit<PoolOptions, 'content' | 'faults'>> {
  readonly faults?: readonly Fault[]
  /** No pool but a worker that stands by. */
  readonly standby?: Pick<StandbyOptions, 'now' | 'slowMs' | 'quickToClear' | 'open'>
}

/** An engine on a memory store, with a pool unless `workers` is 0. */
export class Town {
  readonly engine: Engine
  readonly errors: unknown[]
  /** How often the pool said what. */
  readonly outcomes: ReadonlyMap<string, number>
  standby: Standby | undefined
  readonly #store: ReturnType<typeof openMemoryStore>
  #requests = 0

  private constructor(
    engine: Engine,
    store: ReturnType<typeof openMemoryStore>,
    errors: unknown[],
    outcomes: ReadonlyMap<string, number>,
  ) {
    this.engine = engine
    this.#store = store
    this.errors = errors
    this.outcomes = outcomes
  }

  /** `A…` hold nothing, `B…` the product, `G…` a share in the group's budget. */
  static async open(options: TownOptions = {}): Promise<Town> {
    const town = await Town.#on(openMemoryStore(), options)
    await town.#install()
    return town
  }

  /** Another engine on the same ledger; this one is closed. */
  async reopen(options: TownOptions = {}): Promise<Town> {
    await this.close()
    return Town.#on(this.#store, options)
  }

  static async #on(store: ReturnType<typeof openMemoryStore>, options: TownOptions): Promise<Town> {
    const errors: unknown[] = []
    const note = (error: unknown) => errors.push(error)
    const { standby: standbyOptions, ...poolOptions } = options
    const pool = {
      workers: 2,
      timeBudgetMs: 4_000,
      onError: note,
      ...poolOptions,
      content: (hash: string) => {
        const bytes = store.get('content', hash)
        if (bytes === undefined) throw new Error(`no content ${hash}`)
        return bytes
      },
    }
    const standby = standbyOptions && new Standby({ ...pool, ...standbyOptions })
    const evaluator = standby ?? openPool(pool)
    const outcomes = new Map<string, number>()
    const opened = await openEngine({
      store,
      clock: () => NOW,
      onDefect: note,
      ...(evaluator !== undefined && { evaluator: counting(evaluator, outcomes) }),
      ...(standby !== undefined && { watch: standby }),
    })
    const town = new Town(accepted(opened, 'open'), store, errors, outcomes)
    town.standby = standby
    return town
  }

  async #install(): Promise<void> {
    const publication = { profile: townProfile(), packs: FIRST.packs }
    accepted(await this.engine.rules.publish(publication), 'publish')
    for (const pack of FIRST.packs) await this.activate(pack)
    await this.register(REGISTER)
  }

  async activate(pack: RulePack): Promise<void> {
    const { hash, effective } = pack
    const activation = { jurisdiction: 'town', pack: hash, from: effective.from }
    accepted(await this.engine.rules.activate(activation), 'activate')
  }

  async register(entries: readonly RegistryEntry[]): Promise<void> {
    accepted(await this.engine.registry('town', entries), 'register')
  }

  async settle(person: string, { yuan = 100, without }: BillOptions = {}): Promise<EngineReply> {
    this.#requests += 1
    return this.submit(billOf(person, `V${this.#requests}`, yuan), {
      requestId: `R${this.#requests}`,
      ...(without !== undefined && { without }),
    })
  }

  async submit(
    bill: unknown,
    { requestId, ...rest }: { readonly requestId: string; readonly without?: readonly string[] },
  ): Promise<EngineReply> {
    const body = { bill, ...rest }
    return this.engine.submit({ operation: 'settle', hospital: 'H', requestId, body })
  }

  get store(): Store {
    return this.#store
  }

  records(): readonly LedgerRecord[] {
    return [...this.#store.range('journal')].flatMap(({ value }) => recordsOf(value))
  }

  splits(): readonly SplitRecord[] {
    return this.records().filter((record): record is SplitRecord => record.kind === 'settlement')
  }

  async close(): Promise<void> {
    await this.engine.close()
  }
}

function counting(evaluator: Evaluator, outcomes: Map<string, number>): Evaluator {
  return {
    workers: evaluator.workers,
    get isWanted() {
      return evaluator.isWanted ?? true
    },
    evaluate: async (job) => {
      const outcome = await evaluator.evaluate(job)
      const name = outcome.kind === 'failed' ? outcome.why : outcome.kind
      outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
      return outcome
    },
    close: async () => evaluator.close(),
  }
}

interface BillOptions {
  readonly yuan?: number
  readonly without?: readonly string[]
}

export function billOf(person: string, stay: string, yuan: number) {
  return {
    person: { id: person },
    visit: { id: stay, kind: 'outpatient', start: '2024-06-10' },
    lines: [
      { id: '1', name: '检查', inScope: `${yuan}.00` },
      { id: '2', name: '自费', ownPay: '7.00' },
    ],
  }
}

export const PERSONS_EACH = 20

export const REGISTER: readonly RegistryEntry[] = [
  { kind: 'hospital', id: 'H', entry: { id: 'H', facts: { level: '2' } } },
  ...people('A', () => []),
  ...people('B', (id) => [{ id: `POL-${id}`, product: 'town/product', ...YEAR }]),
  ...people('G', (id) => [{ id: `POL-${id}`, product: 'town/group', groupId: 'G', ...YEAR }]),
]

/** One whose policy of the product others hold too. */
export function sharer(id: string): RegistryEntry {
  return person(id, [{ id: `POL-${id}`, product: 'town/product', shared: true, ...YEAR }])
}

function people(letter: string, policies: (id: string) => readonly object[]): RegistryEntry[] {
  return Array.from({ length: PERSONS_EACH }, (_, index) => {
    const id = `${letter}${index}`
    return person(id, policies(id))
  })
}

function person(id: string, policies: readonly object[]): RegistryEntry {
  const entry = {
    id,
    jurisdiction: 'town',
    facts: { insutype: '310' },
    identities: [],
    coverage: [{ from: '2023-01-01', facts: {} }],
    policies,
  }
  return { kind: 'person', id, entry }
}

/** The settlements of a ledger must be those that a ledger without workers makes of the same bills in the same order. */
export async function settledInline(splits: readonly SplitRecord[]): Promise<readonly unknown[]> {
  const inline = await Town.open({ workers: 0 })
  for (const { bill, request } of splits) {
    const { without, ...rest } = bill as { readonly without?: readonly string[] }
    const reply = await inline.submit(rest, {
      requestId: request?.id ?? '',
      ...(without !== undefined && { without }),
    })
    if (reply.kind !== 'answer') throw new Error(JSON.stringify(reply.problems))
  }
  const found = inline.splits().map(essence)
  await inline.close()
  return found
}

/** A settlement without its place among other records. */
export function essence(split: SplitRecord): unknown {
  const { seq: _, ...rest } = split
  return rest
}
