import type { Fen } from '../money/fen.ts'
import type { Category } from '../rules/category.ts'
import type { FactSheet } from '../rules/facts.ts'
import type { PackKind, WireField } from '../rules/kind.ts'

/** The four parts the catalogue cuts a line into; they add up to the line's amount. */
export interface Classification {
  readonly ownPay: Fen
  readonly overLimit: Fen
  readonly preSelfPay: Fen
  readonly inScope: Fen
}

/** One charge (费用明细). `facts` holds every stated `line.*` fact, `id`, `amount` and `date` among them. */
export interface BillLine {
  /** feedetl_sn; unique in the bill. */
  readonly id: string
  /** init_feedetl_sn: this line takes (part of) that one back; its amount is negative. */
  readonly refundOf?: string
  readonly amount: Fen
  /** Days since 1970-01-01. */
  readonly day: number
  /** Ten-thousandths. */
  readonly quantity?: number
  /** Millionths of a yuan. */
  readonly unitPrice?: number
  /** Classification that came with the bill; absent: the catalogue decides. */
  readonly classification?: Classification
  /** Payment restriction (lmt_used_flag) met; hosp_appr_flag "2" reads as false. */
  readonly restrictionMet?: boolean
  readonly facts: FactSheet
  /** Supplements only: the patient's cells of an earlier settlement, fen by category. */
  readonly cells?: Readonly<Partial<Record<Category, Fen>>>
}

/** An amount settled elsewhere (外部已结算层). */
export interface GivenPayment {
  readonly kind: PackKind
  readonly payerId: string
  readonly wire?: WireField
  readonly fundPayType?: string
  readonly amount: Fen
}

/** Layers settled elsewhere, with what the platform said beside the amounts. */
export interface GivenSettlement {
  readonly payments: readonly GivenPayment[]
  /** Kinds that are settled, also those that paid nothing: their packs do not run. */
  readonly kinds: readonly PackKind[]
  readonly hospitalShare: Fen
  /** act_pay_dedc; absent: not said. */
  readonly deductible?: Fen
  /** Above the cap, from setl_proc_info; absent: not said. */
  readonly overCap?: Fen
  /** Account money the platform has already debited. */
  readonly accountPaid: Fen
  readonly accountMutualAid?: Fen
  readonly balanceAfter?: Fen
  readonly settlementId?: string
  readonly messageId?: string
  readonly confirmed: boolean
}

/** Balances of the personal account before this bill. */
export interface AccountBalances {
  readonly current?: Fen
  readonly history?: Fen
  readonly family?: Fen
}

/** What a hospital charges for one visit, and all that it states about it. Already netted of nothing. */
export interface Bill {
  /** mdtrt_id */
  readonly stayId: string
  readonly visit: FactSheet
  readonly hospital: FactSheet
  readonly lines: readonly BillLine[]
  /** medfee_sumamt as stated; must equal the lines. */
  readonly statedTotal?: Fen
  /** Day of settlement, days since 1970-01-01. */
  readonly settlementDay: number
  readonly given?: GivenSettlement
  readonly account?: AccountBalances
  /** acct_used_flag */
  readonly accountUsed: boolean
  /** Prepaid deposit (预交金). */
  readonly deposit?: Fen
  /** Policies left out on the cashier's word (`without:`). */
  readonly without: readonly string[]
  /** Present: no own lines; takes the patient's cells of earlier settlements and runs only these packs. */
  readonly supplement?: { readonly packs: readonly string[] }
}
