import { assert } from '../assert.ts'
import { formatEpochDay, parseEpochDay } from '../catalog/epoch-day.ts'
import type { Contribution, RegisterVersion } from '../ledger/record.ts'
import { rowKey, type RegistryRow, type Rows } from '../ledger/rows.ts'
import { readBillDocument, type BillDocument } from '../protocol/bill-document.ts'
import { plainDay } from '../protocol/plain-scalars.ts'
import type { HospitalEntry, PersonEntry } from '../registry/entries.ts'
import { billPerson, withRegister } from '../registry/with-register.ts'
import { CounterView } from './counter-view.ts'
import { billFactsOf, type BillFacts } from './evaluate-bill.ts'
import { evaluateSplit, type EvaluatedSplit } from './evaluate-split.ts'
import { BillRehearsed, rulesName, RulesNotTried, type RehearsedBill } from './rehearsal.ts'
import { watched } from './layer-watch.ts'
import type { OpenedRuleSet } from './rule-sets.ts'
import { snapshotOf } from './speculation.ts'
import { stayOf, type StagedLines } from './staged-lines.ts'
import { refused, RequestRefused, type Document, type Turn } from './turn.ts'

/** Where a bill stands: what of the ledger it is read with. */
export interface SplitPlace {
  /** Institution the request came from; the one that treated. */
  readonly hospital: string
  /** Day of settlement where the bill states none. */
  readonly day: number
  /** Versions of the register and rule set to use instead of today's. */
  readonly fixed?: {
    readonly person: RegisterVersion
    readonly hospital: RegisterVersion
    readonly ruleSet: string
  }
  /** Lines sent beforehand that are in the bill. */
  readonly staged?: StagedLines['held']
}

/** A bill with all that the ledger knows about it. */
export interface CompletedSplit {
  /** As the register completes it. */
  readonly document: Document
  readonly day: number
  readonly hospital: string
  readonly stay: string
  readonly person: string
  readonly jurisdiction: string
  readonly ruleSet: string
  readonly suspended: readonly string[]
  readonly register: { readonly person: RegisterVersion; readonly hospital: RegisterVersion }
  readonly sharedPolicies: readonly string[]
  readonly familyId: string | undefined
}

/** Reads what the register and the rules in force say of a bill. Refuses what is unknown or contradicts. */
export function completeSplit(rows: Rows, bill: Document, place: SplitPlace): CompletedSplit {
  const personId = personOf(bill)
  const day = settlementDayOf(bill) ?? place.day
  const person = registered(rows, 'person', personId, place.fixed?.person)
  const hospital = registered(rows, 'hospital', place.hospital, place.fixed?.hospital)
  const entries = {
    person: person?.entry as PersonEntry | undefined,
    hospital: hospital?.entry as HospitalEntry | undefined,
  }
  const merged = withRegister(bill, entries, { day, requestHospital: place.hospital })
  if (!merged.ok) throw new RequestRefused(merged.problems)
  assert(person !== undefined && hospital !== undefined, 'who is not registered is refused')
  const { document, jurisdiction, familyId, sharedPolicies } = merged.value
  const state = rows.get('rules', jurisdiction)
  if (state === undefined) {
    throw refused('JURISDICTION_UNKNOWN', 'bill.person', { jurisdiction })
  }
  return {
    document,
    day,
    hospital: place.hospital,
    stay: stayOf(bill),
    person: personId,
    jurisdiction,
    ruleSet: place.fixed?.ruleSet ?? state.ruleSet,
    suspended: state.suspended,
    register: { person: person.version, hospital: hospital.version },
    sharedPolicies,
    familyId,
  }
}

/** A completed bill that was read: the document is right. */
export interface ReadSplit {
  readonly completed: CompletedSplit
  readonly read: BillDocument
  readonly rules: OpenedRuleSet
  readonly facts: BillFacts
}

export function readSplit(turn: Turn, bill: Document, place: SplitPlace): ReadSplit {
  const completed = completeSplit(turn.rows, bill, place)
  const rules = turn.rules.open(completed.ruleSet, completed.suspended)
  const read = readBillDocument(completed.document, rules.inForce.profile, completed.day)
  if (!read.ok) throw new RequestRefused(read.problems)
  return { completed, read: read.value, rules, facts: billFactsOf(read.value) }
}

/**
 * Adjudicates it with the counters as they are at this place in the journal, less those of `without`. Throws `RulesNotTried`, and in
 * a rehearsal `BillRehearsed`.
 */
export function adjudicateSplit(
  turn: Turn,
  { completed, read, rules }: ReadSplit,
  without?: readonly Contribution[],
): EvaluatedSplit {
  if (turn.rehearsed !== undefined) {
    turn.rehearsed.push(rehearsedBill(turn, completed))
    throw new BillRehearsed()
  }
  const isTried =
    turn.tried?.has(rulesName(completed)) ?? turn.watch?.mustBeTried(completed) !== true
  if (!isTried) throw new RulesNotTried(rehearsedBill(turn, completed))
  const counters = new CounterView(turn.rows, completed, without)
  const evaluated = watched(turn.watch, (onLayer) => evaluateSplit(read, counters, rules, onLayer))
  if (!evaluated.ok) throw new RequestRefused(evaluated.problems)
  return evaluated.value
}

function rehearsedBill(turn: Turn, completed: CompletedSplit): RehearsedBill {
  const { job } = snapshotOf(turn.rows, completed, turn.today)
  return { jurisdiction: completed.jurisdiction, rules: rulesName(completed), job }
}

/** A stated day of settlement must be near the engine's. */
export function checkSettlementDay(turn: Turn, bill: Document): void {
  const stated = settlementDayOf(bill)
  if (stated === undefined) return
  const days = turn.settings.dateToleranceDays
  if (Math.abs(stated - turn.today) <= days) return
  const [date, today] = [formatEpochDay(stated), formatEpochDay(turn.today)]
  throw refused('DATE_BEYOND_TOLERANCE', 'bill.settlementDate', { date, today, days })
}

/** The person a bill names: `person.id`, or `psn_no` inside or beside it. */
export function personOf(bill: Document): string {
  const id = billPerson(bill)
  if (id !== undefined) return id
  throw refused('REQUEST_MALFORMED', 'bill.person.id', { why: 'person.id (psn_no): text' })
}

function settlementDayOf(bill: Document): number | undefined {
  const stated = bill['settlementDate'] ?? bill['setl_time']
  if (typeof stated !== 'string') return undefined
  return plainDay(stated) ?? parseEpochDay(stated.slice(0, 10))
}

function registered(
  rows: Rows,
  kind: 'person' | 'hospital',
  id: string,
  version: RegisterVersion | undefined,
): RegistryRow | undefined {
  const now = rows.get('registry', rowKey(kind, id))
  if (version === undefined) return now
  const [seq, index] = version
  // The version read then is most often still the last one; a batch of the register is long to read through.
  if (now?.version[0] === seq && now.version[1] === index) return now
  const record = rows.record(seq)
  const entry = record.kind === 'registry' ? record.entries[index]?.entry : undefined
  return { version, entry }
}
