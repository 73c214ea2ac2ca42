import type { EngineReply } from '../../src/engine/request.ts'
import { dayOf, isoDay } from '../model/days.ts'
import { newBill, newLines, newStay, yuan, type Stay } from '../model/generate-bill.ts'
import type { Tree } from '../model/model-split.ts'
import { Client } from './client.ts'
import { POISON } from './poison.ts'
import type { SimulatedPlatform } from './simulated-platform.ts'

const THINK_MS = 10 * 60_000
const CLICK_MS = 400
const PLATFORM_TRIES = 3

/** A terminal of a hospital: does one thing after another, each as its people would. */
export class Terminal {
  readonly #client: Client
  readonly #hospital: string
  readonly #platform: SimulatedPlatform
  readonly #scripts: readonly (readonly [weight: number, script: () => Promise<void>])[]
  #stays = 0
  /** Settlements of this terminal that it believes to be live. */
  readonly #live: { readonly id: string; readonly stay: Stay }[] = []
  isDone = false

  constructor(client: Client, hospital: string, platform: SimulatedPlatform) {
    this.#client = client
    this.#hospital = hospital
    this.#platform = platform
    this.#scripts = [
      [6, async () => this.#settle()],
      [2, async () => this.#quoteAndSettle()],
      [4, async () => this.#reverse()],
      [2, async () => this.#resettle()],
      [5, async () => this.#prepare()],
      [3, async () => this.#staged()],
      [2, async () => this.#look()],
      [2, async () => this.#changeContent()],
    ]
  }

  get client(): Client {
    return this.#client
  }

  async run(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) {
      await this.#client.think(THINK_MS)
      await this.#script()()
    }
    this.isDone = true
  }

  #script(): () => Promise<void> {
    const weights = this.#scripts.reduce((sum, [weight]) => sum + weight, 0)
    let left = this.#client.chance.below(weights)
    for (const [weight, script] of this.#scripts) {
      if (left < weight) return script
      left -= weight
    }
    return async () => this.#settle()
  }

  get #today(): number {
    return dayOf(this.#client.world.clock())
  }

  #newStay(): Stay {
    const { chance, name } = this.#client
    this.#stays += 1
    const person = chance.oneOf(['P1', 'P1', 'P2', 'P2', 'P3', 'P4'])
    return newStay(
      chance,
      { id: `V-${name}-${this.#stays}`, person, hospital: this.#hospital },
      this.#today,
    )
  }

  /** A stay for more lines; sometimes one that has been settled in part. */
  #someStay(): Stay {
    const { chance } = this.#client
    const old = chance.anyOf(this.#live)
    return old !== undefined && chance.below(3) === 0 ? old.stay : this.#newStay()
  }

  #bill(stay: Stay): Tree {
    const { chance, world } = this.#client
    const lines = newLines(chance, stay, 1 + chance.below(3))
    const bill = newBill(chance, stay, lines, this.#today)
    if (!world.faults.strikes('poisonedBill')) return bill
    return { ...bill, lines: lines.map((line) => ({ ...line, code: POISON })) }
  }

  async #call(
    operation: Parameters<Client['call']>[0],
    body: Tree,
    requestId?: string,
  ): Promise<EngineReply> {
    return this.#client.call(operation, this.#hospital, body, requestId)
  }

  #settled(reply: EngineReply, stay: Stay): void {
    const id = Client.settlementOf(reply)
    if (id !== undefined) this.#live.push({ id, stay })
  }

  async #settle(): Promise<void> {
    const { chance } = this.#client
    const stay = this.#someStay()
    const invoice = chance.below(8) === 0 ? { invoice: `INV${chance.below(4)}` } : {}
    const body = { bill: this.#bill(stay), ...invoice }
    const calls = [this.#call('settle', body)]
    // Somebody clicks again before there is an answer.
    if (this.#client.world.faults.strikes('doubleClick')) {
      await this.#client.pause(CLICK_MS)
      calls.push(this.#call('settle', body))
    }
    for (const reply of await Promise.all(calls)) this.#settled(reply, stay)
  }

  async #quoteAndSettle(): Promise<void> {
    const stay = this.#newStay()
    const bill = this.#bill(stay)
    const quoted = await this.#call('quote', { bill })
    if (quoted.kind !== 'answer') return
    const { total } = quoted.answer['patient'] as { readonly total: number }
    await this.#client.pause(5_000)
    const reply = await this.#call('settle', { bill, expect: { patient: yuan(total) } })
    this.#settled(reply, stay)
  }

  async #reverse(): Promise<void> {
    const { chance, world } = this.#client
    const at = chance.below(Math.max(1, this.#live.length))
    const live = this.#live[at]
    if (live === undefined) return this.#settle()
    const body = { settlement: live.id }
    const calls = [this.#call('reverse', body)]
    if (world.faults.strikes('doubleClick')) calls.push(this.#call('reverse', body))
    await Promise.all(calls)
    this.#live.splice(at, 1)
  }

  async #resettle(): Promise<void> {
    const { chance } = this.#client
    const at = chance.below(Math.max(1, this.#live.length))
    const live = this.#live[at]
    if (live === undefined) return this.#settle()
    const lines = newLines(chance, live.stay, 1 + chance.below(3))
    const reply = await this.#call('resettle', { settlement: live.id, bill: { lines } })
    if (reply.kind !== 'answer') return
    this.#live.splice(at, 1)
    this.#settled(reply, live.stay)
  }

  /** Prepared here, settled by the platform, confirmed or cancelled here; left for later when the platform cannot be reached. */
  async #prepare(): Promise<void> {
    const { world } = this.#client
    const stay = this.#newStay()
    const prepared = await this.#call('prepare', { bill: this.#bill(stay) })
    if (prepared.kind !== 'answer') return
    const isAnswerLost = this.#client.timeouts > 0
    const settlement = String(prepared.answer['settlement'])
    const setlinfo = prepared.answer['setlinfo'] as Tree
    await this.#client.pause(2_000)
    for (let tries = 0; tries < PLATFORM_TRIES; tries += 1) {
      const kind = tries === 0 ? 'settle' : 'query'
      const state = await this.#platform.ask({ kind, settlement, setlinfo })
      if (state === undefined && isAnswerLost) world.faults.met('bothAnswersLost')
      if (state?.kind === 'settled') {
        const platform = { setlinfo: state.setlinfo }
        const reply = await this.#call('confirm', { settlement, platform })
        return this.#settled(reply, stay)
      }
      if (state?.kind === 'refused') {
        await this.#call('cancel', { settlement, reason: '平台拒绝' })
        return
      }
      await this.#client.pause(10_000)
    }
    world.say(`${this.#client.name}: leaves ${settlement} unresolved`)
  }

  async #staged(): Promise<void> {
    const { chance } = this.#client
    const stay = this.#newStay()
    const batches = Array.from({ length: 1 + chance.below(3) }, () =>
      newLines(chance, stay, 1 + chance.below(3)),
    )
    const body = (lines: readonly Tree[]) => ({ stay: stay.id, lines })
    await Promise.all(batches.map(async (lines) => this.#call('lines.add', body(lines))))
    if (chance.below(3) === 0) {
      await this.#call('lines.withdraw', { stay: stay.id, ids: [`L${stay.lines}`] })
    }
    const bill = newBill(chance, stay, undefined, this.#today)
    this.#settled(await this.#call('settle', { bill }), stay)
  }

  async #look(): Promise<void> {
    const { chance } = this.#client
    const live = chance.anyOf(this.#live)
    if (live !== undefined) await this.#call('find', { settlement: live.id })
    await this.#call('dayTotals', { day: isoDay(this.#today) })
    await this.#call('unresolved', {})
    const person = chance.oneOf(['P1', 'P2', 'P3', 'P4'])
    await this.#call('find', { person, day: isoDay(this.#today) })
  }

  /** Other content under an id that is in use: one of the two is answered, the other one refused. */
  async #changeContent(): Promise<void> {
    const { world } = this.#client
    const stay = this.#newStay()
    const requestId = this.#client.newId()
    const calls = [this.#call('settle', { bill: this.#bill(stay) }, requestId)]
    if (world.faults.strikes('contentChanged')) {
      await this.#client.pause(CLICK_MS)
      calls.push(this.#call('settle', { bill: this.#bill(stay) }, requestId))
    }
    for (const reply of await Promise.all(calls)) this.#settled(reply, stay)
  }
}
