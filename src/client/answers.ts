/*
 * What the operations of a terminal answer (docs/protocol.md). Money is whole fen; `at` is milliseconds and `day` days since
 * 1970-01-01. The national records `setlinfo` and `setldetail` are in yuan, as text.
 */

export interface PayerPart {
  readonly id: string
  readonly kind: string
  readonly policyId?: string
  readonly given?: true
  /** Fen. */
  readonly amount: number
}

/** Id, amount, the patient's part, what each of `payers` pays, the patient's part by residual category; fen. */
export type SplitLine = readonly [
  id: string,
  amount: number,
  patient: number,
  payers: readonly number[],
  residual: readonly number[],
]

/** Fen. */
export interface PatientPart {
  readonly total: number
  readonly account: Readonly<Record<'current' | 'history' | 'family' | 'given', number>>
  readonly cash: number
  readonly depositBalance?: number
}

export interface Split {
  /** Fen. */
  readonly total: number
  readonly payers: readonly PayerPart[]
  readonly lines: readonly SplitLine[]
  /** Fen. */
  readonly classification: readonly number[]
  readonly deductibleUsed: number
  readonly packageAdjustment: number
  readonly patient: PatientPart
  readonly fixed: readonly Readonly<Record<string, unknown>>[]
  readonly setlinfo: Readonly<Record<string, unknown>>
  readonly setldetail: readonly Readonly<Record<string, unknown>>[]
  readonly warnings: readonly Readonly<Record<string, unknown>>[]
}

export interface QuoteAnswer extends Split {
  readonly state: 'quote'
}

/** What happened when to which settlement. */
export interface Posted<State extends string> {
  readonly settlement: string
  readonly state: State
  readonly at: number
  readonly day: number
}

export interface SplitAnswer<State extends string> extends Split, Posted<State> {
  /** Of resettle: the settlement in whose place it stands. */
  readonly replaces?: string
}

export type SettleAnswer = SplitAnswer<'settled' | 'unconfirmed'>

export interface ReverseAnswer extends Posted<'reversed'> {
  readonly reversal: string
  readonly later: boolean
  /** Fen, negative. */
  readonly total: number
  readonly payers: readonly PayerPart[]
}

export interface FoundSettlement extends Posted<
  'prepared' | 'unknown' | 'settled' | 'unconfirmed' | 'cancelled' | 'reversed'
> {
  readonly operation?: string
  readonly hospital: string
  readonly stay: string
  readonly person: string
  /** Fen. */
  readonly total: number
  readonly patient: number
  readonly changedSince?: boolean
  readonly reversal?: string
}

export interface UnresolvedSettlement {
  readonly settlement: string
  readonly hospital: string
  readonly at: number
  readonly person: string
  readonly stay: string
}

export interface DayTotals {
  readonly day: number
  readonly rows: number
  /** Fen. */
  readonly cost: number
  readonly fund: number
  readonly account: number
  readonly cash: number
}
