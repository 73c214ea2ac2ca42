import { argumentSlots, dimensionOf, type DimensionFacts } from './dimension.ts'
import type { RawValue } from './raw-value.ts'
import { dimensionOfSlot, stricterSlot, type Slot } from './slot.ts'

/** A value and the slot it is read into. */
export interface ValueUse {
  readonly raw: RawValue
  readonly slot: Slot
}

/**
 * What each parameter is, learnt from where it is used: bare numbers are money where money is expected. The first
 * use decides between money and a pure number. A parameter that nothing uses is what its own text says, else a
 * plain number.
 */
export function inferSlots(
  uses: readonly ValueUse[],
  facts: Omit<DimensionFacts, 'slots'>,
): ReadonlyMap<string, Slot> {
  const slots = new Map<string, Slot>()
  const known = { ...facts, slots }
  // A ratio of two amounts is the same in yuan and in fen, so what is still open then may be read as plain.
  for (const ratiosArePure of [false, true]) learnAll(uses, known, slots, ratiosArePure)
  for (const [name, raw] of facts.parameters) {
    if (slots.has(name)) continue
    slots.set(name, dimensionOf(raw, known, undefined) === 'money' ? 'money' : 'factor')
    learnAll(uses, known, slots, true)
  }
  return slots
}

function learnAll(
  uses: readonly ValueUse[],
  known: DimensionFacts,
  slots: Map<string, Slot>,
  ratiosArePure: boolean,
): void {
  let before: string
  do {
    before = describe(slots)
    for (const use of uses) learn(use.raw, use.slot, known, slots, ratiosArePure)
    for (const [name, raw] of known.parameters) {
      const slot = slots.get(name)
      if (slot !== undefined) learn(raw, slot, known, slots, ratiosArePure)
    }
  } while (before !== describe(slots))
}

/** Names stay in the order in which they were learnt, and may be long. */
function describe(slots: ReadonlyMap<string, Slot>): string {
  return [...slots.values()].join()
}

function learn(
  raw: RawValue,
  slot: Slot,
  known: DimensionFacts,
  slots: Map<string, Slot>,
  ratiosArePure: boolean,
): void {
  switch (raw.form) {
    case 'parameter': {
      const before = slots.get(raw.name)
      if (before === undefined) slots.set(raw.name, slot)
      else if (dimensionOfSlot(before) === 'pure' && slot !== 'money') {
        slots.set(raw.name, stricterSlot(before, slot))
      }
      return
    }
    case 'table':
      for (const { value } of raw.rows) learn(value, slot, known, slots, ratiosArePure)
      if (raw.otherwise) learn(raw.otherwise, slot, known, slots, ratiosArePure)
      return
    case 'formula': {
      const ratio: readonly Slot[] | undefined =
        ratiosArePure && raw.op === 'divide' && slot !== 'money' ? ['factor', 'factor'] : undefined
      const argument = argumentSlots(raw, slot, known) ?? ratio ?? []
      for (const [index, arg] of raw.args.entries()) {
        const wanted = argument[index]
        if (wanted !== undefined) learn(arg, wanted, known, slots, ratiosArePure)
      }
      return
    }
    case 'literal':
    case 'fact':
    case 'counter':
  }
}
