import type { CounterUnit } from '../rules/pack.ts'
import { counterText } from './counter-key.ts'
import type { CounterBook, Slot } from './counter-book.ts'
import type { CounterMeasure, CounterUse } from './explanation.ts'

/** One signed amount a step puts into a counter. */
export interface Contribution {
  readonly slot: Slot
  readonly unit: CounterUnit
  readonly what: CounterMeasure
  readonly amount: number
}

/** Puts contributions into the book, and says what each counter was and became. */
export function contribute(
  book: CounterBook,
  contributions: readonly Contribution[],
): CounterUse[] {
  const uses = new Map<Slot, { before: number; adds: CounterUse['adds'][number][] }>()
  for (const { slot, unit, what, amount } of contributions) {
    const use = uses.get(slot)
    if (use === undefined) uses.set(slot, { before: slot.now, adds: [{ what, amount }] })
    else use.adds.push({ what, amount })
    book.add(slot, unit, amount)
  }
  return [...uses].map(([slot, { before, adds }]) => ({
    key: counterText(slot.key),
    before,
    after: slot.now,
    adds,
  }))
}
