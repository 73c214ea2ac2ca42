import type { Rate } from '../money/rate.ts'
import type { Fen } from '../money/fen.ts'

/** 甲 / 乙 / 丙; `chrgitm_lv` 01 / 02 / 03 of the national interface. */
export type ChargeLevel = 'A' | 'B' | 'C'

/** `med_chrgitm_type`, e.g. 01 bed, 08 materials, 09 western medicine. */
export type ChargeType = (typeof CHARGE_TYPES)[number]

/** The 14 categories in the order of their codes. */
export const CHARGE_TYPES = [
  ...(['01', '02', '03', '04', '05', '06', '07'] as const),
  ...(['08', '09', '10', '11', '12', '13', '14'] as const),
] as const

/** Level of the hospital for price caps; a profile maps `hosp_lv` to it. */
export type HospitalLevel = 1 | 2 | 3

/** Whole days since 1970-01-01 in the calendar of the jurisdiction. */
export type EpochDay = number

/** First self-pay rate (先行自付比例), 0..1. An absent condition holds for every person or visit. */
export interface SelfPayRate {
  readonly rate: Rate
  readonly personType?: string
  readonly visitType?: string
}

/**
 * The most one unit may cost inside the scope of the insurance (限价). An absent level holds for every hospital.
 * `microYuan` is the unit price in 1/1,000,000 yuan, above 0, or 'none' where this level has no ceiling.
 */
export interface PriceCeiling {
  readonly hospitalLevel?: HospitalLevel
  readonly microYuan: number | 'none'
}

/** The most a bed may cost per day inside the scope (床位日标准), above 0. */
export interface BedStandard {
  readonly hospitalLevel?: HospitalLevel
  readonly perDay: Fen
}

/** Restriction of payment (限定支付范围); `text` is empty when the source gives none. */
export interface Restriction {
  readonly flag: boolean
  readonly text: string
}

/** The most that is covered of an item per day or per calendar month, in 1/10,000 of a unit, above 0. */
export interface QuantityLimit {
  readonly per: 'day' | 'month'
  readonly tenThousandths: number
}

/**
 * What one jurisdiction pays of one item from `effectiveFrom` to `effectiveTo`, both included.
 *
 * `priceCeilings` and `bedStandards` are never both given. Class C is wholly own pay; its rate, if given, is 1.
 */
export interface CatalogEntry {
  readonly code: string
  readonly name: string
  readonly chargeLevel: ChargeLevel
  readonly chargeType: ChargeType
  /** `list_type`: 101 medicines, 201 service items, 301 consumables, … */
  readonly listType?: string
  /** Unit the quantity counts, e.g. 次, 日, 支. */
  readonly unit?: string
  readonly effectiveFrom: EpochDay
  readonly effectiveTo: EpochDay
  readonly selfPayRates: readonly SelfPayRate[]
  readonly priceCeilings: readonly PriceCeiling[]
  readonly bedStandards: readonly BedStandard[]
  readonly quantityLimits: readonly QuantityLimit[]
  readonly restriction: Restriction
}

/** An entry with its jurisdiction (`admdvs`) and the row of the source file it came from. */
export interface CatalogRow {
  readonly jurisdiction: string
  readonly row: number
  readonly entry: CatalogEntry
}
