import type { CounterKey } from '../adjudication/counter-key.ts'
import { CounterSums, NO_COUNTERS } from '../adjudication/counter-sums.ts'
import type { CounterBalances } from '../adjudication/counters.ts'
import { counterRow, EMPTY_HOLDER } from '../ledger/holders.ts'
import {
  isWithPerson,
  isWithStay,
  personHolder,
  stayHolder,
  type HolderContext,
} from '../ledger/holder.ts'
import type { Contribution } from '../ledger/record.ts'
import type { Rows } from '../ledger/rows.ts'

/** The counters of every holder a bill may concern, read as adjudication asks for them. */
export class CounterView implements CounterBalances {
  readonly #rows: Rows
  readonly #context: HolderContext
  readonly #without: CounterSums | undefined
  /** Counters read so far: of the person and of the stay, which hold nearly all, and of the other holders. */
  #person: CounterSums | undefined
  #stay: CounterSums | undefined
  #others: Map<string, CounterSums> | undefined

  /** `without`: contributions left out of what is seen. */
  constructor(rows: Rows, context: HolderContext, without: readonly Contribution[] = []) {
    this.#rows = rows
    this.#context = context
    this.#without = without.length === 0 ? undefined : NO_COUNTERS.plus(without)
  }

  amountOf(owner: string, id: string, rest: string): number {
    const amount = this.#heldWith(owner).amountOf(owner, id, rest)
    return this.#without === undefined ? amount : amount - this.#without.amountOf(owner, id, rest)
  }

  of({ owner, id, rest }: CounterKey): number {
    return this.amountOf(owner, id, rest)
  }

  /** As `holderOf`, without naming the holders that nearly all counters are with. */
  #heldWith(owner: string): CounterSums {
    const { person, hospital, stay } = this.#context
    if (isWithPerson(owner, this.#context)) {
      return (this.#person ??= this.#read(personHolder(person)))
    }
    if (isWithStay(owner)) return (this.#stay ??= this.#read(stayHolder(hospital, stay)))
    return this.#heldByOther(owner)
  }

  #heldByOther(holder: string): CounterSums {
    this.#others ??= new Map()
    let counters = this.#others.get(holder)
    if (counters === undefined) this.#others.set(holder, (counters = this.#read(holder)))
    return counters
  }

  #read(holder: string): CounterSums {
    return (counterRow(this.#rows, holder) ?? EMPTY_HOLDER).counters
  }
}
