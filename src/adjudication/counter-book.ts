import type { CounterUnit } from '../rules/pack.ts'
import type { CounterChange, Counters } from './counters.ts'
import type { CounterMeasure } from './explanation.ts'

/** One signed amount a benefit puts into a counter. */
export interface Contribution {
  readonly key: string
  readonly unit: CounterUnit
  readonly amount: number
  /** A `payment` follows when equal-rank layers reduce it. */
  readonly what: CounterMeasure
}

/** Keys of counters that live for one settlement only and are never stored. */
export const CLAIM_PREFIX = 'claim|'

/** Counters as this settlement sees them: what was before, and what it has put in so far. */
export class CounterBook {
  private readonly before: Counters
  private readonly changed = new Map<string, { unit: CounterUnit; before: number; after: number }>()

  constructor(before: Counters) {
    this.before = before
  }

  /** Value now; a key never seen is 0. */
  read(key: string): number {
    return this.changed.get(key)?.after ?? this.before.get(key) ?? 0
  }

  add(key: string, unit: CounterUnit, amount: number): void {
    const entry = this.changed.get(key)
    if (entry !== undefined) {
      entry.after += amount
      return
    }
    const before = this.before.get(key) ?? 0
    this.changed.set(key, { unit, before, after: before + amount })
  }

  /** Stored counters touched, in the order first touched. */
  changes(): CounterChange[] {
    const changes: CounterChange[] = []
    for (const [key, { unit, before, after }] of this.changed) {
      if (!key.startsWith(CLAIM_PREFIX)) changes.push({ key, unit, before, after })
    }
    return changes
  }
}
