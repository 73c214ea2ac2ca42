import type { EngineReply } from '../../src/engine/request.ts'
import type { Server } from './server.ts'
import type { SentRequest } from './witness.ts'
import type { World } from './world.ts'

const DELAY_MS = 60_000

/** Carries requests to the server and replies back: not always, not always once, not always in order. */
export class Network {
  readonly #world: World
  readonly #server: Server
  #sent = 0
  #newestDelivered = 0

  constructor(world: World, server: Server) {
    this.#world = world
    this.#server = server
  }

  /** `receive` may be called once, more than once or never. */
  send(request: SentRequest, receive: (reply: EngineReply) => void): void {
    const { faults } = this.#world
    this.#sent += 1
    const number = this.#sent
    if (faults.strikes('requestLost')) {
      this.#world.say(`network: request ${request.requestId} lost`)
    } else this.#carry(request, number, receive)
    if (faults.strikes('requestDuplicated')) this.#carry(request, number, receive)
  }

  #carry(request: SentRequest, number: number, receive: (reply: EngineReply) => void): void {
    const { time, faults, delays } = this.#world
    const encoding = delays.below(2) === 0 ? 'json' : 'object'
    const extra = faults.strikes('requestDelayed') ? delays.below(DELAY_MS) : 0
    time.after(1 + delays.below(30) + extra, () => {
      if (number < this.#newestDelivered) faults.met('overtaken')
      this.#newestDelivered = Math.max(number, this.#newestDelivered)
      this.#world.say(`deliver ${request.operation} ${request.hospital} ${request.requestId}`)
      this.#server.deliver(request, encoding, (reply) => {
        this.#back(request, reply, receive)
      })
    })
  }

  #back(request: SentRequest, reply: EngineReply, receive: (reply: EngineReply) => void): void {
    const { time, faults, delays } = this.#world
    if (faults.strikes('replyLost')) {
      this.#world.say(`network: reply to ${request.requestId} lost`)
      return
    }
    const extra = faults.strikes('replyDelayed') ? delays.below(DELAY_MS) : 0
    const copies = faults.strikes('replyDuplicated') ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) {
      time.after(1 + delays.below(30) + extra, () => {
        receive(reply)
      })
    }
  }
}
