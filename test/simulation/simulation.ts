import { Chance } from '../hostile/chance.ts'
import { dayOfIso, startOf } from '../model/days.ts'
import { baseLedger, type BaseLedger } from './base-ledger.ts'
import { Client } from './client.ts'
import { damagesOf } from './compare-books.ts'
import type { Fault } from './faults.ts'
import { Network } from './network.ts'
import { Operator } from './operator.ts'
import { Server } from './server.ts'
import type { DiskDefect } from './simulated-disk.ts'
import { SimulatedPlatform } from './simulated-platform.ts'
import { Terminal } from './terminal.ts'
import { idOf } from './witness.ts'
import { World } from './world.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const STORM_MS = 60 * MINUTE_MS
/** More than any run takes that comes to rest. */
const EVENTS_MAX = 40_000
const PREPARED_MS = 15 * MINUTE_MS

export interface SimulationOptions {
  /** Something wrong on purpose. */
  readonly defect?: DiskDefect
  /** Turns of the microtask queue between events. */
  readonly turns?: number
}

/** One run. */
export interface Outcome {
  readonly seed: number
  /** Of the whole event log. */
  readonly hash: string
  readonly lines: readonly string[]
  readonly violation: string | undefined
  readonly faults: ReadonlyMap<Fault, number>
  /** How often each operation was answered or refused with which code. */
  readonly codes: ReadonlyMap<string, number>
  readonly records: number
}

/** Engine, store, pool, platform and clients in one world that `seed` decides wholly. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Outcome> {
  const simulation = new Simulation(seed, options, await baseLedger())
  return simulation.run()
}

class Simulation {
  readonly #world: World
  readonly #chance: Chance
  readonly #server: Server
  readonly #platform: SimulatedPlatform
  readonly #network: Network
  readonly #operator: Operator
  readonly #terminals: readonly Terminal[]

  constructor(seed: number, { defect, turns }: SimulationOptions, base: BaseLedger) {
    this.#chance = new Chance(seed)
    const start = startOf(dayOfIso('2025-12-28') + this.#chance.below(6))
    const world = new World(seed, start + this.#chance.below(DAY_MS), turns)
    this.#world = world
    this.#server = new Server(world, {
      base,
      settings: this.#settings(),
      hasPool: this.#chance.below(2) === 0,
      ...(defect !== undefined && { defect }),
    })
    this.#platform = new SimulatedPlatform(world, () => this.#server.isDown)
    this.#network = new Network(world, this.#server)
    this.#operator = new Operator(this.#client('OP'), this.#server, this.#platform)
    const hospitals = this.#chance.below(3) === 0 ? ['H1', 'H1', 'H2'] : ['H1', 'H2']
    this.#terminals = hospitals.map(
      (hospital, index) => new Terminal(this.#client(`T${index}`), hospital, this.#platform),
    )
  }

  #settings() {
    const { faults } = this.#world
    const isSmall = faults.strikes('overload')
    return {
      waitingMax: isSmall ? 1 + this.#chance.below(2) : 100,
      sliceMax: 1 + this.#chance.below(4),
      batchMax: 1 + this.#chance.below(6),
      preparedMs: PREPARED_MS,
    }
  }

  #client(name: string): Client {
    return new Client(this.#world, this.#network, name, new Chance(this.#chance.below(2 ** 31)))
  }

  async run(): Promise<Outcome> {
    const { faults, log, seed } = this.#world
    this.#mishaps()
    await this.#server.start()
    for (const terminal of this.#terminals) {
      this.#world.begin('terminal', terminal.run(1 + this.#chance.below(3)))
    }
    this.#world.begin('operator', this.#operator.run(1 + this.#chance.below(3)))
    this.#world.time.after(STORM_MS, () => {
      this.#world.say('the storm is over')
      faults.areOver = true
    })
    await this.#settleDown()
    await this.#reckon()
    const { witness, books } = this.#server
    return {
      seed,
      hash: log.hash(),
      lines: log.lines,
      violation: this.#world.violation,
      faults: faults.counts,
      codes: witness.codes,
      records: books.seq,
    }
  }

  /** What happens to the machine by itself, some time during the storm. */
  #mishaps(): void {
    const { faults, time } = this.#world
    const during = (work: () => void) => {
      time.after(this.#chance.below(STORM_MS / 2), work)
    }
    for (let times = 0; times < 2; times += 1) {
      if (faults.strikes('crashAnyTime')) {
        const isPowerLost = this.#chance.below(2) === 0
        during(() => {
          this.#server.crash(isPowerLost)
        })
      }
      if (faults.strikes('gracefulClose')) {
        during(() => {
          this.#world.begin('close', this.#server.close())
        })
      }
      if (faults.strikes('clockBack')) during(() => this.#turnClock(-1))
      if (faults.strikes('clockForward')) during(() => this.#turnClock(1))
    }
  }

  #turnClock(sign: 1 | -1): void {
    const most = this.#chance.oneOf([MINUTE_MS, 20 * MINUTE_MS, DAY_MS])
    const jump = sign * this.#chance.below(most)
    this.#world.clockOffset += jump
    this.#world.say(`clock: ${jump} ms`)
  }

  /** Runs until nothing is left to happen. */
  async #settleDown(): Promise<void> {
    const { time, faults } = this.#world
    await time.run(() => this.#world.violation !== undefined || time.ran > EVENTS_MAX)
    this.#world.require(time.ran <= EVENTS_MAX, () => 'the run does not come to rest')
    this.#world.require(
      faults.areOver,
      () => 'nothing happens any more, in the middle of the storm',
    )
  }

  /** After the storm: everything has an answer, the platform and the ledger agree, and a new process says all of it again. */
  async #reckon(): Promise<void> {
    const { time } = this.#world
    const clients = [...this.#terminals, this.#operator]
    for (const { client, isDone } of clients) {
      const isRight = isDone && client.waiting === 0
      this.#world.require(isRight, () => `${client.name} has had no answer`)
    }
    // However far the clock was turned back: later than everything that is stamped.
    const behind = Math.max(0, this.#server.books.at - this.#world.clock())
    this.#world.clockOffset += behind + PREPARED_MS + MINUTE_MS
    const clearUp = this.#operator.resume().then(async () => this.#operator.resolve())
    this.#world.begin('operator', clearUp)
    await time.run(() => this.#world.violation !== undefined)
    await this.#checkPlatform()
    this.#server.crash(true)
    await time.run(() => this.#world.violation !== undefined)
    await this.#repeatAll()
    const { store } = this.#server
    const damages = store === undefined ? [] : damagesOf(store)
    for (const damage of damages) this.#world.violated(damage)
    this.#server.compare()
  }

  async #checkPlatform(): Promise<void> {
    const listed = new Set<string>()
    const list = this.#operator.unresolved().then((settlements) => {
      for (const settlement of settlements) listed.add(settlement)
    })
    this.#world.begin('list', list)
    await this.#world.time.run(() => this.#world.violation !== undefined)
    for (const [seq, { split, state }] of this.#server.books.splits) {
      if (split.kind !== 'prepared') continue
      const id = idOf(seq)
      const platform = this.#platform.stateOf(id)
      const isAgreed =
        platform.kind === 'settled'
          ? state === 'live' || state === 'reversed'
          : state === 'cancelled'
      const isListed = state === 'prepared' && listed.has(id)
      // Only what the platform has settled otherwise may remain.
      const mayRemain = platform.kind === 'settled' && platform.isOther
      this.#world.require(
        mayRemain ? isListed : isAgreed,
        () => `${id} is ${state} here, ${platform.kind} at the platform, listed: ${isListed}`,
      )
    }
  }

  /** Every request that was answered is answered the same. */
  async #repeatAll(): Promise<void> {
    const { witness } = this.#server
    const before = witness.answered().length
    for (const { request, text } of witness.answered()) {
      this.#server.deliver(request, 'object', (reply) => {
        const isSame =
          reply.kind === 'answer' && reply.repeat && JSON.stringify(reply.answer) === text
        this.#world.require(isSame, () => `${request.requestId} again: ${JSON.stringify(reply)}`)
      })
    }
    await this.#world.time.run(() => this.#world.violation !== undefined)
    this.#world.require(witness.answered().length === before, () => 'a repeat was posted')
  }
}
