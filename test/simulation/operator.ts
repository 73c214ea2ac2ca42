import type { EngineReply } from '../../src/engine/request.ts'
import { dayOf, isoDay } from '../model/days.ts'
import type { Tree } from '../model/model-split.ts'
import { CHANGES } from '../model/register.ts'
import { PLACES } from '../model/rules.ts'
import type { Client } from './client.ts'
import type { Server } from './server.ts'
import type { SimulatedPlatform } from './simulated-platform.ts'
import { idOf } from './witness.ts'
import type { World } from './world.ts'

const THINK_MS = 8 * 60_000

/** Who runs the ledger: closes days, runs supplements and recalculations, keeps rules and register, clears up what is unresolved. */
export class Operator {
  readonly #world: World
  readonly #client: Client
  readonly #server: Server
  readonly #platform: SimulatedPlatform
  isDone = false

  constructor(client: Client, server: Server, platform: SimulatedPlatform) {
    this.#world = client.world
    this.#client = client
    this.#server = server
    this.#platform = platform
  }

  get client(): Client {
    return this.#client
  }

  async run(count: number): Promise<void> {
    const { chance } = this.#client
    for (let made = 0; made < count; made += 1) {
      await this.#client.think(THINK_MS)
      await chance.oneOf([
        async () => this.#supplement(),
        async () => this.#supplement(),
        async () => this.#recalculate(),
        async () => this.#recalculate(),
        async () => this.#closeDay(),
        async () => this.#confirmGiven(),
        async () => this.resolve(),
        async () => this.#keepRules(),
        async () => this.resume(),
      ])()
    }
    this.isDone = true
  }

  async #call(operation: Parameters<Client['call']>[0], body: Tree): Promise<EngineReply> {
    return this.#client.call(operation, '', body)
  }

  async #supplement(): Promise<void> {
    const { chance } = this.#client
    const live = [...this.#server.books.splits.values()].filter(
      ({ state, split }) => state === 'live' && split.operation !== 'supplement',
    )
    const found = chance.anyOf(live)?.split
    if (found === undefined) return
    const packs = [`${found.jurisdiction}/afterwards`]
    const settlements = [idOf(found.seq)]
    await this.#call('supplement', { person: found.person, settlements, packs })
  }

  async #recalculate(): Promise<void> {
    await this.#call('recalculate', { person: this.#client.chance.oneOf(['P1', 'P2', 'P3']) })
  }

  /** The platform's file names a settlement whose given amounts nobody had confirmed. */
  async #confirmGiven(): Promise<void> {
    const found = [...this.#server.books.splits].find(
      ([, { state, split }]) => state === 'live' && split.kind === 'settlement' && !split.confirmed,
    )
    if (found === undefined) return
    const settlement = idOf(found[0])
    await this.#call('platform.confirm', { settlement, evidence: '3201' })
  }

  async #closeDay(): Promise<void> {
    const day = dayOf(this.#world.clock()) - 1
    await this.#call('closeDay', { day: isoDay(day) })
  }

  /** A change of the register, or a later version of a pack. */
  async #keepRules(): Promise<void> {
    const { chance } = this.#client
    if (chance.below(2) === 0) {
      const entry = chance.anyOf(CHANGES)
      if (entry === undefined) return
      await this.#server.operate('registry', async (engine) => engine.registry('sim', [entry]))
      return
    }
    const place = chance.anyOf(PLACES)
    const pack = chance.anyOf(place?.later ?? [])
    if (place === undefined || pack === undefined) return
    const { jurisdiction } = place
    const from = dayOf(this.#world.clock())
    const isBack = chance.below(4) === 0
    await this.#server.operate('rules', async ({ rules }) =>
      isBack
        ? rules.rollBack({ jurisdiction, pack: pack.id })
        : rules.activate({ jurisdiction, pack: pack.hash, from }),
    )
  }

  /** Packs that were held back run again. */
  async resume(): Promise<void> {
    for (const { jurisdiction } of PLACES) {
      const suspended = this.#server.engine?.rulesState(jurisdiction)?.suspended ?? []
      for (const hash of suspended) {
        this.#world.poisonings.forgetAll()
        await this.#server.operate('resume', async ({ rules }) => rules.resume(jurisdiction, hash))
      }
    }
  }

  /** Asks the platform about everything prepared that has had no end in time. */
  async resolve(): Promise<void> {
    for (const settlement of await this.unresolved()) await this.#resolveOne(settlement)
  }

  /** Ids of what is prepared and past its time. */
  async unresolved(): Promise<readonly string[]> {
    const reply = await this.#call('unresolved', {})
    if (reply.kind !== 'answer') return []
    const list = reply.answer['settlements'] as readonly Tree[]
    return list.map(({ settlement }) => String(settlement))
  }

  async #resolveOne(settlement: string): Promise<void> {
    const state = await this.#platform.ask({ kind: 'close', settlement })
    if (state?.kind === 'settled') {
      await this.#call('confirm', { settlement, platform: { setlinfo: state.setlinfo } })
    }
    if (state?.kind === 'refused') await this.#call('cancel', { settlement })
  }
}
