import { counterText } from '../../src/adjudication/counter-key.ts'
import { createHash } from 'node:crypto'
import { recordsOf } from '../../src/engine/store-rows.ts'
import type { Store } from '../../src/engine/ports.ts'
import type {
  CancelledRecord,
  ConfirmedRecord,
  Contribution,
  LedgerRecord,
  Posting,
  RecalculationRecord,
  ReversalRecord,
  SplitRecord,
} from '../../src/ledger/record.ts'
import { requestRowKey, stayRowKey } from '../../src/ledger/rows.ts'
import { dayOf } from '../model/days.ts'
import { faultsOfSplit, netted } from './check-split.ts'
import { opposite, sums } from './contributions.ts'

/** A settlement as this fold knows it. */
export interface KnownSplit {
  readonly split: SplitRecord
  state: 'prepared' | 'live' | 'cancelled' | 'reversed'
  /** With its recalculations. */
  contributions: readonly Contribution[]
  postings: readonly Posting[]
  answer: SplitRecord['answer']
  unique: readonly string[]
}

export interface DayTotals {
  readonly rows: number
  readonly cost: number
  readonly fund: number
  readonly account: number
  readonly cash: number
}

const NO_TOTALS: DayTotals = { rows: 0, cost: 0, fund: 0, account: 0, cash: 0 }
const HASH_BYTES = 32

/** Most that may ever be paid out of a counter held by several persons, by what its key contains; fen. */
const BUDGETS: readonly (readonly [part: string, most: number])[] = [['|budget|', 42_000]]

/**
 * What the journal says, folded by other code than the ledger's: who holds what, what is owed, what is left to settle. Takes in what
 * has been flushed, and never forgets it; tells `fault` whatever no history may contain.
 */
export class Books {
  readonly #fault: (what: string) => void
  readonly blocks: Map<number, Uint8Array> = new Map()
  #hash: Uint8Array = new Uint8Array(HASH_BYTES)
  seq = 0
  at = 0
  closed = -1
  readonly records: LedgerRecord[] = []
  readonly splits = new Map<number, KnownSplit>()
  readonly requests = new Map<string, { readonly seq: number; readonly fingerprint: string }>()
  /** (hospital, stay, line) of live and prepared settlements → seq. */
  readonly lines = new Map<string, number>()
  readonly unique = new Map<string, number>()
  /** (hospital, stay, line) that were sent beforehand and are not in a settlement. */
  readonly waiting = new Set<string>()
  /** Settlement → those it took, which wait again when it ends. */
  readonly #held = new Map<number, readonly string[]>()
  /** holder → counter → sum. */
  readonly counters = new Map<string, Map<string, number>>()
  /** day ␀ hospital → from>to → fen. */
  readonly balances = new Map<string, Map<string, number>>()
  readonly totals = new Map<string, DayTotals>()
  /** Every value that a day's totals have had. */
  readonly pastTotals = new Map<string, Set<string>>()

  /** `base`: books of a ledger that this one goes on from, with rules and a register and no settlement. */
  constructor(fault: (what: string) => void, base?: Books) {
    this.#fault = fault
    if (base === undefined) return
    this.blocks = new Map(base.blocks)
    this.#hash = base.#hash
    this.seq = base.seq
    this.at = base.at
    this.records = [...base.records]
  }

  /** Takes in the blocks of the journal that are new; gives their records. */
  absorb(store: Store): readonly LedgerRecord[] {
    const fresh: LedgerRecord[] = []
    for (const { key, value } of store.range('journal', { from: this.seq + 1 })) {
      this.#chain(Number(key), value)
      for (const record of recordsOf(value)) {
        this.#take(record)
        fresh.push(record)
      }
    }
    if (fresh.length > 0) this.#checkBudgets()
    return fresh
  }

  #chain(first: number, block: Uint8Array): void {
    const hash = createHash('sha256').update(this.#hash).update(block.subarray(HASH_BYTES)).digest()
    if (!hash.equals(block.subarray(0, HASH_BYTES))) this.#fault(`hash of block ${first}`)
    this.#hash = hash
    this.blocks.set(first, block)
  }

  #take(record: LedgerRecord): void {
    const { seq, at, day, request } = record
    if (seq !== this.seq + 1) this.#fault(`record ${seq} comes after ${this.seq}`)
    if (at < this.at) this.#fault(`record ${seq} is stamped ${at}, before ${this.at}`)
    if (day <= this.closed) this.#fault(`record ${seq} is posted in closed day ${day}`)
    if (day < dayOf(at)) this.#fault(`record ${seq} is posted in day ${day}, before its stamp`)
    this.seq = seq
    this.at = at
    this.records.push(record)
    if (request !== undefined) {
      const key = requestRowKey(request.hospital, request.id)
      if (this.requests.has(key)) this.#fault(`request ${request.id} is posted twice`)
      this.requests.set(key, { seq, fingerprint: request.fingerprint })
    }
    this.#fold(record)
  }

  #fold(record: LedgerRecord): void {
    switch (record.kind) {
      case 'settlement':
      case 'prepared':
        return this.#split(record)
      case 'confirmed':
        return this.#confirmed(record)
      case 'cancelled':
        return this.#cancelled(record)
      case 'reversal':
        return this.#reversal(record)
      case 'recalculation':
        return this.#recalculation(record)
      case 'lines':
        for (const line of record.added) {
          const { id } = line as { readonly id: string }
          this.waiting.add(lineKey(record.hospital, record.stay, id))
        }
        for (const id of record.withdrawn) {
          if (!this.waiting.delete(lineKey(record.hospital, record.stay, id))) {
            this.#fault(`record ${record.seq} withdraws ${id}, which does not wait`)
          }
        }
        return
      case 'dayClosed':
        if (record.closed >= dayOf(record.at)) this.#fault(`day ${record.closed} was not over`)
        this.closed = record.closed
        return
      case 'registry':
      case 'content':
      case 'rules':
      case 'platform':
      case 'recalculated':
      case 'audit':
        return
    }
  }

  #split(split: SplitRecord): void {
    const { seq, kind, contributions, postings, answer, unique } = split
    const isPrepared = kind === 'prepared'
    this.splits.set(seq, {
      split,
      state: isPrepared ? 'prepared' : 'live',
      contributions,
      postings: isPrepared ? [] : postings,
      answer,
      unique,
    })
    for (const what of faultsOfSplit(split, answer, postings)) this.#fault(`record ${seq}: ${what}`)
    for (const id of split.lineIds) {
      const key = lineKey(split.hospital, split.stay, id)
      const other = this.lines.get(key)
      if (other !== undefined) this.#fault(`line ${id} is in ${other} and in ${seq}`)
      this.lines.set(key, seq)
    }
    this.#takeWaiting(split)
    this.#hold(unique, seq)
    this.#count(split, contributions)
    if (!isPrepared) this.#post(split, postings, totalsOf(split, answer, 1))
  }

  /** Lines sent beforehand are the settlement's, whether it asked for them or its bill had them again. */
  #takeWaiting({ seq, hospital, stay, lineIds, staged = [] }: SplitRecord): void {
    const taken = lineIds
      .map((id) => lineKey(hospital, stay, id))
      .filter((key) => this.waiting.has(key))
    for (const key of taken) this.waiting.delete(key)
    this.#held.set(seq, taken)
    const asked = staged.flatMap(([, ids]) => ids)
    for (const id of asked) {
      if (!taken.includes(lineKey(hospital, stay, id)))
        this.#fault(`line ${id} of ${seq} did not wait`)
    }
  }

  #hold(unique: readonly string[], seq: number): void {
    for (const key of unique) {
      const other = this.unique.get(key)
      if (other !== undefined && other !== seq) this.#fault(`${key} is in ${other} and in ${seq}`)
      this.unique.set(key, seq)
    }
  }

  #known(seq: number, state: KnownSplit['state'], by: number): KnownSplit | undefined {
    const known = this.splits.get(seq)
    if (known?.state === state) return known
    this.#fault(`record ${by} takes ${seq} for ${state}, which is ${known?.state ?? 'nothing'}`)
    return undefined
  }

  #confirmed({ seq, settlement, postings, unique, day }: ConfirmedRecord): void {
    const known = this.#known(settlement, 'prepared', seq)
    if (known === undefined) return
    known.state = 'live'
    known.postings = postings
    if (JSON.stringify(postings) !== JSON.stringify(known.split.postings)) {
      this.#fault(`record ${seq} posts other entries than were prepared`)
    }
    known.unique = [...known.unique, ...unique]
    this.#hold(unique, settlement)
    this.#post({ ...known.split, day }, postings, totalsOf(known.split, known.answer, 1))
  }

  #cancelled({ seq, settlement }: CancelledRecord): void {
    const known = this.#known(settlement, 'prepared', seq)
    if (known === undefined) return
    known.state = 'cancelled'
    this.#count(known.split, opposite(known.contributions))
    this.#free(known)
  }

  #reversal(record: ReversalRecord): void {
    const { seq, settlement, contributions, postings } = record
    const known = this.#known(settlement, 'live', seq)
    if (known === undefined) return
    known.state = 'reversed'
    const left = sums([...known.contributions, ...contributions])
    if (left.size > 0)
      this.#fault(`record ${seq} leaves ${[...left.keys()].join()} of ${settlement}`)
    if (netted([...known.postings, ...postings]).size > 0) {
      this.#fault(`record ${seq} leaves entries of ${settlement}`)
    }
    this.#count(known.split, contributions)
    this.#post(record, postings, totalsOf(known.split, known.answer, -1))
    this.#free(known)
  }

  #recalculation(record: RecalculationRecord): void {
    const { seq, settlement, contributions, postings, answer } = record
    const known = this.#known(settlement, 'live', seq)
    if (known === undefined) return
    known.contributions = [...known.contributions, ...contributions]
    known.postings = [...known.postings, ...postings]
    const difference = differenceOf(known, answer)
    known.answer = answer
    for (const what of faultsOfSplit(known.split, answer, known.postings)) {
      this.#fault(`record ${seq}: ${what}`)
    }
    this.#count(known.split, contributions)
    this.#post(record, postings, difference)
  }

  #free({ split, unique }: KnownSplit): void {
    for (const id of split.lineIds) this.lines.delete(lineKey(split.hospital, split.stay, id))
    for (const key of this.#held.get(split.seq) ?? []) this.waiting.add(key)
    for (const key of unique) this.unique.delete(key)
  }

  #count(split: SplitRecord, contributions: readonly Contribution[]): void {
    for (const [key, amount] of contributions) {
      const holder = holderOf(counterText(key), split)
      const counters = this.counters.get(holder) ?? new Map<string, number>()
      this.counters.set(holder, counters)
      const text = counterText(key)
      const now = (counters.get(text) ?? 0) + amount
      if (now === 0) counters.delete(text)
      else counters.set(text, now)
    }
  }

  #post(
    { day, hospital }: { readonly day: number; readonly hospital: string },
    postings: readonly Posting[],
    totals: DayTotals | undefined,
  ): void {
    const key = `${day} ${hospital}`
    const pairs = this.balances.get(key) ?? new Map<string, number>()
    this.balances.set(key, pairs)
    for (const [pair, amount] of netted(postings)) {
      const now = (pairs.get(pair) ?? 0) + amount
      if (now === 0) pairs.delete(pair)
      else pairs.set(pair, now)
    }
    if (totals === undefined) return
    const before = this.totals.get(key) ?? NO_TOTALS
    const past = this.pastTotals.get(key) ?? new Set([textOf(NO_TOTALS)])
    const now = {
      rows: before.rows + totals.rows,
      cost: before.cost + totals.cost,
      fund: before.fund + totals.fund,
      account: before.account + totals.account,
      cash: before.cash + totals.cash,
    }
    this.totals.set(key, now)
    this.pastTotals.set(key, past.add(textOf(now)))
  }

  /** Sums of many people are never overspent, nor below nothing. */
  #checkBudgets(): void {
    for (const [holder, counters] of this.counters) {
      if (!holder.startsWith('group:') && !holder.startsWith('policy:')) continue
      for (const [key, amount] of counters) {
        const most = BUDGETS.find(([part]) => key.includes(part))?.[1]
        if (amount < 0 || (most !== undefined && amount > most)) {
          this.#fault(`${holder} has ${key} at ${amount} of ${most ?? 'any'}`)
        }
      }
    }
  }
}

export function keyOf(...parts: readonly string[]): string {
  return parts.join('\u0000')
}

/** Key of something of a stay: a line, a settlement. */
export function lineKey(hospital: string, stay: string, id: string): string {
  return keyOf(stayRowKey(hospital, stay), id)
}

/** As docs/ledger.md, section 5, has it. */
export function holderOf(
  key: string,
  {
    person,
    hospital,
    stay,
    sharedPolicies,
  }: Pick<SplitRecord, 'person' | 'hospital' | 'stay' | 'sharedPolicies'>,
): string {
  const [owner = ''] = key.split('|')
  const colon = owner.indexOf(':')
  const [kind, id] = [owner.slice(0, colon), owner.slice(colon + 1)]
  if (kind === 'family' || kind === 'group') return owner
  if (kind === 'policy' && sharedPolicies.includes(id)) return owner
  return kind === 'stay' ? `stay:${stayRowKey(hospital, stay)}` : `person:${person}`
}

/** Totals of a day as one text. */
export function textOf({ rows, cost, fund, account, cash }: DayTotals): string {
  return [rows, cost, fund, account, cash].join(' ')
}

function totalsOf(
  { operation }: SplitRecord,
  answer: SplitRecord['answer'],
  sign: 1 | -1,
): DayTotals | undefined {
  if (operation === 'supplement') return undefined
  const fen = (field: string) => {
    const text: unknown = (answer.setlinfo as Readonly<Record<string, unknown>>)[field]
    return sign * Math.round(Number(text ?? 0) * 100)
  }
  return {
    rows: 1,
    cost: sign * answer.total,
    fund: fen('fund_pay_sumamt'),
    account: fen('acct_pay'),
    cash: fen('psn_cash_pay'),
  }
}

/** A recalculation is one row with what it changes; none where no amount of the day's totals does. */
function differenceOf(
  { split, answer: before }: KnownSplit,
  now: SplitRecord['answer'],
): DayTotals | undefined {
  const [less, more] = [totalsOf(split, before, -1), totalsOf(split, now, 1)]
  if (less === undefined || more === undefined) return undefined
  const changed = {
    cost: less.cost + more.cost,
    fund: less.fund + more.fund,
    account: less.account + more.account,
    cash: less.cash + more.cash,
  }
  return { rows: Object.values(changed).some((fen) => fen !== 0) ? 1 : 0, ...changed }
}
