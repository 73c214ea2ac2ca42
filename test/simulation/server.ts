import { encode } from '../../src/protocol/codec.ts'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import type { EngineSettings } from '../../src/engine/limits.ts'
import type { EngineReply } from '../../src/engine/request.ts'
import type { Result } from '../../src/errors/problem.ts'
import { openSeal } from '../../src/store/seal.ts'
import { storedSums } from '../../src/store/open-sealed.ts'
import { SealedStore } from '../../src/store/sealed-store.ts'
import { Sums } from '../../src/store/sums.ts'
import { COMPILED, type BaseLedger } from './base-ledger.ts'
import { Books } from './books.ts'
import { differencesOf } from './compare-books.ts'
import { brief } from './event-log.ts'
import { SimulatedDisk, type DiskDefect } from './simulated-disk.ts'
import { SimulatedPool } from './simulated-pool.ts'
import { codeOf, Witness, type SentRequest } from './witness.ts'
import type { World } from './world.ts'

export interface ServerOptions {
  readonly base: BaseLedger
  readonly settings: Partial<EngineSettings>
  readonly hasPool: boolean
  readonly defect?: DiskDefect
}

const DOWN_MS = 20_000

/** The machine of the ledger: its disk, the engine that runs on it now, and those who watch both. */
export class Server {
  readonly #world: World
  readonly #options: ServerOptions
  readonly #disk: SimulatedDisk
  readonly books: Books
  readonly witness: Witness
  /** What the process of now can see of the disk. */
  #store: SealedStore | undefined
  #engine: Engine | undefined
  #run = 0
  #pending = 0
  #isClosing = false
  /** Resolves when the process of now has ended. */
  #gone: Promise<undefined> = Promise.resolve(undefined)
  #leave: () => void = () => undefined

  constructor(world: World, options: ServerOptions) {
    this.#world = world
    this.#options = options
    this.books = new Books((what) => {
      world.violated(what)
    }, options.base.books)
    this.witness = new Witness(world, this.books)
    const events = {
      flushed: () => {
        this.#absorb()
      },
      crash: (isPowerLost: boolean) => {
        this.crash(isPowerLost)
      },
    }
    this.#disk = new SimulatedDisk(world, options.base.rows, events, options.defect)
  }

  get isDown(): boolean {
    return this.#engine === undefined
  }

  /** A new process opens the ledger; it must say what the journal says, and the journal must be what it was. */
  async start(): Promise<void> {
    if (this.#engine !== undefined || this.#world.violation !== undefined) return
    this.#run += 1
    this.#isClosing = false
    this.#gone = new Promise((resolve) => {
      this.#leave = () => {
        resolve(undefined)
      }
    })
    const rows = this.#disk.mount()
    this.#store = new SealedStore(rows, storedSums(rows) ?? Sums.empty())
    this.#absorb()
    this.compare()
    const opened = await openEngine({
      store: this.#store,
      clock: this.#world.clock,
      settings: this.#options.settings,
      schedule: this.#schedule(this.#run),
      compiled: COMPILED,
      ...(this.#options.hasPool && { evaluator: this.#pool() }),
      onDefect: (error) => {
        this.#world.violated(`defect: ${error instanceof Error ? (error.stack ?? '') : ''}`)
      },
    })
    if (!opened.ok) {
      this.#world.violated(`does not open: ${JSON.stringify(opened.problems)}`)
      return
    }
    this.#engine = opened.value
    this.#world.say(`server: up at record ${opened.value.seq}`)
    this.#world.require(opened.value.seq === this.books.seq, () => 'the engine is not at the end')
  }

  /** Compares every row with the journal. */
  compare(): void {
    if (this.#store === undefined) return
    const [first] = differencesOf(this.books, this.#store)
    if (first !== undefined) this.#world.violated(first)
  }

  get store(): SealedStore | undefined {
    return this.#store
  }

  /** The process ends in the middle of whatever it does, and is started again some time later. */
  crash(isPowerLost: boolean): void {
    if (this.#engine === undefined) return
    this.#world.say(`server: crash${isPowerLost ? ' and power loss' : ''}`)
    this.#disk.crash(isPowerLost)
    this.#end()
  }

  #end(): void {
    this.#run += 1
    this.#leave()
    this.#engine = undefined
    this.#pending = 0
    this.witness.engineGone()
    this.#world.poisonings.forgetAll()
    const downFor = this.#world.faults.areOver ? 10 : 10 + this.#world.delays.below(DOWN_MS)
    this.#world.time.after(downFor, () => {
      this.#world.begin('start', this.start())
    })
  }

  /** Answers what it has, ends, and is started again. */
  async close(): Promise<void> {
    const engine = this.#engine
    if (engine === undefined || this.#isClosing) return
    this.#isClosing = true
    this.#world.say('server: closing')
    const run = this.#run
    await engine.close()
    // The replies of the last flush are on their way in promises.
    await this.#world.time.sleep(0)
    if (run !== this.#run) return
    const left = this.#pending
    this.#world.require(left === 0, () => `closed with ${left} requests not answered`)
    this.#world.say('server: closed')
    this.#disk.crash(false)
    this.#end()
  }

  /** A request arrives; `respond` is called with the reply when there is one. */
  deliver(
    request: SentRequest,
    encoding: 'object' | 'json',
    respond: (reply: EngineReply) => void,
  ): void {
    const engine = this.#engine
    if (engine === undefined) {
      this.#world.faults.met('requestWhileDown')
      return
    }
    const run = this.#run
    this.#pending += 1
    this.witness.submitted(request)
    const { operation, requestId } = request
    const body = encoding === 'json' ? Buffer.from(JSON.stringify(request.body)) : request.body
    // As a connection gives it: decoded, and with its message.
    const frame = { id: requestId, op: operation, body: request.body }
    const sent = { message: encode(frame), encoding: 'msgpack' } as const
    this.#world.begin(
      `submit ${request.requestId}`,
      engine.submit({ ...request, body, ...(encoding === 'object' && { sent }) }).then((reply) => {
        if (run === this.#run) this.#replied(request, reply, respond)
      }),
    )
  }

  #replied(request: SentRequest, reply: EngineReply, respond: (reply: EngineReply) => void): void {
    this.#pending -= 1
    const text = reply.kind === 'answer' ? JSON.stringify(reply.answer) : codeOf(reply)
    const shown = reply.kind === 'answer' ? `${reply.repeat ? 'repeat ' : ''}${brief(text)}` : text
    this.#world.say(`reply ${request.operation} ${request.requestId}: ${shown}`)
    this.witness.replied(request, reply)
    if (reply.kind === 'refused' && codeOf(reply) === 'OVERLOADED') {
      this.#world.faults.met('overload')
    }
    if (text === 'OUTCOME_UNKNOWN') this.#halted()
    respond(reply)
  }

  /** Work of an operator on the machine itself. */
  async operate<T>(what: string, work: (engine: Engine) => Promise<Result<T>>): Promise<void> {
    const engine = this.#engine
    if (engine === undefined) return
    const result = await Promise.race([work(engine), this.#gone])
    if (result === undefined) return
    const code = result.ok ? 'ok' : (result.problems[0]?.code ?? '')
    this.#world.say(`operator: ${what} ${code}`)
    if (code === 'DEFECT') this.#world.violated(`${what} ${JSON.stringify(result)}`)
    if (code === 'OUTCOME_UNKNOWN') this.#halted()
  }

  /** An engine that has halted is ended by who watches over it. */
  #halted(): void {
    const run = this.#run
    this.#world.time.after(500, () => {
      if (run === this.#run) this.crash(false)
    })
  }

  get engine(): Engine | undefined {
    return this.#engine
  }

  #absorb(): void {
    if (this.#store === undefined) return
    for (const record of this.books.absorb(this.#store)) this.witness.recorded(record)
  }

  #schedule(run: number): (work: () => void) => void {
    const { time, delays } = this.#world
    return (work) => {
      time.after(delays.below(3), () => {
        if (run === this.#run) work()
      })
    }
  }

  #pool(): SimulatedPool {
    const { rows } = this.#disk
    return new SimulatedPool(this.#world, (hash) => {
      const sealed = rows.get('content', hash)
      if (sealed === undefined) throw new Error(`no content ${hash}`)
      return openSeal('content', hash, sealed)
    })
  }
}
