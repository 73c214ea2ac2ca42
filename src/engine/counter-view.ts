import { counterRow, EMPTY_HOLDER } from '../ledger/holders.ts'
import { holderOf, type HolderContext } from '../ledger/holder.ts'
import type { Contribution } from '../ledger/record.ts'
import type { CounterRow, Rows } from '../ledger/rows.ts'

/** The counters of every holder a bill may concern, read as adjudication asks for them. */
export class CounterView extends Map<string, number> {
  readonly #rows: Rows
  readonly #context: HolderContext
  readonly #holders = new Map<string, CounterRow>()
  readonly #without = new Map<string, number>()

  /** `without`: contributions left out of what is seen. */
  constructor(rows: Rows, context: HolderContext, without: readonly Contribution[] = []) {
    super()
    this.#rows = rows
    this.#context = context
    for (const [key, amount] of without) {
      this.#without.set(key, (this.#without.get(key) ?? 0) + amount)
    }
  }

  override get(key: string): number {
    const holder = holderOf(key, this.#context)
    let row = this.#holders.get(holder)
    if (row === undefined) {
      row = counterRow(this.#rows, holder) ?? EMPTY_HOLDER
      this.#holders.set(holder, row)
    }
    return (row.counters.get(key) ?? 0) - (this.#without.get(key) ?? 0)
  }
}
