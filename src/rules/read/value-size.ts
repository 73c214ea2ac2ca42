import { PACK_LIMITS } from '../limits.ts'
import type { Value } from '../pack.ts'
import type { RawValue } from './raw-value.ts'

type AnyValue = RawValue | Value

/** What a value comes to with its parameters written out in place of their names. */
export interface ValueSize {
  /** Steps of arithmetic for one bill: of a table, those of its longest row. */
  readonly steps: number
  /** Everything there is to read of it: of a table, all rows. */
  readonly parts: number
  /** Parameters that name parameters, the longest chain. */
  readonly chain: number
}

const LEAF: ValueSize = { steps: 1, parts: 1, chain: 0 }

/**
 * Sizes of values before anything walks them: a few lines of parameters that name one another twice each would stand for
 * more arithmetic than can ever be done. A parameter is measured once, however often it is named.
 */
export class ValueSizes {
  readonly #parameters: ReadonlyMap<string, AnyValue>
  readonly #known = new Map<string, ValueSize>()
  #spent = 0

  constructor(parameters: ReadonlyMap<string, AnyValue>) {
    this.#parameters = parameters
  }

  /** Whether `value` may stand in the pack beside those asked for before. */
  accepts(value: AnyValue): boolean {
    const { chain, parts, steps } = this.of(value)
    this.#spent += parts
    const { formulaStepsMax, parameterChainMax, valuePartsMax } = PACK_LIMITS
    return steps <= formulaStepsMax && chain <= parameterChainMax && this.#spent <= valuePartsMax
  }

  of(value: AnyValue): ValueSize {
    const { isTable, parts, reference } = contentOf(value)
    if (reference !== undefined) return this.#named(reference)
    const inner = parts.map((part) => this.of(part))
    const steps = inner.map((one) => one.steps)
    return {
      steps: 1 + (isTable ? largest(steps) : sum(steps)),
      parts: 1 + sum(inner.map((one) => one.parts)),
      chain: largest(inner.map((one) => one.chain)),
    }
  }

  #named(name: string): ValueSize {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const value = this.#parameters.get(name)
    if (value === undefined) return LEAF
    // A circle comes back here while it is open; it is reported as one elsewhere.
    this.#known.set(name, LEAF)
    const { chain, parts, steps } = this.of(value)
    const size = { steps, parts, chain: chain + 1 }
    this.#known.set(name, size)
    return size
  }
}

interface Content {
  readonly reference?: string
  readonly isTable: boolean
  readonly parts: readonly AnyValue[]
}

const NOTHING: Content = { isTable: false, parts: [] }

function contentOf(value: AnyValue): Content {
  const form = 'form' in value ? value.form : value.type
  if (form === 'parameter' && 'name' in value) return { ...NOTHING, reference: value.name }
  if ('args' in value) return { isTable: false, parts: value.args }
  const table = 'table' in value ? value.table : 'rows' in value ? value : undefined
  if (table === undefined) return NOTHING
  const rows: readonly { readonly value: AnyValue }[] = table.rows
  const cells = rows.map((row) => row.value)
  return {
    isTable: true,
    parts: table.otherwise === undefined ? cells : [...cells, table.otherwise],
  }
}

function largest(numbers: readonly number[]): number {
  return numbers.reduce((most, one) => Math.max(most, one), 0)
}

function sum(numbers: readonly number[]): number {
  return Math.min(
    numbers.reduce((total, one) => total + one, 0),
    Number.MAX_SAFE_INTEGER,
  )
}
