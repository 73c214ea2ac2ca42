import { Chance } from '../hostile/chance.ts'
import { EventLog } from './event-log.ts'
import { Faults } from './faults.ts'
import { Poisonings } from './poison.ts'
import { VirtualTime } from './virtual-time.ts'

/** What everybody in a simulated run shares: time, what goes wrong, what happened, what must not. */
export class World {
  readonly seed: number
  readonly time: VirtualTime
  readonly faults: Faults
  readonly log = new EventLog()
  readonly poisonings = new Poisonings()
  /** Delays of messages, disks and workers. */
  readonly delays: Chance
  violation: string | undefined
  /** What the clocks on the wall are wrong by, ms. */
  clockOffset = 0
  readonly #start: number

  constructor(seed: number, start: number, turns?: number) {
    this.seed = seed
    this.time = new VirtualTime(turns)
    this.faults = new Faults(seed ^ 0x51f7_03a1)
    this.delays = new Chance(seed ^ 0x2a6b_9c4d)
    this.#start = start
  }

  /** The clock on the wall of the engine's machine. */
  readonly clock = (): number => this.#start + this.time.now + this.clockOffset

  say(what: string): void {
    this.log.add(this.time.now, what)
  }

  /** Notes what must never happen; the run ends with the first. */
  violated(what: string): void {
    if (this.violation !== undefined) return
    this.violation = what
    this.say(`VIOLATION ${what}`)
  }

  /** Work that goes on by itself and must not fail. */
  begin(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      const why = error instanceof Error ? error.stack : undefined
      this.violated(`${what} rejects: ${why ?? String(error)}`)
    })
  }

  require(holds: boolean, what: () => string): void {
    if (!holds) this.violated(what())
  }
}
