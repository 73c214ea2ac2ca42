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
  /** The frame that asked last, the counters it has asked for, and in parallel their slots. */
  #frame: LayerFrame | undefined
  #frameCount = 0
  readonly #frameCounters: CompiledCounter[] = []
  readonly #frameSlots: Slot[] = []

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
    }
    this.#slots.push(slot)
    this.#byKey?.set(key, slot)
    return slot
  }

  /**
   * The slot that `frame` was given for a counter with the same key, if nobody else was given one since: to look for it saves
   * making the key. In one frame owner, name and period decide a key that no line does.
   */
  knownTo(frame: LayerFrame, counter: CompiledCounter): Slot | undefined {
    if (frame !== this.#frame) return undefined
    for (let index = 0; index < this.#frameCount; index += 1) {
      const asked = this.#frameCounters[index]
      if (asked === counter || (asked !== undefined && isSame(asked, counter))) {
        return this.#frameSlots[index]
      }
    }
    return undefined
  }

  /** Remembers what `frame` was given, for `knownTo`. */
  remember(frame: LayerFrame, counter: CompiledCounter, slot: Slot): void {
    if (frame !== this.#frame) {
      this.#frame = frame
      this.#frameCount = 0
    }
    this.#frameCounters[this.#frameCount] = counter
    this.#frameSlots[this.#frameCount] = slot
    this.#frameCount += 1
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
