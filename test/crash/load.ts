import { formatEpochDay } from '../../src/catalog/epoch-day.ts'
import { dayOf } from '../../src/ledger/days.ts'
import type { EngineReply, EngineRequest } from '../../src/engine/request.ts'
import { Chance } from '../hostile/chance.ts'
import { LoadLines, type Stay } from './load-lines.ts'

export const HOSPITALS = ['H1', 'H2'] as const
export const PERSONS = Array.from({ length: 24 }, (_, index) => `P${index}`)
/** The clock begins at ten in the morning of 2024-05-06 in Shanghai, ms. */
export const START = Date.UTC(2024, 4, 6, 2)

type Tree = Readonly<Record<string, unknown>>

/** A settlement of one's own that stands, as far as this client knows. */
interface Own {
  readonly settlement: string
  readonly stay: Stay
  readonly isSupplement: boolean
}

interface Prepared extends Own {
  readonly setlinfo: Tree
}

type Maker = (load: Load, day: number) => EngineRequest | undefined

/**
 * A client with every operation: it keeps to what it was answered, so that most of what it asks can be done. Seed and answers decide
 * it wholly.
 */
export class Load {
  readonly #chance: Chance
  /** In every id that this client makes. */
  readonly #name: string
  readonly #lines: LoadLines
  readonly #own: Own[] = []
  readonly #prepared: Prepared[] = []
  readonly #staged = new Set<Stay>()
  readonly #sent: EngineRequest[] = []
  /** What a request in flight is about; one client has at most one. */
  #about: { stay?: Stay; own?: Own } = {}
  #requests = 0

  constructor(name: string, seed: number) {
    this.#name = name
    this.#chance = new Chance(seed)
    this.#lines = new LoadLines(name, this.#chance)
  }

  /** The next request, at a time in ms. */
  next(now: number): EngineRequest {
    for (;;) {
      this.#about = {}
      const request = makerAt(this.#chance.below(WEIGHTS))(this, dayOf(now))
      if (request === undefined) continue
      if (this.#chance.below(8) === 0) this.#sent.push(request)
      return request
    }
  }

  /** What the last request was answered. */
  learn({ operation, body }: EngineRequest, reply: EngineReply): void {
    const { stay, own } = this.#about
    if (reply.kind === 'refused') {
      if (own !== undefined) this.#drop(own)
      return
    }
    const { settlement, setlinfo, state } = reply.answer
    if (['reverse', 'resettle', 'confirm', 'cancel'].includes(operation) && own !== undefined) {
      this.#drop(own)
    }
    if (operation === 'lines.add' && stay !== undefined) this.#staged.add(stay)
    if (typeof settlement !== 'string' || stay === undefined) return
    if (operation === 'prepare' && state === 'prepared') {
      const known = { settlement, stay, isSupplement: false, setlinfo: setlinfo as Tree }
      this.#prepared.push(known)
    } else if (['settle', 'confirm', 'resettle', 'supplement'].includes(operation)) {
      this.#own.push({ settlement, stay, isSupplement: operation === 'supplement' })
    }
    if ((body as Tree)['staged'] !== undefined) this.#staged.delete(stay)
  }

  #drop(own: Own): void {
    for (const list of [this.#own, this.#prepared]) {
      const at = list.findIndex(({ settlement }) => settlement === own.settlement)
      if (at >= 0) list.splice(at, 1)
    }
  }

  #request(operation: EngineRequest['operation'], hospital: string, body: Tree): EngineRequest {
    this.#requests += 1
    return { operation, hospital, requestId: `${this.#name}-${this.#requests}`, body }
  }

  split(operation: 'settle' | 'prepare' | 'quote', day: number): EngineRequest {
    const isOld = this.#chance.below(3) === 0
    const known = isOld ? this.#chance.anyOf(this.#own) : undefined
    const stay = known?.stay ?? this.#newStay(day)
    this.#about = { stay }
    return this.#request(operation, stay.hospital, { bill: this.#lines.bill(stay) })
  }

  #newStay(day: number): Stay {
    const hospital = HOSPITALS[this.#chance.below(HOSPITALS.length)] ?? HOSPITALS[0]
    const person = PERSONS[this.#chance.below(PERSONS.length)] ?? 'P0'
    return this.#lines.stay(person, hospital, day)
  }

  settleStaged(): EngineRequest | undefined {
    const stay = this.#chance.anyOf([...this.#staged])
    if (stay === undefined) return undefined
    this.#staged.delete(stay)
    this.#about = { stay }
    const bill = { person: { id: stay.person }, visit: stay.visit, staged: true }
    const operation = this.#chance.below(4) === 0 ? 'prepare' : 'settle'
    return this.#request(operation, stay.hospital, { bill })
  }

  addLines(day: number): EngineRequest {
    const stay = this.#chance.anyOf([...this.#staged]) ?? this.#newStay(day)
    this.#about = { stay }
    const lines = this.#lines.some(stay, 1 + this.#chance.below(4))
    return this.#request('lines.add', stay.hospital, { stay: stay.id, lines })
  }

  withdrawLines(): EngineRequest | undefined {
    const stay = this.#chance.anyOf([...this.#staged])
    const [id] = stay?.lineIds.slice(-1) ?? []
    if (stay === undefined || id === undefined) return undefined
    return this.#request('lines.withdraw', stay.hospital, { stay: stay.id, ids: [id] })
  }

  confirm(): EngineRequest | undefined {
    const own = this.#chance.anyOf(this.#prepared)
    if (own === undefined) return undefined
    this.#about = { own, stay: own.stay }
    const setlinfo = { ...own.setlinfo, setl_id: `T${own.settlement}` }
    const { settlement } = own
    return this.#request('confirm', own.stay.hospital, { settlement, platform: { setlinfo } })
  }

  cancel(): EngineRequest | undefined {
    const own = this.#chance.anyOf(this.#prepared)
    if (own === undefined) return undefined
    this.#about = { own }
    return this.#request('cancel', own.stay.hospital, { settlement: own.settlement })
  }

  reverse(): EngineRequest | undefined {
    const own = this.#chance.anyOf(this.#own)
    if (own === undefined) return undefined
    this.#about = { own }
    const body = { settlement: own.settlement, reason: '退费' }
    return this.#request('reverse', own.stay.hospital, body)
  }

  resettle(): EngineRequest | undefined {
    const own = this.#chance.anyOf(this.#own.filter(({ isSupplement }) => !isSupplement))
    if (own === undefined) return undefined
    this.#about = { own, stay: own.stay }
    const bill = { lines: this.#lines.some(own.stay, 1 + this.#chance.below(3)) }
    return this.#request('resettle', own.stay.hospital, { settlement: own.settlement, bill })
  }

  supplement(): EngineRequest | undefined {
    const own = this.#chance.anyOf(this.#own.filter(({ isSupplement }) => !isSupplement))
    if (own === undefined) return undefined
    const { stay, settlement } = own
    const others = this.#own.filter((one) => one.stay.person === stay.person && !one.isSupplement)
    const second = this.#chance.anyOf(others)?.settlement ?? settlement
    this.#about = { stay }
    return this.#request('supplement', stay.hospital, {
      person: stay.person,
      settlements: [settlement, ...(second === settlement ? [] : [second])],
      packs: ['town/afterwards'],
    })
  }

  recalculate(day: number): EngineRequest {
    const person = this.#chance.anyOf(this.#own)?.stay.person ?? 'P0'
    const now = { with: 'now', from: formatEpochDay(day - 1) }
    return this.#request('recalculate', '', {
      person,
      ...(this.#chance.below(3) === 0 && now),
    })
  }

  platformConfirm(): EngineRequest | undefined {
    const own = this.#chance.anyOf(this.#own)
    if (own === undefined) return undefined
    const body = { settlement: own.settlement, evidence: '3202' }
    return this.#request('platform.confirm', own.stay.hospital, body)
  }

  again(): EngineRequest | undefined {
    return this.#chance.anyOf(this.#sent)
  }
}

const MAKERS: readonly (readonly [weight: number, make: Maker])[] = [
  [34, (load, day) => load.split('settle', day)],
  [10, (load, day) => load.split('prepare', day)],
  [3, (load, day) => load.split('quote', day)],
  [7, (load) => load.confirm()],
  [3, (load) => load.cancel()],
  [8, (load) => load.reverse()],
  [6, (load) => load.resettle()],
  [6, (load) => load.supplement()],
  [3, (load, day) => load.recalculate(day)],
  [8, (load, day) => load.addLines(day)],
  [2, (load) => load.withdrawLines()],
  [6, (load) => load.settleStaged()],
  [2, (load) => load.platformConfirm()],
  [4, (load) => load.again()],
]
const WEIGHTS = MAKERS.reduce((sum, [weight]) => sum + weight, 0)

function makerAt(at: number): Maker {
  let left = at
  for (const [weight, make] of MAKERS) {
    if (left < weight) return make
    left -= weight
  }
  return (load, day) => load.split('settle', day)
}
