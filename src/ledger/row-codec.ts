import type {
  BalanceRow,
  CounterChangeMark,
  HolderEntry,
  HolderRow,
  RowTable,
  RowTypes,
  StagedBatch,
  StayRow,
} from './rows.ts'

/** Rows as plain lists, so that their bytes are short; the inverse of `unpackRow`. */
export function packRow<T extends RowTable>(table: T, row: RowTypes[T]): unknown {
  switch (table) {
    case 'holder':
      return packHolder(row as HolderRow)
    case 'stay':
      return packStay(row as StayRow)
    case 'balance':
      return packBalance(row as BalanceRow)
    case 'request':
    case 'unique':
    case 'prepared':
    case 'registry':
    case 'rules':
      return row
  }
}

export function unpackRow<T extends RowTable>(table: T, packed: unknown): RowTypes[T] {
  switch (table) {
    case 'holder':
      return unpackHolder(packed as PackedHolder) as RowTypes[T]
    case 'stay':
      return unpackStay(packed as PackedStay) as RowTypes[T]
    case 'balance':
      return unpackBalance(packed as PackedBalance) as RowTypes[T]
    case 'request':
    case 'unique':
    case 'prepared':
    case 'registry':
    case 'rules':
      return packed as RowTypes[T]
  }
}

const STATES = ['live', 'prepared', 'cancelled', 'reversed'] as const

type PackedEntry = readonly [number, number, number, number, ...number[]]
type PackedMark = readonly [string, number, number]
type PackedHolder = readonly [
  number,
  readonly (string | number)[],
  readonly (number | PackedEntry)[],
  readonly PackedMark[],
]

function packHolder({ version, counters, entries, changes }: HolderRow): PackedHolder {
  return [version, [...counters].flat(), entries.map(packEntry), changes.map(packMark)]
}

function packMark({ key, by, at }: CounterChangeMark): PackedMark {
  return [key, by, at]
}

function unpackMark([key, by, at]: PackedMark): CounterChangeMark {
  return { key, by, at }
}

/** A live settlement that nothing happened to is its number. */
function packEntry(entry: HolderEntry): number | PackedEntry {
  const { seq, state, endedBy = 0, confirmedBy = 0, recalculations } = entry
  if (state === 'live' && confirmedBy === 0 && recalculations.length === 0) return seq
  return [seq, STATES.indexOf(state), endedBy, confirmedBy, ...recalculations]
}

function unpackEntry(packed: number | PackedEntry): HolderEntry {
  if (typeof packed === 'number') return { seq: packed, state: 'live', recalculations: [] }
  const [seq, state, endedBy, confirmedBy, ...recalculations] = packed
  return {
    seq,
    state: STATES[state] ?? 'live',
    ...(endedBy !== 0 && { endedBy }),
    ...(confirmedBy !== 0 && { confirmedBy }),
    recalculations,
  }
}

function unpackHolder([version, flat, entries, changes]: PackedHolder): HolderRow {
  return {
    version,
    counters: pairsOf(flat),
    entries: entries.map(unpackEntry),
    changes: changes.map(unpackMark),
  }
}

type PackedStay = readonly [
  string | null,
  readonly number[],
  readonly PackedBatch[],
  number,
  readonly (string | number)[],
  readonly PackedMark[],
]
type PackedBatch = readonly [number, readonly string[], readonly number[]]

function packStay(row: StayRow): PackedStay {
  const { person, live, batches, version, counters, changes } = row
  return [
    person ?? null,
    live,
    batches.map(({ seq, lines }): PackedBatch => [
      seq,
      lines.map(([id]) => id),
      lines.map(([, by]) => by),
    ]),
    version,
    [...counters].flat(),
    changes.map(packMark),
  ]
}

function unpackStay([person, live, batches, version, flat, changes]: PackedStay): StayRow {
  return {
    person: person ?? undefined,
    live,
    batches: batches.map(([seq, ids, by]): StagedBatch => ({
      seq,
      lines: ids.map((id, index) => [id, by[index] ?? 0] as const),
    })),
    version,
    counters: pairsOf(flat),
    changes: changes.map(unpackMark),
  }
}

type PackedBalance = readonly [
  pairs: readonly (string | number)[],
  rows: number,
  cost: number,
  packages: number,
  fund: number,
  account: number,
  cash: number,
]

function packBalance(row: BalanceRow): PackedBalance {
  const { pairs, rows, cost, packages, fund, account, cash } = row
  return [[...pairs].flat(), rows, cost, packages, fund, account, cash]
}

function unpackBalance(packed: PackedBalance): BalanceRow {
  const [flat, rows, cost, packages, fund, account, cash] = packed
  return { pairs: pairsOf(flat), rows, cost, packages, fund, account, cash }
}

function pairsOf(flat: readonly (string | number)[]): ReadonlyMap<string, number> {
  const pairs = new Map<string, number>()
  for (let index = 0; index < flat.length; index += 2) {
    pairs.set(String(flat[index]), Number(flat[index + 1]))
  }
  return pairs
}
