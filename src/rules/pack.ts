import type { Rate } from '../money/rate.ts'
import type { Category } from './category.ts'
import type { PackKind, WireField } from './kind.ts'

/** Text for people in both languages; a plain string in a pack is used for both. */
export interface Bilingual {
  readonly zh: string
  readonly en: string
}

/** A CEL expression as written, with its path into the pack. */
export interface Expression {
  readonly source: string
  readonly where: string
}

/** Which date of the bill chooses the version of a pack and the year of its counters. */
export type DateBasis = 'settlement' | 'admission' | 'discharge' | 'line'

export interface Effective {
  /** First and last day in force, inclusive, as days since 1970-01-01. */
  readonly from: number
  readonly to?: number
  /** Absent: the profile's `yearBy`. */
  readonly by?: DateBasis
}

/** What a value is used as: money in fen, an exact rate, or a plain number (days, times, quantity, years). */
export type ValueKind = 'money' | 'rate' | 'number'

/** A number as data: evaluated exactly; money is rounded once, half away from zero, at the end. */
export type Value =
  /** money: fen over 1; rate and number: the exact fraction. */
  | { readonly type: 'literal'; readonly num: number; readonly den: number }
  | { readonly type: 'parameter'; readonly name: string }
  | { readonly type: 'fact'; readonly expression: Expression }
  | { readonly type: 'counter'; readonly counter: string }
  | { readonly type: 'table'; readonly table: DecisionTable }
  | {
      readonly type: 'formula'
      readonly op: 'add' | 'subtract' | 'multiply' | 'divide' | 'min' | 'max'
      readonly args: readonly Value[]
    }

export interface DecisionTable {
  readonly by: readonly Expression[]
  readonly rows: readonly DecisionRow[]
  /** Taken when no row matches; without it a gap is an error. */
  readonly otherwise?: Value
  readonly where: string
}

export interface DecisionRow {
  /** One match a dimension, in the order of `by`. */
  readonly matches: readonly Match[]
  readonly value: Value
}

export type Match =
  | { readonly type: 'anyOf'; readonly values: readonly (string | number | boolean)[] }
  /** Whole numbers (fen for money), both ends inclusive; absent: open. */
  | { readonly type: 'range'; readonly from?: number; readonly to?: number }
  | { readonly type: 'any' }

/** Period of a counter. `visit` and `admission` belong to the stay; `claim` is this settlement alone. */
export type Period =
  | {
      readonly type:
        'claim' | 'visit' | 'admission' | 'day' | 'month' | 'year' | 'policyYear' | 'lifetime'
    }
  | { readonly type: 'policyYears'; readonly years: number }

export type Owner = 'person' | 'family' | 'policy' | 'group' | 'stay' | 'transferChain' | 'accident'

export type CounterUnit = 'fen' | 'days' | 'times' | 'quantity'

/**
 * A counter's definition. Its identity is owner × name × period × key, never the pack's version.
 * `id` is global: `<pack id>:<name>` unless the pack says `shared`, then the name itself.
 */
export interface CounterDefinition {
  readonly id: string
  readonly owner: Owner
  readonly period: Period
  readonly unit: CounterUnit
  /** String-valued expression; for per-item limits over `line.*`. */
  readonly key?: Expression
}

export interface BaseItem {
  /** `inScope` means the whole unpaid in-scope part of the line, whatever it is called. */
  readonly category: Category
  /** Rate 0..1; absent: all of it. */
  readonly weight?: Value
  readonly lines?: Expression
}

/** A cap on what one group of lines brings into the base; the part above stays outside the base. */
export interface ItemLimit {
  readonly lines?: Expression
  /** Group: each line; lines of one code; amount × quantity of each line; lines of one date. */
  readonly per: 'line' | 'item' | 'unit' | 'day'
  readonly amount: Value
  /** With a counter (keyed by code for `item`) the cap runs over its period. */
  readonly counter?: CounterDefinition
}

export interface Deductible {
  readonly amount: Value
  readonly counter: CounterDefinition
  /** `before`: off the base before the rate; `afterRate`: off the payment. */
  readonly taken: 'before' | 'afterRate'
  /** Cells it is taken from first, in this order; then the rest. */
  readonly from: readonly DeductibleSource[]
  /** Earlier payments of these kinds on the selected lines fill it too. */
  readonly filledBy: readonly PackKind[]
}

export type DeductibleSource =
  | { readonly type: 'category'; readonly category: Category }
  | { readonly type: 'lines'; readonly lines: Expression }

export interface Bands {
  /** What the edges measure: the base including the deductible, or the part above it. */
  readonly axis: 'includingDeductible' | 'aboveDeductible'
  /** Running total the slices start from; for a visit it is the stay's, so parts of a stay add up. */
  readonly counter: CounterDefinition
  readonly rows: readonly Band[]
  /** Half away from zero, `band`: each band by itself; `benefit`: once. */
  readonly rounding: 'band' | 'benefit'
}

export interface Band {
  /** Upper edge in fen, belonging to this band; absent on the last: no upper edge. */
  readonly upTo?: Value
  readonly rate: Value
}

/** Changes every band's rate, in order, then clamps to 0..1. */
export interface Adjustment {
  readonly when?: Expression
  readonly op: 'add' | 'subtract' | 'multiply' | 'set'
  readonly rate: Value
  readonly clause?: string
}

export type LimitOn =
  | 'payment'
  | 'base'
  | 'baseAfterDeductible'
  | 'deductible'
  | 'patientShare'
  | 'days'
  | 'times'
  | 'quantity'

export interface Limit {
  readonly id: string
  readonly on: LimitOn
  readonly amount: Value
  readonly counter: CounterDefinition
  readonly when?: Expression
  /** For `payment`: turned back into base (default) or the payment simply cut off. */
  readonly overCap: 'base' | 'payment'
  readonly clause?: string
}

/** Money paid to the patient beside the split; it never reduces another payer. */
export interface FixedBenefit {
  /** `day`: amount × days; `once`: the amount. */
  readonly per: 'day' | 'once'
  readonly amount: Value
  /** Days of the stay that count, as a number value (default `visit.days`). */
  readonly days?: Value
  readonly waitingDays?: Value
}

/** The payment is at least `rate` × the cost of these categories on the selected lines. */
export interface FloorGuarantee {
  readonly rate: Value
  readonly base: readonly BaseItem[]
  readonly clause?: string
}

/** Adds what the benefit did to a declared counter, for others to read. */
export interface Count {
  readonly counter: CounterDefinition
  readonly what: 'base' | 'payment' | 'deductible' | 'patientShare' | 'times' | 'days'
}

export interface FirstShare {
  readonly when?: Expression
  readonly rate: Value
  readonly clause?: string
}

export interface Benefit {
  readonly id: string
  readonly title: Bilingual
  readonly clause: string
  readonly when?: Expression
  readonly lines?: Expression
  /** Days after `policy.start` in which nothing is paid, unless `waitingExcept` holds. */
  readonly waitingDays?: Value
  readonly waitingExcept?: Expression
  /** `direct`: only at the counter; `supplement`: only in a supplement; absent: both. */
  readonly settledBy?: 'direct' | 'supplement'
  /** These kinds of layer must have taken part in the bill. */
  readonly requiresSettled: readonly PackKind[]
  readonly base: readonly BaseItem[]
  readonly of: 'residual' | 'cost'
  /** First share of the base the person bears (treatment elsewhere), before deductible and bands. */
  readonly firstShares: readonly FirstShare[]
  readonly itemLimits: readonly ItemLimit[]
  readonly deductible?: Deductible
  readonly bands?: Bands
  readonly adjustments: readonly Adjustment[]
  readonly floor?: FloorGuarantee
  readonly limits: readonly Limit[]
  readonly fixed?: FixedBenefit
  readonly counts: readonly Count[]
  /** Benefits of one group compete: the highest payment wins, ties to the first. */
  readonly bestOf?: string
}

/** Package price (单病种): the stay costs `standard` whatever its lines add up to. */
export interface PackagePrice {
  readonly id: string
  readonly title: Bilingual
  readonly clause: string
  readonly when: Expression
  readonly standard: Value
}

export interface Payer {
  readonly id: string
  readonly name: Bilingual
  /** Field of `setlinfo` that carries it; absent: beside the national settlement. */
  readonly wire?: WireField
  readonly fundPayType?: string
}

/** A list of codes or names; `prefix` matches by the beginning (diagnosis chapters). */
export interface CodeList {
  readonly name: string
  readonly match: 'exact' | 'prefix'
  readonly items: readonly string[]
}

/** One immutable version of one payer's rules, as read from its file and content-hashed. */
export interface RulePack {
  readonly id: string
  /** Hex SHA-256 over the canonical form. */
  readonly hash: string
  readonly kind: PackKind
  /** Policies name this; default the pack's id. */
  readonly product: string
  readonly title: Bilingual
  readonly payer: Payer
  readonly jurisdiction?: string
  readonly effective: Effective
  readonly source: string
  readonly covers?: Expression
  /** Runs only for a policy of its product, once for each. */
  readonly requiresPolicy: boolean
  readonly parameters: Readonly<Record<string, Value>>
  readonly lists: readonly CodeList[]
  readonly counters: Readonly<Record<string, CounterDefinition>>
  readonly packages: readonly PackagePrice[]
  readonly benefits: readonly Benefit[]
  readonly cases: readonly PackCase[]
}

/** An embedded case: a bill document in short form and what the pack must answer. */
export interface PackCase {
  readonly name: string
  /** Plain JSON form of the bill document; numbers are kept as their source text. */
  readonly given: unknown
  readonly expect: PackExpectation
  readonly where: string
}

export interface PackExpectation {
  /** Payment of this pack, fen. */
  readonly payment?: number
  readonly patient?: number
  readonly fixed?: number
  readonly benefits?: Readonly<Record<string, number>>
  /** Code of the refusal expected. */
  readonly refused?: string
}

export type { Rate }
