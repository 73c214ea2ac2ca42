/**
 * What a place in a pack takes: money; a rate in 0..1; a whole number (days, times, quantity, years); or any
 * plain factor, as inside a product.
 */
export type Slot = 'money' | 'rate' | 'whole' | 'factor'

/** money, or a pure number; undefined while a bare parameter may still be either. */
export type Dimension = 'money' | 'pure' | undefined

export function dimensionOfSlot(slot: Slot): 'money' | 'pure' {
  return slot === 'money' ? 'money' : 'pure'
}

/** What the terms of a sum, difference, minimum or maximum are read as: only the whole must be a rate. */
export function termSlot(slot: Slot): Slot {
  return slot === 'money' ? 'money' : 'factor'
}

const STRICTNESS: readonly Slot[] = ['factor', 'whole', 'rate']

/** The stricter of two pure slots that one parameter is used in. */
export function stricterSlot(left: Slot, right: Slot): Slot {
  return STRICTNESS.indexOf(left) >= STRICTNESS.indexOf(right) ? left : right
}
