import type { CounterKey } from '../adjudication/counter-key.ts'
import { CounterSums } from '../adjudication/counter-sums.ts'
import { assert } from '../assert.ts'
import { ByteReader } from './bytes/byte-reader.ts'
import { ByteWriter } from './bytes/byte-writer.ts'
import { readCounterKey, writeCounterKey } from './counter-codec.ts'
import type {
  BalanceRow,
  CounterChangeMark,
  HolderEntry,
  HolderRow,
  PreparedRow,
  RegistryRow,
  RequestRow,
  RowTable,
  RowTypes,
  StagedBatch,
  StayRow,
} from './rows.ts'
import type { RulesState } from './record.ts'

/** Writes a row behind what `writer` has; nothing outside the row has to be known to read it. */
export function writeRow<T extends RowTable>(writer: ByteWriter, table: T, row: RowTypes[T]): void {
  writer.forget()
  switch (table) {
    case 'request':
      return writeRequest(writer, row as RequestRow)
    case 'holder':
      return writeHolder(writer, row as HolderRow)
    case 'stay':
      return writeStay(writer, row as StayRow)
    case 'balance':
      return writeBalance(writer, row as BalanceRow)
    case 'unique':
    case 'prepared':
    case 'registry':
    case 'rules':
    case 'audit':
      return writer.value(row)
  }
}

/** Working space of `encodeRow`: a writer has tables of 128 KB, which take longer to make than a row to write. */
const ROW_WRITER = new ByteWriter()

/** A row by itself. */
export function encodeRow<T extends RowTable>(table: T, row: RowTypes[T]): Uint8Array {
  ROW_WRITER.restart()
  writeRow(ROW_WRITER, table, row)
  return ROW_WRITER.copy()
}

/** The inverse; throws when the bytes are not those of a row of the table. */
export function decodeRow<T extends RowTable>(table: T, bytes: Uint8Array): RowTypes[T] {
  const reader = new ByteReader(bytes)
  const row = readRow(table, reader)
  assert(reader.left === 0, 'a row has nothing behind it')
  return row as RowTypes[T]
}

function readRow(table: RowTable, reader: ByteReader): RowTypes[RowTable] {
  switch (table) {
    case 'request':
      return { seq: reader.uint(), fingerprint: reader.text() }
    case 'holder':
      return readHolder(reader)
    case 'stay':
      return readStay(reader)
    case 'balance':
      return readBalance(reader)
    case 'unique':
      return reader.value() as number
    case 'prepared':
      return reader.value() as PreparedRow
    case 'registry':
      return reader.value() as RegistryRow
    case 'rules':
      return reader.value() as RulesState
    case 'audit':
      return reader.value() as number
  }
}

function writeRequest(writer: ByteWriter, { seq, fingerprint }: RequestRow): void {
  writer.uint(seq)
  writer.text(fingerprint)
}

function writeHolder(writer: ByteWriter, row: HolderRow): void {
  const { version, counters, entries, changes } = row
  writer.uint(version)
  writeCounters(writer, counters)
  writer.uint(entries.length)
  for (const entry of entries) writeEntry(writer, entry)
  writeMarks(writer, changes)
}

function readHolder(reader: ByteReader): HolderRow {
  const version = reader.uint()
  const counters = readCounters(reader)
  const entries: HolderEntry[] = []
  for (let left = reader.count(); left > 0; left -= 1) entries.push(readEntry(reader))
  return { version, counters, entries, changes: readMarks(reader) }
}

const STATES = ['live', 'prepared', 'cancelled', 'reversed'] as const

/** Twice its number; one more when something happened to it, which then follows. */
function writeEntry(writer: ByteWriter, entry: HolderEntry): void {
  const { seq, state, endedBy = 0, confirmedBy = 0, recalculations } = entry
  const isPlain =
    state === 'live' && endedBy === 0 && confirmedBy === 0 && recalculations.length === 0
  writer.uint(2 * seq + (isPlain ? 0 : 1))
  if (isPlain) return
  writer.uint(STATES.indexOf(state))
  writer.uint(endedBy)
  writer.uint(confirmedBy)
  writeNumbers(writer, recalculations)
}

function readEntry(reader: ByteReader): HolderEntry {
  const first = reader.uint()
  const seq = Math.floor(first / 2)
  if (first % 2 === 0) return { seq, state: 'live', recalculations: [] }
  const state = STATES[reader.uint()]
  assert(state !== undefined, 'a settlement has a known state')
  const endedBy = reader.uint()
  const confirmedBy = reader.uint()
  return {
    seq,
    state,
    ...(endedBy !== 0 && { endedBy }),
    ...(confirmedBy !== 0 && { confirmedBy }),
    recalculations: readNumbers(reader),
  }
}

function writeMarks(writer: ByteWriter, marks: readonly CounterChangeMark[]): void {
  writer.uint(marks.length)
  for (const { key, by, at } of marks) {
    writeCounterKey(writer, key)
    writer.uint(by)
    writer.uint(at)
  }
}

function readMarks(reader: ByteReader): readonly CounterChangeMark[] {
  const marks: CounterChangeMark[] = []
  for (let left = reader.count(); left > 0; left -= 1) {
    marks.push({ key: readCounterKey(reader), by: reader.uint(), at: reader.uint() })
  }
  return marks
}

/** Without the person: 0; with one: 1 and the id. */
function writeStay(writer: ByteWriter, row: StayRow): void {
  const { person, live, batches, version, counters, changes } = row
  writer.byte(person === undefined ? 0 : 1)
  if (person !== undefined) writer.text(person)
  writeNumbers(writer, live)
  writer.uint(batches.length)
  for (const { seq, lines } of batches) {
    writer.uint(seq)
    writer.uint(lines.length)
    for (const [id, by] of lines) {
      writer.text(id)
      writer.int(by)
    }
  }
  writer.uint(version)
  writeCounters(writer, counters)
  writeMarks(writer, changes)
}

function readStay(reader: ByteReader): StayRow {
  const hasPerson = reader.byte()
  assert(hasPerson <= 1, 'a stay has a person or none')
  const person = hasPerson === 1 ? reader.text() : undefined
  const live = readNumbers(reader)
  const batches: StagedBatch[] = []
  for (let left = reader.count(); left > 0; left -= 1) batches.push(readBatch(reader))
  const version = reader.uint()
  return {
    person,
    live,
    batches,
    version,
    counters: readCounters(reader),
    changes: readMarks(reader),
  }
}

function readBatch(reader: ByteReader): StagedBatch {
  const seq = reader.uint()
  const lines: (readonly [id: string, by: number])[] = []
  for (let left = reader.count(); left > 0; left -= 1) lines.push([reader.text(), reader.int()])
  return { seq, lines }
}

/** A pair as its two accounts: each is in several pairs. */
function writeBalance(writer: ByteWriter, row: BalanceRow): void {
  writer.uint(row.pairs.size)
  for (const [pair, amount] of row.pairs) {
    const end = pair.indexOf('>')
    assert(end >= 0, 'a pair has two accounts')
    writer.text(pair.slice(0, end))
    writer.text(pair.slice(end + 1))
    writer.int(amount)
  }
  for (const sum of SUMS) writer.int(row[sum])
}

const SUMS = ['rows', 'cost', 'packages', 'fund', 'account', 'cash'] as const

function readBalance(reader: ByteReader): BalanceRow {
  const pairs = new Map<string, number>()
  for (let left = reader.count(); left > 0; left -= 1) {
    const from = reader.text()
    pairs.set(`${from}>${reader.text()}`, reader.int())
  }
  return {
    pairs,
    rows: reader.int(),
    cost: reader.int(),
    packages: reader.int(),
    fund: reader.int(),
    account: reader.int(),
    cash: reader.int(),
  }
}

function writeCounters(writer: ByteWriter, counters: CounterSums): void {
  writer.uint(counters.size)
  for (let place = 0; place < counters.size; place += 1) {
    writeCounterKey(writer, counters.keyAt(place))
    writer.int(counters.amountAt(place))
  }
}

function readCounters(reader: ByteReader): CounterSums {
  const keys: CounterKey[] = []
  const amounts: number[] = []
  for (let left = reader.count(); left > 0; left -= 1) {
    keys.push(readCounterKey(reader))
    amounts.push(reader.int())
  }
  return new CounterSums(keys, amounts)
}

function writeNumbers(writer: ByteWriter, numbers: readonly number[]): void {
  writer.uint(numbers.length)
  for (const number of numbers) writer.uint(number)
}

function readNumbers(reader: ByteReader): readonly number[] {
  const numbers: number[] = []
  for (let left = reader.count(); left > 0; left -= 1) numbers.push(reader.uint())
  return numbers
}
