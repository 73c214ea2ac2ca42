import { problem } from '../errors/problem.ts'
import { unboxed } from '../money/unboxed.ts'
import type { CompiledCounter } from '../rules/compiled.ts'
import type { CounterUnit } from '../rules/pack.ts'
import type { CounterChange, Counters } from './counters.ts'
import type { LayerFrame } from './layer-context.ts'
import { SettleRefused } from './refusal.ts'

/** Keys of counters that live for one settlement only and are never stored. */
export const CLAIM_PREFIX = 'claim|'

const LISTED_SLOTS_MAX = 32

/** One counter inside a book. */
export interface Slot {
  readonly index: number
  readonly key: string
  readonly before: number
  now: number
  /** Of the first amount put in; undefined: only read so far. */
  unit: CounterUnit | undefined
  /** Who asked for it last, and by which counter of its pack. */
  askedBy: LayerFrame | undefined
  counter: CompiledCounter | undefined
}

function tooLarge(key: string, value: number): SettleRefused {
  return new SettleRefused(
    problem('AMOUNT_OUT_OF_RANGE', `counters.${key}`, { text: String(value) }),
  )
}

function isSame(one: CompiledCounter, other: CompiledCounter): boolean {
  if (one.body !== other.body || one.head !== other.head) return false
  const period = one.definition.period
  const otherPeriod = other.definition.period
  if (period.type !== otherPeriod.type) return false
  return (
    period.type !== 'policyYears' ||
    (otherPeriod.type === 'policyYears' && period.years === otherPeriod.years)
  )
}

/** Counters as this settlement sees them: what was before, and what it has put in so far. */
export class CounterBook {
  readonly #given: Counters
  readonly #slots: Slot[] = []
  readonly #touched: Slot[] = []
  #byKey: Map<string, Slot> | undefined

  constructor(given: Counters) {
    this.#given = given
  }

  /** The slot of a key; a key never seen is 0. */
  slotOf(key: string): Slot {
    const known = this.#find(key)
    if (known !== undefined) return known
    const before = unboxed(this.#given.get(key) ?? 0)
    const slot: Slot = {
      index: this.#slots.length,
      key,
      before,
      now: before,
      unit: undefined,
      askedBy: undefined,
      counter: undefined,
    }
    this.#slots.push(slot)
    this.#byKey?.set(key, slot)
    return slot
  }

  /**
   * The slot that `frame` was given for a counter with the same key, if nobody else has asked for it since: looking saves making
   * the key. In one frame owner, name and period decide a key that no line does.
   */
  knownTo(frame: LayerFrame, counter: CompiledCounter): Slot | undefined {
    for (let index = this.#slots.length - 1; index >= 0; index -= 1) {
      const slot = this.#slots[index]
      if (slot?.askedBy !== frame || slot.counter === undefined) continue
      if (slot.counter === counter || isSame(slot.counter, counter)) return slot
    }
    return undefined
  }

  /** Most bills meet a dozen counters, where looking through them beats a map. */
  #find(key: string): Slot | undefined {
    if (this.#slots.length <= LISTED_SLOTS_MAX) {
      for (const slot of this.#slots) if (slot.key === key) return slot
      return undefined
    }
    this.#byKey ??= new Map(this.#slots.map((slot) => [slot.key, slot]))
    return this.#byKey.get(key)
  }

  /** The slot numbered `index`. */
  at(index: number): Slot | undefined {
    return this.#slots[index]
  }

  add(slot: Slot, unit: CounterUnit, amount: number): void {
    if (slot.unit === undefined) {
      slot.unit = unit
      this.#touched.push(slot)
    }
    const now = unboxed(slot.now + amount)
    if (!Number.isSafeInteger(now)) throw tooLarge(slot.key, now)
    slot.now = now
  }

  /** Stored counters looked at, with what was before, in the order first looked at. */
  reads(): (readonly [key: string, before: number])[] {
    const reads: (readonly [key: string, before: number])[] = []
    for (const { key, before } of this.#slots) {
      if (!key.startsWith(CLAIM_PREFIX)) reads.push([key, before])
    }
    return reads
  }

  /** What was added to stored counters in all, where that is not zero, in the order first touched. */
  contributions(): (readonly [key: string, amount: number])[] {
    const contributions: (readonly [key: string, amount: number])[] = []
    for (const { key, before, now } of this.#touched) {
      if (now !== before && !key.startsWith(CLAIM_PREFIX)) contributions.push([key, now - before])
    }
    return contributions
  }

  /** Stored counters touched, in the order first touched. */
  changes(): CounterChange[] {
    const changes: CounterChange[] = []
    for (const { key, unit = 'fen', before, now } of this.#touched) {
      if (!key.startsWith(CLAIM_PREFIX)) changes.push({ key, unit, before, after: now })
    }
    return changes
  }
}
