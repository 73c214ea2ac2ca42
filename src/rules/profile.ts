import type { Category } from './category.ts'
import type { PackKind } from './kind.ts'
import type { Bilingual, DateBasis } from './pack.ts'

/** One rank of the order of layers: every layer of these kinds (and products, when named). */
export interface LayerRank {
  readonly kinds: readonly PackKind[]
  readonly products?: readonly string[]
  /** `listed`: kind order then policy priority, one after the other; `equal`: same-priority layers share. */
  readonly sharing: 'listed' | 'equal'
}

export type AccountPot = 'current' | 'history' | 'family'

/** How the personal account pays the patient's share; a means of payment, never a payer. */
export interface AccountRule {
  readonly pots: readonly AccountPot[]
  /** Categories it may pay, in this order; what is not named it may not pay. */
  readonly pays: readonly Category[]
}

/** Order in which amounts settled elsewhere fill the categories of the lines. */
export interface GivenOrder {
  readonly basic: readonly Category[]
  readonly funds: readonly Category[]
  readonly hospital: readonly Category[]
}

/** A jurisdiction's settings (统筹区配置): a versioned artefact like a pack, published by the operator. */
export interface Profile {
  readonly id: string
  readonly hash: string
  readonly title: Bilingual
  readonly source: string
  readonly effective: { readonly from: number; readonly to?: number }
  readonly timeZone: string
  /** Date that chooses year and versions where a pack does not say. */
  readonly yearBy: DateBasis
  /** First month and day of the insurance year. */
  readonly yearStart: { readonly month: number; readonly day: number }
  readonly order: readonly LayerRank[]
  readonly account?: AccountRule
  readonly given: GivenOrder
  /** `hosp_lv` code → level used for deductibles, and for price ceilings. */
  readonly hospitalLevels: Readonly<Record<string, 1 | 2 | 3>>
  readonly priceLevels: Readonly<Record<string, 1 | 2 | 3>>
  /** `psn_idet_type` code → identity word used in packs. */
  readonly identities: Readonly<Record<string, string>>
  /** Prefixes of `psn_type` that mean retired. */
  readonly retiredPersonTypes: readonly string[]
  readonly reversal: { readonly mode: 'keep' | 'strict'; readonly days: number }
  /** A line whose code the catalogue does not know. */
  readonly unmatchedLines: 'refuse' | 'ownPay'
  /** A stay counts as a new admission every this many days. */
  readonly reopenStayEveryDays?: number
}
