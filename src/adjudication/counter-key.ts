import { assert } from '../assert.ts'

const BAR = '|'

/**
 * A counter by the parts of its canonical key `owner:ownerId|counter id|period|key`. Most parts are texts that bills have in common: to
 * put them together for each counter of each bill, and to look for the whole, cost more than all arithmetic on counters. The same
 * counter is whose parts are the same: no part but the last has a bar in it.
 */
export interface CounterKey {
  /** `owner:ownerId`. */
  readonly owner: string
  readonly id: string
  /** `period|key`. */
  readonly rest: string
}

/** The canonical key. */
export function counterText({ owner, id, rest }: CounterKey): string {
  return `${owner}${BAR}${id}${BAR}${rest}`
}

/** The inverse; throws on what has no three parts. */
export function counterKey(text: string): CounterKey {
  const first = text.indexOf(BAR)
  const second = text.indexOf(BAR, first + 1)
  assert(first > 0 && second > 0, 'a counter has an owner, an id and a period')
  return {
    owner: text.slice(0, first),
    id: text.slice(first + 1, second),
    rest: text.slice(second + 1),
  }
}

export function isSameCounter(one: CounterKey, other: CounterKey): boolean {
  return one.id === other.id && one.rest === other.rest && one.owner === other.owner
}
