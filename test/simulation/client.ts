import type { EngineReply, EngineRequest } from '../../src/engine/request.ts'
import type { Chance } from '../hostile/chance.ts'
import type { Tree } from '../model/model-split.ts'
import type { Network } from './network.ts'
import { codeOf, type SentRequest } from './witness.ts'
import type { World } from './world.ts'

const TIMEOUT_MS = 3_000
const PAUSE_MS = 1_000

/** Refusals after which the same request is sent again under the same id. */
const AGAIN: ReadonlySet<string> = new Set(
  'OVERLOADED ENGINE_STOPPING OUTCOME_UNKNOWN STORE_FULL STORE_WRITE_FAILED'.split(' '),
)

/** Somebody who sends requests and does not give up before there is an answer or a refusal of the request itself. */
export class Client {
  readonly world: World
  readonly chance: Chance
  readonly name: string
  readonly #network: Network
  #requests = 0
  /** Requests sent that wait for a reply of any kind. */
  waiting = 0
  /** Of the last call: attempts nobody answered in time. */
  timeouts = 0

  constructor(world: World, network: Network, name: string, chance: Chance) {
    this.world = world
    this.#network = network
    this.name = name
    this.chance = chance
  }

  newId(): string {
    this.#requests += 1
    return `${this.name}-${this.#requests}`
  }

  async call(
    operation: EngineRequest['operation'],
    hospital: string,
    body: Tree,
    requestId: string = this.newId(),
  ): Promise<EngineReply> {
    const request = { operation, hospital, requestId, body }
    this.waiting += 1
    let timeouts = 0
    for (;;) {
      const reply = await this.#attempt(request)
      if (reply === undefined) timeouts += 1
      else if (reply.kind === 'answer' || !AGAIN.has(codeOf(reply))) {
        this.waiting -= 1
        this.timeouts = timeouts
        return reply
      } else {
        const pause = reply.retryAfterMs ?? PAUSE_MS
        await this.world.time.sleep(pause + this.chance.below(500))
      }
    }
  }

  /** The settlement of an answer; undefined when it was refused. */
  static settlementOf(reply: EngineReply): string | undefined {
    return reply.kind === 'answer' ? String(reply.answer['settlement']) : undefined
  }

  /** Between two things to do: mostly none, so that many things happen at once. */
  async think(most: number): Promise<void> {
    const isBusy = this.chance.below(10) < 6
    await this.pause(isBusy ? 300 : most)
  }

  async pause(most: number): Promise<void> {
    await this.world.time.sleep(this.chance.below(most))
  }

  async #attempt(request: SentRequest): Promise<EngineReply | undefined> {
    return new Promise((resolve) => {
      this.#network.send(request, resolve)
      this.world.time.after(TIMEOUT_MS + this.chance.below(1_000), () => {
        resolve(undefined)
      })
    })
  }
}
