import type { Posting, RegistryEntry } from '../../src/ledger/record.ts'
import type { SplitAnswer } from '../../src/ledger/answer.ts'
import type { HospitalEntry, PersonEntry } from '../../src/registry/entries.ts'
import { dayOf } from './days.ts'
import type { ModelRules, ModelRuleSet } from './model-rules.ts'
import { linesOf, fenOf, type Tree } from './model-split.ts'

export interface ModelSettlement {
  readonly id: string
  readonly seq: number
  readonly operation: 'settle' | 'prepare' | 'resettle' | 'supplement'
  readonly hospital: string
  readonly stay: string
  /** Register and rules as they were, or with which it was last recalculated. */
  person: PersonEntry
  place: HospitalEntry
  rules: ModelRuleSet
  /** What it was settled with, whatever was recalculated. */
  readonly first: {
    readonly person: PersonEntry
    readonly place: HospitalEntry
    readonly rules: ModelRuleSet
  }
  /** As it was sent, with the lines that had been sent beforehand. */
  readonly document: Tree
  readonly settlementDay: number
  readonly at: number
  readonly day: number
  readonly lineIds: readonly string[]
  readonly invoice: string | undefined
  readonly takes: readonly ModelSettlement[]
  readonly replaces: ModelSettlement | undefined
  /** Platform's ids: of the given layers, of the confirmation. */
  setlIds: readonly string[]
  state: 'prepared' | 'settled' | 'unconfirmed' | 'cancelled' | 'reversed'
  confirmed: boolean
  answer: SplitAnswer
  reads: ReadonlySet<string>
  /** By holder, a line break, key. */
  contributions: ReadonlyMap<string, number>
  isMarked: boolean
  reversal: string | undefined
}

export interface StagedLine {
  readonly id: string
  readonly line: Tree
}

interface BalanceEntry {
  readonly day: number
  readonly hospital: string
  readonly from: string
  readonly to: string
  readonly amount: number
}

export interface DayRow {
  readonly day: number
  readonly hospital: string
  readonly rows: number
  readonly cost: number
  readonly fund: number
  readonly account: number
  readonly cash: number
}

/** The engine's 15 minutes. */
export const PREPARED_MS = 15 * 60 * 1000

/** Everything the plain model remembers: lists, looked through whole each time. */
export class ModelState {
  clock = 0
  last = 0
  closed: number | undefined
  readonly settlements: ModelSettlement[] = []
  readonly staged = new Map<string, StagedLine[]>()
  readonly persons = new Map<string, PersonEntry>()
  readonly hospitals = new Map<string, HospitalEntry>()
  readonly rules = new Map<string, ModelRules>()
  /** The settlement that a request made or is about: by `hospital␀request id`. */
  readonly byRequest = new Map<string, string>()
  readonly entries: BalanceEntry[] = []
  readonly rows: DayRow[] = []

  get now(): number {
    return Math.max(this.clock, this.last)
  }

  get today(): number {
    return dayOf(this.now)
  }

  get openDay(): number {
    return this.closed === undefined ? this.today : Math.max(this.today, this.closed + 1)
  }

  register({ kind, id, entry }: RegistryEntry): void {
    if (kind === 'person') replace(this.persons, id, entry as PersonEntry | undefined)
    if (kind === 'hospital') replace(this.hospitals, id, entry as HospitalEntry | undefined)
  }

  /** Runs `work`, and forgets what it did to settlements and books when it throws. */
  attempt<T>(work: () => T): T {
    const kept = this.settlements.map((one) => ({ ...one }))
    const [entries, rows] = [this.entries.length, this.rows.length]
    try {
      return work()
    } catch (error) {
      for (const [index, one] of kept.entries()) Object.assign(this.settlements[index] ?? {}, one)
      this.settlements.length = kept.length
      this.entries.length = entries
      this.rows.length = rows
      throw error
    }
  }

  /** Of a hospital; an operator ('') sees all. */
  own(id: unknown, hospital: string): ModelSettlement | undefined {
    return this.settlements.find(
      (one) => one.id === id && (hospital === '' || one.hospital === hospital),
    )
  }

  shownState({ state, at }: ModelSettlement): string {
    return state === 'prepared' && this.now > at + PREPARED_MS ? 'unknown' : state
  }

  /** Lines sent for a stay that no live or prepared settlement holds, in the order they were added. */
  waiting(hospital: string, stay: string): readonly StagedLine[] {
    const held = new Set(this.holding(hospital, stay).flatMap(({ lineIds }) => lineIds))
    return (this.staged.get(`${hospital}|${stay}`) ?? []).filter(({ id }) => !held.has(id))
  }

  holding(hospital: string, stay: string): readonly ModelSettlement[] {
    return this.settlements.filter(
      (one) =>
        holds(one) &&
        one.operation !== 'supplement' &&
        one.hospital === hospital &&
        one.stay === stay,
    )
  }

  /** Values of the counters as someone sees them; only settlements that `counts` allows are added up. */
  counters(
    seen: (key: string) => string,
    counts: (one: ModelSettlement, holder: string) => boolean = () => true,
  ): ReadonlyMap<string, number> {
    const sums = new Map<string, number>()
    for (const one of this.settlements) {
      if (!holds(one)) continue
      for (const [holderKey, amount] of one.contributions) {
        const [holder = '', key = ''] = holderKey.split('\n')
        if (seen(key) !== holder || !counts(one, holder)) continue
        sums.set(key, (sums.get(key) ?? 0) + amount)
      }
    }
    return sums
  }

  /** What a holder has, without zeros. */
  countersOf(holder: string): ReadonlyMap<string, number> {
    const sums = new Map<string, number>()
    for (const one of this.settlements.filter(holds)) {
      for (const [holderKey, amount] of one.contributions) {
        const [of, key = ''] = holderKey.split('\n')
        if (of === holder) sums.set(key, (sums.get(key) ?? 0) + amount)
      }
    }
    return new Map([...sums].filter(([, value]) => value !== 0))
  }

  /** Live supplements on the cells of this settlement, or on those this supplement took, that came after it. */
  laterSupplements(one: ModelSettlement): readonly ModelSettlement[] {
    const taken = one.operation === 'supplement' ? one.takes : [one]
    return this.settlements.filter(
      (other) =>
        isLive(other) &&
        other.seq > one.seq &&
        other.takes.some((source) => taken.includes(source)),
    )
  }

  /** What comes after `changed` and read one of the keys. */
  laterReaders(changed: ModelSettlement, keys: Iterable<string>): readonly ModelSettlement[] {
    const moved = [...keys]
    return this.settlements.filter(
      (one) => one.seq > changed.seq && holds(one) && moved.some((key) => one.reads.has(key)),
    )
  }

  /** Marks them; sums of groups are taken as they come. */
  mark(changed: ModelSettlement, keys: Iterable<string>): void {
    const moved = [...keys].filter((key) => !key.startsWith('group:'))
    for (const one of this.laterReaders(changed, moved)) one.isMarked = true
  }

  /** Posts in the open day; `sign` −1 turns every pair round. */
  post(hospital: string, postings: readonly Posting[], sign: 1 | -1): void {
    for (const [from, to, amount] of postings) {
      this.entries.push({ day: this.openDay, hospital, from, to, amount: sign * amount })
    }
  }

  /** Adds a bill, or with −1 its reversal, to the totals of the open day. */
  total(hospital: string, answer: SplitAnswer, sign: 1 | -1): void {
    const [cost = 0, fund = 0, account = 0, cash = 0] = nationalOf(answer).map(
      (amount) => sign * amount,
    )
    this.rows.push({ day: this.openDay, hospital, rows: 1, cost, fund, account, cash })
  }

  /** Adds what a recalculation changed to the totals of the open day, as one more row; nothing when they stay. */
  totalDifference(hospital: string, before: SplitAnswer, now: SplitAnswer): void {
    if (String(nationalOf(before)) === String(nationalOf(now))) return
    this.total(hospital, before, -1)
    this.total(hospital, now, 1)
    const last = this.rows.pop()
    if (last !== undefined) this.rows.push({ ...last, rows: 0 })
  }
}

function nationalOf({ total, setlinfo }: SplitAnswer): readonly number[] {
  const fields = ['fund_pay_sumamt', 'acct_pay', 'psn_cash_pay'] as const
  return [total, ...fields.map((field) => fenOf(setlinfo[field]))]
}

export function holds({ state }: ModelSettlement): boolean {
  return state === 'prepared' || state === 'settled' || state === 'unconfirmed'
}

export function isLive({ state }: ModelSettlement): boolean {
  return state === 'settled' || state === 'unconfirmed'
}

/** Of whom and where a bill is. */
export interface CounterPlace {
  readonly hospital: string
  readonly stay: string
  readonly person: PersonEntry
}

/** Who keeps a counter, for a bill of this person at this place (docs/ledger.md, section 5). */
export function holderOf(key: string, { hospital, stay, person }: CounterPlace): string {
  const [owner = '', id = ''] = (key.split('|')[0] ?? '').split(':')
  if (owner === 'stay') return `stay:${stay}\0${hospital}`
  if (owner === 'family' || owner === 'group') return `${owner}:${id}`
  const isShared = person.policies.some((one) => one['id'] === id && one['shared'] === true)
  return owner === 'policy' && isShared ? `policy:${id}` : `person:${person.id}`
}

export function withHolders(
  contributions: readonly (readonly [key: string, amount: number])[],
  seen: (key: string) => string,
): ReadonlyMap<string, number> {
  return new Map(contributions.map(([key, amount]) => [`${seen(key)}\n${key}`, amount]))
}

/** Who owes whom for a split (docs/ledger.md, section 7). */
export function postingsOf(settlement: ModelSettlement): readonly Posting[] {
  const { answer, hospital, document, operation } = settlement
  const suppliers = new Map(
    linesOf(document).map((line) => [String(line['id']), supplierOf(line['tags'])]),
  )
  const found: Posting[] = answer.fixed.map(({ payerId, amount }) => [
    `payer:${payerId}`,
    'patient',
    amount,
  ])
  for (const [id, , patient, paid] of answer.lines) {
    const isSupplement = operation === 'supplement'
    const to = isSupplement ? 'patient' : (suppliers.get(id) ?? `provider:${hospital}`)
    for (const [index, amount] of paid.entries()) {
      const payer = answer.payers[index]
      const from = payer?.kind === 'hospital' ? `hospital:${hospital}` : `payer:${payer?.id}`
      found.push([from, to, amount])
    }
    if (!isSupplement) found.push(['patient', to, patient])
  }
  return found.filter(([, , amount]) => amount !== 0)
}

function supplierOf(tags: unknown): string | undefined {
  if (!Array.isArray(tags)) return undefined
  return tags.map(String).find((tag) => tag.startsWith('supplier:'))
}

function replace<T>(map: Map<string, T>, id: string, value: T | undefined): void {
  if (value === undefined) map.delete(id)
  else map.set(id, value)
}
