import { counterRow, EMPTY_HOLDER } from '../ledger/holders.ts'
import { holderOf, personHolder, stayHolder, type HolderContext } from '../ledger/holder.ts'
import type { Contribution } from '../ledger/record.ts'
import type { CounterRow, Rows } from '../ledger/rows.ts'

/** The counters of every holder a bill may concern, read as adjudication asks for them. */
export class CounterView extends Map<string, number> {
  readonly #rows: Rows
  readonly #context: HolderContext
  readonly #without: ReadonlyMap<string, number> | undefined
  /** Rows read so far: of the person and of the stay, which hold nearly every counter, and of the other holders. */
  #person: CounterRow | undefined
  #stay: CounterRow | undefined
  #others: Map<string, CounterRow> | undefined

  /** `without`: contributions left out of what is seen. */
  constructor(rows: Rows, context: HolderContext, without: readonly Contribution[] = []) {
    super()
    this.#rows = rows
    this.#context = context
    this.#without = without.length === 0 ? undefined : sums(without)
  }

  override get(key: string): number {
    return (this.#rowOf(key).counters.get(key) ?? 0) - (this.#without?.get(key) ?? 0)
  }

  /** Whose a counter is shows in how its key begins; to name the holder anew for each would cost more than to look it up. */
  #rowOf(key: string): CounterRow {
    const { person, hospital, stay, sharedPolicies } = this.#context
    if (
      key.startsWith('person:') ||
      (sharedPolicies.length === 0 && key.startsWith('policy:')) ||
      key.startsWith('transferChain:') ||
      key.startsWith('accident:')
    ) {
      return (this.#person ??= this.#read(personHolder(person)))
    }
    if (key.startsWith('stay:')) return (this.#stay ??= this.#read(stayHolder(hospital, stay)))
    return this.#otherRow(holderOf(key, this.#context))
  }

  #otherRow(holder: string): CounterRow {
    this.#others ??= new Map()
    let row = this.#others.get(holder)
    if (row === undefined) this.#others.set(holder, (row = this.#read(holder)))
    return row
  }

  #read(holder: string): CounterRow {
    return counterRow(this.#rows, holder) ?? EMPTY_HOLDER
  }
}

function sums(contributions: readonly Contribution[]): ReadonlyMap<string, number> {
  const amounts = new Map<string, number>()
  for (const [key, amount] of contributions) amounts.set(key, (amounts.get(key) ?? 0) + amount)
  return amounts
}
