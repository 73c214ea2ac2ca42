/** What the server says unasked, to those who subscribed to the topic of that name. */
export type EventFrame = SettlementReversed | PackActivated | EngineDraining

/** A settlement of the own institution is taken back; an operator hears of all. */
export interface SettlementReversed {
  readonly event: 'settlement.reversed'
  readonly settlement: string
  readonly hospital: string
  /** Milliseconds since 1970-01-01. */
  readonly at: number
  /** Accounting day, days since 1970-01-01. */
  readonly day: number
  /** Of `reverse`: the id of the reversal. */
  readonly reversal?: string
  /** Of `resettle`: the settlement that stands in its place. */
  readonly replacedBy?: string
}

/** A version of a pack is in force from a day on; also one that a roll-back brings back. */
export interface PackActivated {
  readonly event: 'pack.activated'
  readonly jurisdiction: string
  readonly pack: string
  /** Of its content, 64 hexadecimal digits. */
  readonly hash: string
  /** First day in force, days since 1970-01-01. */
  readonly from: number
  /** Milliseconds since 1970-01-01. */
  readonly at: number
}

/** The server stops: nothing new is taken, what is in flight is answered. */
export interface EngineDraining {
  readonly event: 'engine.draining'
  /** When it closes at the latest, ms from now. */
  readonly withinMs: number
}
