import type { CounterUnit } from '../pack.ts'
import { visibleType } from './expression-type.ts'
import type { RawValue } from './raw-value.ts'
import { dimensionOfSlot, termSlot, type Dimension, type Slot } from './slot.ts'
import { scalarText } from './source-node.ts'

/** What decides whether a value is money: its parameters and counters, and what is known of them so far. */
export interface DimensionFacts {
  readonly parameters: ReadonlyMap<string, RawValue>
  readonly slots: ReadonlyMap<string, Slot>
  readonly counterUnits: ReadonlyMap<string, CounterUnit>
}

/** What the text of `raw` and what is known so far say; a bare literal is `bare`. */
export function dimensionOf(
  raw: RawValue,
  facts: DimensionFacts,
  bare: Dimension,
  seen: readonly string[] = [],
): Dimension {
  switch (raw.form) {
    case 'literal':
      return literalDimension(raw, bare)
    case 'parameter':
      return parameterDimension(raw.name, facts, seen)
    case 'fact':
      return factDimension(scalarText(raw.node) ?? '')
    case 'counter':
      return facts.counterUnits.get(raw.name) === 'fen' ? 'money' : 'pure'
    case 'table':
      return firstKnown(
        [...raw.rows.map((row) => row.value), ...(raw.otherwise ? [raw.otherwise] : [])],
        (value) => dimensionOf(value, facts, bare, seen),
      )
    case 'formula':
      return formulaDimension(raw, facts, bare, seen)
  }
}

function literalDimension(raw: { readonly text: string; readonly yuan: boolean }, bare: Dimension) {
  if (raw.yuan) return 'money'
  return /[%/]/.test(raw.text) ? 'pure' : bare
}

function parameterDimension(
  name: string,
  facts: DimensionFacts,
  seen: readonly string[],
): Dimension {
  const slot = facts.slots.get(name)
  if (slot !== undefined) return dimensionOfSlot(slot)
  const raw = facts.parameters.get(name)
  if (raw === undefined || seen.includes(name)) return undefined
  return dimensionOf(raw, facts, undefined, [...seen, name])
}

function factDimension(source: string): Dimension {
  const type = visibleType(source)
  if (type === 'money') return 'money'
  return type === 'int' ? 'pure' : undefined
}

function formulaDimension(
  raw: Extract<RawValue, { form: 'formula' }>,
  facts: DimensionFacts,
  bare: Dimension,
  seen: readonly string[],
): Dimension {
  const product = raw.op === 'multiply' || raw.op === 'divide'
  const dimensions = raw.args.map((arg) => dimensionOf(arg, facts, product ? 'pure' : bare, seen))
  const [first, second] = dimensions
  if (!product) return dimensions.find((dimension) => dimension !== undefined)
  if (raw.op === 'divide' && first === 'money' && second === 'money') return 'pure'
  if (raw.op === 'divide' && first === 'money') return second === undefined ? undefined : 'money'
  if (dimensions.includes('money')) return 'money'
  return dimensions.includes(undefined) ? undefined : 'pure'
}

function firstKnown(
  values: readonly RawValue[],
  dimension: (value: RawValue) => Dimension,
): Dimension {
  for (const value of values) {
    const known = dimension(value)
    if (known !== undefined) return known
  }
  return undefined
}

/**
 * The slots of a product's or quotient's arguments when the whole is read into `slot`; undefined while the
 * arguments do not tell which of them is money.
 */
export function argumentSlots(
  raw: Extract<RawValue, { form: 'formula' }>,
  slot: Slot,
  facts: DimensionFacts,
): readonly Slot[] | undefined {
  if (raw.op !== 'multiply' && raw.op !== 'divide') return raw.args.map(() => termSlot(slot))
  const dimensions = raw.args.map((arg) => dimensionOf(arg, facts, 'pure'))
  if (slot === 'money') {
    const index = raw.op === 'divide' ? 0 : moneyArgument(dimensions)
    return index === undefined
      ? undefined
      : raw.args.map((_, position) => (position === index ? 'money' : 'factor'))
  }
  if (raw.op === 'multiply') return raw.args.map(() => 'factor')
  if (dimensions.includes('money')) return ['money', 'money']
  return dimensions.includes(undefined) ? undefined : ['factor', 'factor']
}

/** Position of the one argument that is money, or may still turn out to be. */
function moneyArgument(dimensions: readonly Dimension[]): number | undefined {
  const wanted = dimensions.includes('money') ? 'money' : undefined
  const first = dimensions.indexOf(wanted)
  return first >= 0 && first === dimensions.lastIndexOf(wanted) ? first : undefined
}
