import { openEngine, type Engine, type EngineOptions } from '../../../src/engine/open-engine.ts'
import { journalRecords } from '../../../src/engine/replay/journal-records.ts'
import type { EngineReply, Operation } from '../../../src/engine/request.ts'
import type { Store } from '../../../src/engine/ports.ts'
import { parseEpochDay } from '../../../src/catalog/epoch-day.ts'
import type { LedgerRecord, SplitRecord } from '../../../src/ledger/record.ts'
import { seqOf } from '../../../src/ledger/settlement-id.ts'
import type { RulePack } from '../../../src/rules/pack.ts'
import type { Profile } from '../../../src/rules/profile.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { openMemoryStore } from '../../../src/store/memory-store.ts'
import { given } from '../../store/places.ts'

export type Tree = Readonly<Record<string, unknown>>

const PROFILE = `
profile: town
title: { zh: 小镇, en: Town }
source: 政策包生命周期测试
effective: { from: 2020-01-01 }
`

/** The town's profile, with more keys when wanted. */
export function townProfile(more = ''): Profile {
  const { profiles } = given(readPacks(`${PROFILE.trim()}\n${more}`, 'town.yaml', () => undefined))
  const [profile] = profiles
  if (profile === undefined) throw new Error('no profile')
  return profile
}

export interface VersionText {
  readonly rate: string
  readonly from?: string
  readonly to?: string
  readonly by?: string
  /** More of the pack, as it is written. */
  readonly more?: string
}

/** A version of the town's basic pack. */
export function basic({ rate, from = '2020-01-01', to, by, more = '' }: VersionText): RulePack {
  const days = [`from: ${from}`, ...(to === undefined ? [] : [`to: ${to}`])]
  const effective = [...days, ...(by === undefined ? [] : [`by: ${by}`])].join(', ')
  return onePack(`
pack: town/basic
kind: basic
payer: { id: town-fund, wire: hifp_pay }
effective: { ${effective} }
source: 甲文件 ${rate}
benefits:
  - id: all
    clause: 一
    base: [inScope]
    deductible: { per: year, amount: 100.00 }
    rate: ${rate}
${more}`)
}

/** A version of the town's commercial pack, which pays on what is left. */
export function plan({ rate, from = '2020-01-01', more = '' }: VersionText): RulePack {
  return onePack(`
pack: town/plan
kind: commercial
payer: { id: town-insurer }
effective: { from: ${from} }
source: 乙条款 ${rate}
requires: policy
benefits:
  - id: rest
    clause: 二
    base: [inScope, ownPay]
    deductible: { per: policyYear, amount: 30.00 }
    rate: ${rate}
    limits: [{ on: payment, per: policyYear, amount: 900.00 }]
${more}`)
}

export function onePack(text: string): RulePack {
  const { packs } = given(readPacks(text.trim(), 'pack.yaml', () => undefined))
  const [pack] = packs
  if (pack === undefined) throw new Error('no pack')
  return pack
}

export function day(text: string): number {
  const found = parseEpochDay(text)
  if (found === undefined) throw new Error(text)
  return found
}

export interface BillOptions {
  readonly person?: string
  /** In-scope and own-pay yuan of the one line. */
  readonly inScope?: string
  readonly ownPay?: string
  readonly admitted?: string
  readonly more?: Tree
}

/** A ledger of a town with persons `P0` … and one hospital, settling under request ids of its own. */
export class Town {
  readonly store: Store
  readonly engine: Engine
  readonly jurisdiction = 'town'
  #now: number
  #requests = 0

  private constructor(store: Store, engine: Engine, clock: { now: () => number }, now: number) {
    this.store = store
    this.engine = engine
    this.#now = now
    clock.now = () => this.#now
  }

  /** `today`: ISO day of the clock, at noon. */
  static async open(
    today: string,
    store: Store = openMemoryStore(),
    options: Partial<EngineOptions> = {},
  ): Promise<Town> {
    const clock = { now: () => 0 }
    const engine = given(
      await openEngine({
        store,
        clock: () => clock.now(),
        onDefect: (error) => {
          throw error
        },
        ...options,
      }),
    )
    return new Town(store, engine, clock, noonOf(today))
  }

  async found(packs: readonly RulePack[], persons = 3): Promise<this> {
    given(await this.engine.rules.publish({ profile: townProfile(), packs }))
    await this.register(persons)
    return this
  }

  /** The hospital, and persons with a policy of the plan. */
  async register(persons: number): Promise<void> {
    const ids = Array.from({ length: persons }, (_, index) => `P${index}`)
    given(
      await this.engine.registry('town', [
        { kind: 'hospital', id: 'H', entry: { id: 'H', facts: { level: '2' } } },
        ...ids.map((id) => ({ kind: 'person' as const, id, entry: personEntry(id) })),
      ]),
    )
  }

  set today(text: string) {
    this.#now = noonOf(text)
  }

  async activate(pack: RulePack, from: string): Promise<string> {
    const { jurisdiction } = this
    const activation = { jurisdiction, pack: pack.hash, from: day(from) }
    return given(await this.engine.rules.activate(activation)).ruleSet
  }

  get ruleSet(): string {
    return this.engine.rulesState(this.jurisdiction)?.ruleSet ?? ''
  }

  stateOf(pack: RulePack): string | undefined {
    return this.engine.rulesState(this.jurisdiction)?.packs.find(({ hash }) => hash === pack.hash)
      ?.state
  }

  bill({
    person = 'P0',
    inScope = '1000.00',
    ownPay,
    admitted,
    more = {},
  }: BillOptions = {}): Tree {
    this.#requests += 1
    const id = `V${this.#requests}`
    const start = admitted ?? new Date(this.#now).toISOString().slice(0, 10)
    return {
      person: { id: person },
      visit: { id, kind: 'inpatient', start, end: new Date(this.#now).toISOString().slice(0, 10) },
      lines: [{ id: `${id}-1`, name: '项目', inScope, ...(ownPay !== undefined && { ownPay }) }],
      ...more,
    }
  }

  async submit(operation: Operation, body: Tree, hospital = 'H'): Promise<EngineReply> {
    this.#requests += 1
    return this.engine.submit({ operation, hospital, requestId: `R${this.#requests}`, body })
  }

  /** The answer of a request that must not be refused. */
  async ask(operation: Operation, body: Tree, hospital = 'H'): Promise<Tree> {
    const reply = await this.submit(operation, body, hospital)
    if (reply.kind === 'answer') return reply.answer
    throw new Error(`${operation} ${JSON.stringify(reply.problems)}`)
  }

  async settle(options: BillOptions = {}, more: Tree = {}): Promise<Tree> {
    return this.ask('settle', { bill: this.bill(options), ...more })
  }

  records(): readonly LedgerRecord[] {
    return [...journalRecords(this.store)]
  }

  record(answer: Tree): SplitRecord {
    const found = this.records().find(({ seq }) => seq === seqOf(answer['settlement']))
    if (found?.kind === 'settlement' || found?.kind === 'prepared') return found
    throw new Error('no settlement')
  }
}

function noonOf(today: string): number {
  return Date.parse(`${today}T04:00:00Z`)
}

function personEntry(id: string): Tree {
  return {
    id,
    jurisdiction: 'town',
    facts: { region: '310000' },
    identities: [],
    coverage: [{ from: '2019-01-01' }],
    policies: [{ id: `${id}-plan`, product: 'town/plan', start: '2024-01-01', end: '2024-12-31' }],
  }
}

/** Fen that a payer pays in an answer. */
export function paid(answer: Tree, payer: string): number {
  const payers = answer['payers'] as readonly { readonly id: string; readonly amount: number }[]
  return payers.reduce((sum, { id, amount }) => (id === payer ? sum + amount : sum), 0)
}

/** Codes of a refusal. */
export function codes(reply: EngineReply): readonly string[] {
  return reply.kind === 'refused' ? reply.problems.map(({ code }) => code) : []
}
