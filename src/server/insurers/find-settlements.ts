import { parseEpochDay } from '../../catalog/epoch-day.ts'
import type { Store } from '../../engine/ports.ts'
import { journalRecords } from '../../engine/replay/journal-records.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import { failure, problem, success, type Result } from '../../errors/problem.ts'
import { personHolder } from '../../ledger/holder.ts'
import type { SplitRecord } from '../../ledger/record.ts'
import { stayRowKey, type Rows } from '../../ledger/rows.ts'
import { seqOf } from '../../ledger/settlement-id.ts'
import { yielding } from '../yielding.ts'
import { isOwn } from './own-settlement.ts'

/** Which settlements are asked for; what is given holds of all of them. */
export interface SettlementQuery {
  readonly payers: readonly string[]
  readonly person?: string
  readonly hospital?: string
  readonly stay?: string
  /** First and last accounting day, days since 1970-01-01. */
  readonly from?: number
  readonly to?: number
  /** Only records behind this one. */
  readonly after: number
}

/** Days of one query. */
export const QUERY_DAYS_MAX = 400

/** Reads the texts of a query. Refuses `RANGE_WRONG`; a payer that is not granted is one of them. */
export function settlementQuery(
  query: Readonly<Record<string, string>>,
  granted: readonly string[],
): Result<SettlementQuery> {
  const wrong = (why: string) => failure(problem('RANGE_WRONG', '', { why }))
  const { payer, person, hospital, stay } = query
  if (payer !== undefined && !granted.includes(payer)) return wrong('payer')
  if (stay !== undefined && hospital === undefined) return wrong('stay: hospital?')
  const [from, to] = [dayOf(query['from']), dayOf(query['to'])]
  if (from === null || to === null) return wrong('from, to: YYYY-MM-DD')
  const isNarrow = person !== undefined || stay !== undefined
  if (!isNarrow && from === undefined) return wrong('person, hospital + stay, from + to?')
  const last = to ?? from
  if (from !== undefined && last !== undefined && (last < from || last - from > QUERY_DAYS_MAX)) {
    return wrong(`from ≤ to, ≤ ${QUERY_DAYS_MAX} d`)
  }
  if (from === undefined && to !== undefined) return wrong('from?')
  const after = query['after'] === undefined ? 0 : seqOf(query['after'])
  if (after === undefined) return wrong('after')
  return success({
    payers: payer === undefined ? granted : [payer],
    after,
    ...(person !== undefined && { person }),
    ...(hospital !== undefined && { hospital }),
    ...(stay !== undefined && { stay }),
    ...(from !== undefined && { from, to: last ?? from }),
  })
}

/** Undefined when it is not stated, null when it is no day. */
function dayOf(text: string | undefined): number | undefined | null {
  return text === undefined ? undefined : (parseEpochDay(text) ?? null)
}

/** One step of a search: a settlement, or that the records up to `seq` have been looked at. */
export type Found =
  | { readonly kind: 'settlement'; readonly split: SplitRecord }
  | { readonly kind: 'looked'; readonly seq: number }

/**
 * The settlements of a query in the order of the journal, up to the record `last`. Those of a person or a stay are listed with the
 * person. Of days it is a walk over the records of these days, found by halving: accounting days never go back. It lets others have their turns.
 */
export async function* findSettlements(
  store: Store,
  query: SettlementQuery,
  last: number,
): AsyncGenerator<Found> {
  const rows = new StoreRows(store)
  const isWanted = (split: SplitRecord) => matches(split, query)
  if (query.person !== undefined || query.stay !== undefined) {
    for (const split of ofPerson(rows, query)) {
      if (split.seq <= last && isWanted(split)) yield { kind: 'settlement', split }
    }
    return
  }
  const pause = yielding()
  const first = Math.max(firstOf(rows, query.from ?? 0, last), query.after + 1)
  for (const record of journalRecords(store, first, BLOCKS_READ)) {
    if (record.seq > last || record.day > (query.to ?? 0)) return
    const isSplit = record.kind === 'settlement' || record.kind === 'prepared'
    if (isSplit && isWanted(record)) yield { kind: 'settlement', split: record }
    else yield { kind: 'looked', seq: record.seq }
    await pause()
  }
}

/** Blocks of the journal read at a time. */
const BLOCKS_READ = 4

function matches(split: SplitRecord, query: SettlementQuery): boolean {
  const { person, hospital, stay, from, to, payers, after } = query
  if (split.seq <= after || !isOwn(split.answer, payers)) return false
  if (person !== undefined && split.person !== person) return false
  if (hospital !== undefined && split.hospital !== hospital) return false
  if (stay !== undefined && split.stay !== stay) return false
  return from === undefined || (split.day >= from && split.day <= (to ?? from))
}

function* ofPerson(rows: Rows, query: SettlementQuery): Generator<SplitRecord> {
  const { hospital = '', stay } = query
  const person =
    query.person ??
    (stay === undefined ? undefined : rows.get('stay', stayRowKey(hospital, stay))?.person)
  if (person === undefined) return
  for (const { seq } of rows.get('holder', personHolder(person))?.entries ?? []) {
    const record = rows.record(seq)
    if (record.kind === 'settlement' || record.kind === 'prepared') yield record
  }
}

/** The first record of the day `day` or later; last + 1 when there is none. */
function firstOf(rows: Rows, day: number, last: number): number {
  let [low, high] = [1, last + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (rows.record(middle).day < day) low = middle + 1
    else high = middle
  }
  return low
}
