import type { Document, TakenRequest } from '../turn.ts'
import type { Replay } from './replay.ts'

/** A bill that was refused. */
export interface RefusedBill {
  readonly hospital: string
  readonly requestId: string
  /** With its lines. */
  readonly bill: Document
  /** Day of settlement where it states none. */
  readonly day: number
  /** Last record of the journal then. */
  readonly after: number
}

/** The bill of a request that was refused; undefined where there is none to settle, or its lines are with the stay. */
export function refusedBill(
  { operation, hospital, id, body }: TakenRequest,
  { today, after }: { readonly today: number; readonly after: number },
): RefusedBill | undefined {
  if (operation !== 'settle' && operation !== 'prepare') return undefined
  const { bill: stated, without } = body
  if (typeof stated !== 'object' || stated === null || Array.isArray(stated)) return undefined
  const bill = stated as Document
  if (bill['staged'] !== undefined) return undefined
  return {
    hospital,
    requestId: id,
    bill: without === undefined ? bill : { ...bill, without },
    day: today,
    after,
  }
}

/** Bills that the rules in force refuse and a candidate does not. */
export interface RefusalsGone {
  readonly count: number
  /** The first ones, at most `GONE_MAX`. */
  readonly first: readonly { readonly hospital: string; readonly requestId: string }[]
}

const GONE_MAX = 100
/** Refused bills that wait for their place in a replay that is behind; later ones are not looked at. */
const WAITING_MAX = 1_000
/** Requests remembered, so that one sent again counts once. */
const REMEMBERED_MAX = 10_000

/** Refusals are not in the journal: these are told as they happen, and looked at when the replay has come that far. */
export class RefusedBills {
  readonly #replay: Replay
  #waiting: RefusedBill[] = []
  readonly #known = new Set<string>()
  #count = 0
  readonly #first: { hospital: string; requestId: string }[] = []

  constructor(replay: Replay) {
    this.#replay = replay
  }

  get gone(): RefusalsGone {
    return { count: this.#count, first: [...this.#first] }
  }

  /** Whether one waits whose place in the journal has been reached; `seen`: last record the replay has taken. */
  isDue(seen: number): boolean {
    return this.#waiting.some(({ after }) => after <= seen)
  }

  add(bill: RefusedBill): void {
    const name = JSON.stringify([bill.hospital, bill.requestId])
    if (this.#known.has(name) || this.#known.size >= REMEMBERED_MAX) return
    if (this.#waiting.length >= WAITING_MAX) return
    this.#known.add(name)
    this.#waiting.push(bill)
  }

  /** Looks at one that is due. */
  look(seen: number): void {
    const at = this.#waiting.findIndex(({ after }) => after <= seen)
    const bill = this.#waiting[at]
    if (bill === undefined) return
    this.#waiting = this.#waiting.toSpliced(at, 1)
    if (!this.#replay.wouldSettle(bill)) return
    this.#count += 1
    const { hospital, requestId } = bill
    if (this.#first.length < GONE_MAX) this.#first.push({ hospital, requestId })
  }
}
