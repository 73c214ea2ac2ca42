import { problem } from '../errors/problem.ts'
import type { CounterUnit } from '../rules/pack.ts'
import type { CounterChange, Counters } from './counters.ts'
import { SettleRefused } from './refusal.ts'

/** Keys of counters that live for one settlement only and are never stored. */
export const CLAIM_PREFIX = 'claim|'

/** Number of a counter inside one book. */
export type Slot = number

function tooLarge(key: string, value: number): SettleRefused {
  return new SettleRefused(
    problem('AMOUNT_OUT_OF_RANGE', `counters.${key}`, { text: String(value) }),
  )
}

/** Counters as this settlement sees them: what was before, and what it has put in so far. */
export class CounterBook {
  readonly #given: Counters
  readonly #slots = new Map<string, Slot>()
  readonly #keys: string[] = []
  readonly #units: (CounterUnit | undefined)[] = []
  readonly #before: number[] = []
  readonly #now: number[] = []
  readonly #touched: Slot[] = []

  constructor(given: Counters) {
    this.#given = given
  }

  /** The slot of a key; a key never seen is 0. */
  slotOf(key: string): Slot {
    const known = this.#slots.get(key)
    if (known !== undefined) return known
    const slot = this.#keys.length
    const before = this.#given.get(key) ?? 0
    this.#slots.set(key, slot)
    this.#keys.push(key)
    this.#units.push(undefined)
    this.#before.push(before)
    this.#now.push(before)
    return slot
  }

  keyOf(slot: Slot): string {
    return this.#keys[slot] ?? ''
  }

  read(slot: Slot): number {
    return this.#now[slot] ?? 0
  }

  add(slot: Slot, unit: CounterUnit, amount: number): void {
    if (this.#units[slot] === undefined) {
      this.#units[slot] = unit
      this.#touched.push(slot)
    }
    const now = (this.#now[slot] ?? 0) + amount
    if (!Number.isSafeInteger(now)) throw tooLarge(this.keyOf(slot), now)
    this.#now[slot] = now
  }

  /** Stored counters touched, in the order first touched. */
  changes(): CounterChange[] {
    const changes: CounterChange[] = []
    for (const slot of this.#touched) {
      const key = this.keyOf(slot)
      if (key.startsWith(CLAIM_PREFIX)) continue
      const unit = this.#units[slot] ?? 'fen'
      changes.push({ key, unit, before: this.#before[slot] ?? 0, after: this.read(slot) })
    }
    return changes
  }
}
