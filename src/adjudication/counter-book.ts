import { problem } from '../errors/problem.ts'
import { unboxed } from '../money/unboxed.ts'
import type { CompiledCounter } from '../rules/compiled.ts'
import type { CounterUnit } from '../rules/pack.ts'
import { counterText, type CounterKey } from './counter-key.ts'
import { CounterSums } from './counter-sums.ts'
import type { CounterBalances, CounterChange, Counters } from './counters.ts'
import type { LayerFrame } from './layer-context.ts'
import { SettleRefused } from './refusal.ts'

/** Owner of counters that live for one settlement only and are never stored. */
export const CLAIM_OWNER = 'claim'

const LISTED_SLOTS_MAX = 32

/** A `CounterKey` whose rest is in two parts: `period|`, which a bill has in common, and what a line adds. */
interface KeyParts {
  readonly owner: string
  readonly id: string
  readonly ending: string
  readonly added: string
}

/** One counter inside a book. */
export interface Slot extends KeyParts {
  readonly index: number
  readonly key: CounterKey
  readonly before: number
  now: number
  /** Of the first amount put in; undefined: only read so far. */
  unit: CounterUnit | undefined
}

function tooLarge(key: CounterKey, value: number): SettleRefused {
  return new SettleRefused(
    problem('AMOUNT_OUT_OF_RANGE', `counters.${counterText(key)}`, { text: String(value) }),
  )
}

function isSame(one: CompiledCounter, other: CompiledCounter): boolean {
  if (one.id !== other.id || one.head !== other.head) return false
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
  readonly #given: CounterBalances
  readonly #slots: Slot[] = []
  readonly #touched: Slot[] = []
  #byKey: Map<string, Slot> | undefined
  /** The frame that asked last, the counters it has asked for, and in parallel their slots. */
  #frame: LayerFrame | undefined
  #frameCount = 0
  readonly #frameCounters: CompiledCounter[] = []
  readonly #frameSlots: Slot[] = []

  constructor(given: CounterBalances | Counters) {
    this.#given = 'amountOf' in given ? given : CounterSums.from(given)
  }

  /** The slot of a key; a key never seen is 0. */
  slotOf(owner: string, id: string, ending: string, added: string): Slot {
    if (this.#slots.length > LISTED_SLOTS_MAX) return this.#slotAmongMany(owner, id, ending, added)
    // Most bills meet a dozen counters, where looking through them beats a map.
    for (const slot of this.#slots) {
      if (slot.id !== id || slot.ending !== ending) continue
      if (slot.owner === owner && slot.added === added) return slot
    }
    return this.#newSlot(owner, id, ending, added)
  }

  #slotAmongMany(owner: string, id: string, ending: string, added: string): Slot {
    this.#byKey ??= new Map(this.#slots.map((slot) => [counterText(slot.key), slot]))
    const text = counterText({ owner, id, rest: ending + added })
    const known = this.#byKey.get(text)
    if (known !== undefined) return known
    const slot = this.#newSlot(owner, id, ending, added)
    this.#byKey.set(text, slot)
    return slot
  }

  #newSlot(owner: string, id: string, ending: string, added: string): Slot {
    const rest = added === '' ? ending : ending + added
    const before = unboxed(this.#given.amountOf(owner, id, rest))
    const slot: Slot = {
      owner,
      id,
      ending,
      added,
      index: this.#slots.length,
      key: { owner, id, rest },
      before,
      now: before,
      unit: undefined,
    }
    this.#slots.push(slot)
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
  reads(): (readonly [key: CounterKey, before: number])[] {
    const reads: (readonly [key: CounterKey, before: number])[] = []
    for (const { owner, key, before } of this.#slots) {
      if (owner !== CLAIM_OWNER) reads.push([key, before])
    }
    return reads
  }

  /** What was added to stored counters in all, where that is not zero, in the order first touched. */
  contributions(): (readonly [key: CounterKey, amount: number])[] {
    const contributions: (readonly [key: CounterKey, amount: number])[] = []
    for (const { owner, key, before, now } of this.#touched) {
      if (now !== before && owner !== CLAIM_OWNER) contributions.push([key, now - before])
    }
    return contributions
  }

  /** Stored counters touched, in the order first touched. */
  changes(): CounterChange[] {
    const changes: CounterChange[] = []
    for (const { owner, key, unit = 'fen', before, now } of this.#touched) {
      if (owner === CLAIM_OWNER) continue
      changes.push({ key: counterText(key), unit, before, after: now })
    }
    return changes
  }
}
