import { assert } from '../assert.ts'
import { counterKey, counterText, isSameCounter, type CounterKey } from './counter-key.ts'
import type { CounterBalances, Counters } from './counters.ts'

type Addend = readonly [key: CounterKey, amount: number]

/** Up to so many are added to without a map. */
const LISTED_MAX = 48
/** So many of one id are looked through. */
const ALIKE_MAX = 32

/** Counters with their sums, each once and in the order they were first added to. Never changed. */
export class CounterSums implements CounterBalances {
  readonly #keys: readonly CounterKey[]
  readonly #amounts: readonly number[]
  /** Made when somebody asks. Texts of ids are the same objects in most bills, whose hash is known. */
  #byId: ReadonlyMap<string, readonly number[]> | undefined
  #byText: ReadonlyMap<string, number> | undefined

  /** `keys`: all different, and `amounts` beside them; not to be changed afterwards. */
  constructor(keys: readonly CounterKey[], amounts: readonly number[]) {
    this.#keys = keys
    this.#amounts = amounts
  }

  /** The same in pairs. */
  static ofPairs(pairs: readonly Addend[]): CounterSums {
    return new CounterSums(
      pairs.map(([key]) => key),
      pairs.map(([, amount]) => amount),
    )
  }

  /** Of counters by their canonical keys. */
  static from(counters: Counters): CounterSums {
    return new CounterSums([...counters.keys()].map(counterKey), [...counters.values()])
  }

  get size(): number {
    return this.#keys.length
  }

  keyAt(place: number): CounterKey {
    const key = this.#keys[place]
    assert(key !== undefined, 'a counter is among those there are')
    return key
  }

  amountAt(place: number): number {
    return this.#amounts[place] ?? 0
  }

  amountOf(owner: string, id: string, rest: string): number {
    const place = this.#placeOf(owner, id, rest)
    return place < 0 ? 0 : (this.#amounts[place] ?? 0)
  }

  /** −1: not there. */
  #placeOf(owner: string, id: string, rest: string): number {
    this.#byId ??= placesById(this.#keys)
    const places = this.#byId.get(id)
    if (places === undefined) return -1
    if (places.length > ALIKE_MAX) return this.#placeByText({ owner, id, rest })
    for (const place of places) {
      const key = this.#keys[place]
      if (key !== undefined && key.rest === rest && key.owner === owner) return place
    }
    return -1
  }

  #placeByText(key: CounterKey): number {
    this.#byText ??= new Map(this.#keys.map((one, place) => [counterText(one), place]))
    return this.#byText.get(counterText(key)) ?? -1
  }

  /** With more added: what comes to zero goes, what is new comes last. Sums must stay safe integers. */
  plus(addends: readonly Addend[]): CounterSums {
    if (addends.length > LISTED_MAX) return this.#plusMany(addends)
    const keys = this.#keys.slice()
    const amounts = this.#amounts.slice()
    let gone = 0
    for (const [key, amount] of addends) {
      let place = this.#placeOf(key.owner, key.id, key.rest)
      if (place < 0) place = placeFrom(this.size, keys, key)
      if (place === keys.length) keys.push(key)
      const before = amounts[place] ?? 0
      const now = exact(before + amount)
      amounts[place] = now
      if (now === 0) gone += 1
    }
    return gone === 0 ? new CounterSums(keys, amounts) : withoutZeros(keys, amounts)
  }

  #plusMany(addends: readonly Addend[]): CounterSums {
    const sums = new Map<string, Addend>()
    for (const entry of this) sums.set(counterText(entry[0]), entry)
    for (const [key, amount] of addends) {
      const text = counterText(key)
      sums.set(text, [key, exact((sums.get(text)?.[1] ?? 0) + amount)])
    }
    return CounterSums.ofPairs([...sums.values()].filter(([, amount]) => amount !== 0))
  }

  *[Symbol.iterator](): Generator<Addend> {
    for (let place = 0; place < this.size; place += 1) {
      yield [this.keyAt(place), this.amountAt(place)]
    }
  }

  /** By canonical key. */
  toMap(): Counters {
    return new Map([...this].map(([key, amount]) => [counterText(key), amount]))
  }
}

export const NO_COUNTERS = new CounterSums([], [])

function placesById(keys: readonly CounterKey[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  for (let place = 0; place < keys.length; place += 1) {
    const id = keys[place]?.id ?? ''
    const known = places.get(id)
    if (known === undefined) places.set(id, [place])
    else known.push(place)
  }
  return places
}

/** Behind the last one: not there. */
function placeFrom(start: number, keys: readonly CounterKey[], key: CounterKey): number {
  let place = start
  for (; place < keys.length; place += 1) {
    const known = keys[place]
    if (known !== undefined && isSameCounter(known, key)) return place
  }
  return place
}

function withoutZeros(keys: readonly CounterKey[], amounts: readonly number[]): CounterSums {
  return new CounterSums(
    keys.filter((_, place) => amounts[place] !== 0),
    amounts.filter((amount) => amount !== 0),
  )
}

function exact(sum: number): number {
  assert(Number.isSafeInteger(sum), 'a counter stays in the exact range')
  return sum
}
