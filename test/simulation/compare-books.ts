import { counterText } from '../../src/adjudication/counter-key.ts'
import type { Store } from '../../src/engine/ports.ts'
import { decodeRow } from '../../src/ledger/row-codec.ts'
import type { RowTable, RowTypes } from '../../src/ledger/rows.ts'
import { checkStore } from '../../src/store/check-store.ts'
import type { SealedStore } from '../../src/store/sealed-store.ts'
import { isoDay } from '../model/days.ts'
import { holderOf, keyOf, lineKey, textOf, type Books } from './books.ts'
import { netted } from './check-split.ts'

/** What the tables of a store say otherwise than the journal, in words; nothing when they agree in every row. */
export function differencesOf(books: Books, store: SealedStore): readonly string[] {
  return [
    ...journalDifferences(books, store),
    ...counterDifferences(books, store),
    ...stayDifferences(books, store),
    ...balanceDifferences(books, store),
    ...smallTableDifferences(books, store),
  ]
}

/** Seals and sums of every row. */
export function damagesOf(store: SealedStore): readonly string[] {
  return [...checkStore(store)].flatMap((step) =>
    step.kind === 'problem'
      ? [`store: ${step.problem.code} ${JSON.stringify(step.problem.details)}`]
      : [],
  )
}

/** The blocks that were flushed once are there still, to the byte, and no others. */
function journalDifferences({ blocks }: Books, store: Store): readonly string[] {
  const left = new Map(blocks)
  const faults: string[] = []
  for (const { key, value } of store.range('journal')) {
    const known = left.get(Number(key))
    left.delete(Number(key))
    if (known === undefined || !Buffer.from(value).equals(known))
      faults.push(`block ${key} changed`)
  }
  for (const first of left.keys()) faults.push(`block ${first} is lost`)
  return faults
}

function* rowsOf<T extends RowTable>(
  store: Store,
  table: T,
): Iterable<readonly [key: string, row: RowTypes[T]]> {
  for (const { key, value } of store.range(table)) {
    yield [String(key), decodeRow(table, value)]
  }
}

/** Counters are the sums of the contributions of what is live or prepared: computed anew from these alone. */
function counterDifferences(books: Books, store: Store): readonly string[] {
  const expected = new Map<string, number>()
  const states: Record<string, string[]> = {}
  for (const [seq, { split, state, contributions }] of books.splits) {
    const list = (states[`person:${split.person}`] ??= [])
    list.push(`${seq} ${state}`)
    if (state !== 'live' && state !== 'prepared') continue
    for (const [key, amount] of contributions) {
      const text = counterText(key)
      const name = `${holderOf(text, split)} ${text}`
      expected.set(name, (expected.get(name) ?? 0) + amount)
    }
  }
  const found = new Map<string, number>()
  const faults: string[] = []
  for (const [holder, row] of rowsOf(store, 'holder')) {
    for (const [key, amount] of row.counters) found.set(`${holder} ${counterText(key)}`, amount)
    const listed = row.entries.map(({ seq, state }) => `${seq} ${state}`)
    const known = states[holder] ?? []
    delete states[holder]
    if (listed.join() !== known.join()) {
      faults.push(`${holder} lists ${listed.join()}, the journal ${known.join()}`)
    }
  }
  for (const [stay, row] of rowsOf(store, 'stay')) {
    for (const [key, amount] of row.counters) found.set(`stay:${stay} ${counterText(key)}`, amount)
  }
  for (const holder of Object.keys(states)) faults.push(`${holder} has no row`)
  return [...faults, ...mapDifferences('counter', expected, found)]
}

function stayDifferences(books: Books, store: Store): readonly string[] {
  const live = new Map<string, number>()
  for (const [seq, { split, state }] of books.splits) {
    if (split.operation === 'supplement' || (state !== 'live' && state !== 'prepared')) continue
    live.set(lineKey(split.hospital, split.stay, String(seq)), seq)
  }
  const foundLive = new Map<string, number>()
  const foundWaiting = new Map<string, number>()
  for (const [stay, row] of rowsOf(store, 'stay')) {
    for (const seq of row.live) foundLive.set(keyOf(stay, String(seq)), seq)
    for (const { lines } of row.batches) {
      for (const [id, by] of lines) if (by === 0) foundWaiting.set(keyOf(stay, id), 1)
    }
  }
  const waiting = new Map([...books.waiting].map((key) => [key, 1]))
  return [
    ...mapDifferences('settlement of stay', live, foundLive),
    ...mapDifferences('waiting line', waiting, foundWaiting),
  ]
}

function balanceDifferences(books: Books, store: Store): readonly string[] {
  const faults: string[] = []
  const expected = new Map<string, number>()
  for (const [day, pairs] of books.balances) {
    for (const [pair, amount] of pairs) expected.set(`${day} ${pair}`, amount)
  }
  const days = new Map([...books.totals].map(([key, totals]) => [key, textOf(totals)]))
  const found = new Map<string, number>()
  const present = new Set<string>()
  for (const [key, row] of rowsOf(store, 'balance')) {
    const [iso = '', hospital = ''] = key.split('\u0000')
    const day = [...books.balances.keys()].find((one) => one === dayKey(iso, hospital, one))
    if (day === undefined) {
      faults.push(`balances of ${key} that nothing was posted in`)
      continue
    }
    present.add(day)
    for (const [pair, amount] of row.pairs) {
      const [from = '', to = ''] = pair.split('>')
      const posting = amount > 0 ? ([from, to, amount] as const) : ([to, from, -amount] as const)
      for (const [name, signed] of netted([posting])) found.set(`${day} ${name}`, signed)
    }
    const totals = days.get(day) ?? '0 0 0 0 0'
    if (textOf(row) !== totals) faults.push(`totals of ${key}: ${textOf(row)}, journal ${totals}`)
  }
  for (const day of days.keys()) if (!present.has(day)) faults.push(`totals of ${day} are missing`)
  return [...faults, ...mapDifferences('balance', expected, found)]
}

/** `one` when it is the day `iso` and the hospital. */
function dayKey(iso: string, hospital: string, one: string): string | undefined {
  const [day = '', ...rest] = one.split(' ')
  return isoDay(Number(day)) === iso && rest.join(' ') === hospital ? one : undefined
}

function smallTableDifferences(books: Books, store: Store): readonly string[] {
  const requests = new Map([...rowsOf(store, 'request')].map(([key, row]) => [key, shown(row)]))
  const known = new Map([...books.requests].map(([key, row]) => [key, shown(row)]))
  const prepared = new Map<string, number>()
  for (const [seq, { state }] of books.splits)
    if (state === 'prepared') prepared.set(String(seq), 1)
  const foundPrepared = new Map([...store.range('prepared')].map(({ key }) => [String(key), 1]))
  return [
    ...mapDifferences('request', known, requests),
    ...mapDifferences('unique', books.unique, new Map(rowsOf(store, 'unique'))),
    ...mapDifferences('prepared', prepared, foundPrepared),
  ]
}

function shown({ seq, fingerprint }: RowTypes['request']): string {
  return `${seq} ${fingerprint}`
}

function mapDifferences<V>(
  what: string,
  expected: ReadonlyMap<string, V>,
  found: ReadonlyMap<string, V>,
): readonly string[] {
  const faults: string[] = []
  for (const [key, value] of expected) {
    const isZero = value === 0 && !found.has(key)
    if (value !== found.get(key) && !isZero) {
      faults.push(`${what} ${key}: journal ${String(value)}, table ${String(found.get(key))}`)
    }
  }
  for (const [key, value] of found) {
    if (!expected.has(key)) faults.push(`${what} ${key}: only in the table, ${String(value)}`)
  }
  return faults.map((fault) => fault.replaceAll('\u0000', ' '))
}
