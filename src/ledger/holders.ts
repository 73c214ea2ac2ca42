import { assert } from '../assert.ts'
import { isSameCounter } from '../adjudication/counter-key.ts'
import { NO_COUNTERS } from '../adjudication/counter-sums.ts'
import { holdersIn, isShared, personHolder, stayKeyOf, type HolderContext } from './holder.ts'
import type { Contribution, RecalculationRecord } from './record.ts'
import type {
  CounterChangeMark,
  CounterRow,
  HolderEntry,
  HolderRow,
  Rows,
  StayRow,
} from './rows.ts'

export const EMPTY_HOLDER: HolderRow = {
  version: 0,
  counters: NO_COUNTERS,
  entries: [],
  changes: [],
}

export const EMPTY_STAY: StayRow = {
  person: undefined,
  live: [],
  batches: [],
  version: 0,
  counters: NO_COUNTERS,
  changes: [],
}

/** The counters of a holder, wherever its row is. */
export function counterRow(rows: Rows, holder: string): CounterRow | undefined {
  const stay = stayKeyOf(holder)
  return stay === undefined ? rows.get('holder', holder) : rows.get('stay', stay)
}

function putCounters(rows: Rows, holder: string, { version, counters, changes }: CounterRow): void {
  const stay = stayKeyOf(holder)
  if (stay === undefined) {
    const { entries } = rows.get('holder', holder) ?? EMPTY_HOLDER
    rows.put('holder', holder, { version, counters, entries, changes })
  } else {
    const { person, live, batches } = rows.get('stay', stay) ?? EMPTY_STAY
    rows.put('stay', stay, { person, live, batches, version, counters, changes })
  }
}

/** Adds to the counters of every holder concerned; `seq`: of the record that does. */
export function addContributions(
  rows: Rows,
  context: HolderContext,
  contributions: readonly Contribution[],
  seq: number,
): void {
  for (const [holder, own] of byHolder(context, contributions)) {
    const { counters, changes } = counterRow(rows, holder) ?? EMPTY_HOLDER
    putCounters(rows, holder, { version: seq, counters: counters.plus(own), changes })
  }
}

/** Contributions by holder, in the order they come. */
export function byHolder(
  context: HolderContext,
  contributions: readonly Contribution[],
): ReadonlyMap<string, readonly Contribution[]> {
  const holders = new Map<string, Contribution[]>()
  const nameOf = holdersIn(context)
  for (const contribution of contributions) {
    const holder = nameOf(contribution[0])
    const known = holders.get(holder)
    if (known === undefined) holders.set(holder, [contribution])
    else known.push(contribution)
  }
  return holders
}

/** Changes the entry of a settlement in its person's list, or adds it; `record`: seq of the one that does. */
export function setEntry(
  rows: Rows,
  person: string,
  seq: number,
  change: Partial<Omit<HolderEntry, 'seq'>>,
  record: number,
): void {
  const holder = personHolder(person)
  const row = rows.get('holder', holder) ?? EMPTY_HOLDER
  const at = row.entries.findLastIndex((entry) => entry.seq === seq)
  const known = row.entries[at]
  const entries =
    known === undefined
      ? [...row.entries, { seq, state: 'live' as const, recalculations: [], ...change }]
      : row.entries.with(at, { ...known, ...change })
  rows.put('holder', holder, { ...row, version: record, entries })
}

/** Notes which counters changed under settlements that came after `mark.by`. Sums of many people are taken as they come. */
export function markChanges(
  rows: Rows,
  context: HolderContext,
  contributions: readonly Contribution[],
  mark: Omit<CounterChangeMark, 'key'>,
): void {
  for (const [holder, amounts] of byHolder(context, contributions)) {
    if (isShared(holder)) continue
    if (!hasLater(rows, holder, context.person, mark.by)) continue
    const row = counterRow(rows, holder) ?? EMPTY_HOLDER
    const marks = amounts.filter(([, amount]) => amount !== 0).map(([key]) => ({ key, ...mark }))
    const changes = [...row.changes, ...marks]
    putCounters(rows, holder, { version: mark.at, counters: row.counters, changes })
  }
}

/**
 * Whether a settlement after `seq` may have read the holder's counters; of families and shared policies nobody keeps a list. A
 * prepared one counts: confirmed, it stands on what it read when it was prepared.
 */
function hasLater(rows: Rows, holder: string, person: string, seq: number): boolean {
  if (!holder.startsWith('person:') && stayKeyOf(holder) === undefined) return true
  const entries = rows.get('holder', personHolder(person))?.entries ?? []
  return entries.some(
    (entry) => entry.seq > seq && (entry.state === 'live' || entry.state === 'prepared'),
  )
}

/** The last recalculation of a settlement. */
export function lastRecalculation(
  rows: Rows,
  entry: HolderEntry | undefined,
): RecalculationRecord | undefined {
  const last = entry?.recalculations.at(-1)
  if (last === undefined) return undefined
  const record = rows.record(last)
  assert(record.kind === 'recalculation', 'a settlement lists its recalculations')
  return record
}

/** What decides who holds the counters of a settlement by now: it may have been recalculated with policies that it had not met. */
export function holdingNow(
  rows: Rows,
  split: HolderContext,
  entry: HolderEntry | undefined,
): HolderContext {
  return heldAs(split, lastRecalculation(rows, entry))
}

/** The same with the recalculation itself. */
export function heldAs(
  { person, hospital, stay, sharedPolicies }: HolderContext,
  recalculation: Pick<RecalculationRecord, 'sharedPolicies'> | undefined,
): HolderContext {
  return {
    person,
    hospital,
    stay,
    sharedPolicies: recalculation?.sharedPolicies ?? sharedPolicies,
  }
}

/** The counters that a settlement read when it was last computed, with their values then. */
export function readsOf(
  rows: Rows,
  split: { readonly before: readonly Contribution[] },
  entry: HolderEntry | undefined,
): readonly Contribution[] {
  return lastRecalculation(rows, entry)?.before ?? split.before
}

/** Whether a counter that the settlement read was changed by an earlier one after it, and no recalculation has seen it. */
export function isChangedSince(
  rows: Rows,
  split: HolderContext & { readonly seq: number; readonly before: readonly Contribution[] },
): boolean {
  const person = rows.get('holder', personHolder(split.person))
  const entry = person?.entries.find(({ seq }) => seq === split.seq)
  const seen = Math.max(split.seq, ...(entry?.recalculations ?? []))
  const holding = holdingNow(rows, split, entry)
  for (const [holder, read] of byHolder(holding, readsOf(rows, split, entry))) {
    const changes = counterRow(rows, holder)?.changes ?? []
    for (const { key, by, at } of changes) {
      if (by < split.seq && at > seen && read.some(([one]) => isSameCounter(one, key))) return true
    }
  }
  return false
}
