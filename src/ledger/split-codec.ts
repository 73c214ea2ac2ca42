import { isSameCounter, type CounterKey } from '../adjudication/counter-key.ts'
import { assert } from '../assert.ts'
import type { AnswerLine } from './answer.ts'
import type { ByteReader } from './bytes/byte-reader.ts'
import type { ByteWriter } from './bytes/byte-writer.ts'
import { readCounterKey, writeCounterKey } from './counter-codec.ts'
import type { Contribution, Posting } from './record.ts'

/*
 * The parts of a settlement that take the most room, by place and without names. Each begins with its form: a value that does not
 * fit one is written as it is, so that nothing can be lost.
 */

const PLAIN = 0
const PACKED = 1
/** Of contributions: by their place among the counters read. */
const BY_PLACE = 2
/** Of lines: with signs. */
const SIGNED = 2

/** Counters with amounts. */
export function writeContributions(writer: ByteWriter, list: unknown): void {
  if (!isContributions(list)) {
    writePlain(writer, list)
    return
  }
  writer.byte(PACKED)
  writer.uint(list.length)
  for (const [key, amount] of list) {
    writeCounterKey(writer, key)
    writer.int(amount)
  }
}

/** Contributions of a record with counters that it read: whatever is contributed to was read, most of the time. */
export function writeContributionsTo(writer: ByteWriter, list: unknown, before: unknown): void {
  if (isContributions(list) && isContributions(before)) {
    const places = placesIn(list, before)
    if (places !== undefined) {
      writeByPlace(writer, list, places)
      return
    }
  }
  writeContributions(writer, list)
}

function writeByPlace(
  writer: ByteWriter,
  list: readonly Contribution[],
  places: readonly number[],
): void {
  writer.byte(BY_PLACE)
  writer.uint(list.length)
  for (let index = 0; index < list.length; index += 1) {
    writer.uint(places[index] ?? 0)
    writer.int(list[index]?.[1] ?? 0)
  }
}

/** Undefined when one is not among them: a recalculation may give back what its settlement no longer reads. */
function placesIn(
  list: readonly Contribution[],
  before: readonly Contribution[],
): readonly number[] | undefined {
  const found: number[] = []
  // Counters are added to in nearly the order in which they were read.
  let next = 0
  for (const [key] of list) {
    const place = placeFrom(next, key, before)
    if (place < 0) return undefined
    found.push(place)
    next = place + 1
  }
  return found
}

/** −1: not there. */
function placeFrom(start: number, key: CounterKey, list: readonly Contribution[]): number {
  let place = start
  for (let count = 0; count < list.length; count += 1) {
    if (place >= list.length) place = 0
    const known = list[place]?.[0]
    if (known === key || (known !== undefined && isSameCounter(known, key))) return place
    place += 1
  }
  return -1
}

export function readContributions(reader: ByteReader, before: unknown): unknown {
  const form = reader.byte()
  if (form === PLAIN) return reader.value()
  assert(form === PACKED || form === BY_PLACE, 'contributions have a known form')
  const list: Contribution[] = []
  for (let left = reader.count(); left > 0; left -= 1) {
    const key = form === PACKED ? readCounterKey(reader) : keyAt(before, reader.uint())
    list.push([key, reader.int()])
  }
  return list
}

function keyAt(before: unknown, place: number): CounterKey {
  const read = Array.isArray(before) ? (before as readonly Contribution[])[place] : undefined
  assert(read !== undefined, 'a contribution names a counter that was read')
  return read[0]
}

export function writePostings(writer: ByteWriter, list: unknown): void {
  if (!isPostings(list)) {
    writePlain(writer, list)
    return
  }
  writer.byte(PACKED)
  writer.uint(list.length)
  for (const [from, to, amount] of list) {
    writer.text(from)
    writer.text(to)
    writer.uint(amount)
  }
}

export function readPostings(reader: ByteReader): unknown {
  if (isPlain(reader)) return reader.value()
  const list: Posting[] = []
  for (let left = reader.count(); left > 0; left -= 1) {
    list.push([reader.text(), reader.text(), reader.uint()])
  }
  return list
}

/** Ids of lines: those of the answer's lines, unless the split is a supplement. */
export function writeLineIds(writer: ByteWriter, ids: unknown, answerLines: unknown): void {
  if (!areIdsOf(ids, answerLines)) writePlain(writer, ids)
  else writer.byte(PACKED)
}

export function readLineIds(reader: ByteReader, answerLines: unknown): unknown {
  if (isPlain(reader)) return reader.value()
  assert(Array.isArray(answerLines), 'the lines of the answer come before their ids')
  return (answerLines as readonly AnswerLine[]).map(([id]) => id)
}

/** Lines of an answer: id, then what amount and patient’s part differ from the sums of their parts, mostly nothing, then the parts. */
export function writeLines(writer: ByteWriter, lines: unknown): void {
  const form = formOfLines(lines)
  if (form === PLAIN) {
    writePlain(writer, lines)
    return
  }
  const list = lines as readonly AnswerLine[]
  writer.byte(form)
  writer.uint(list.length)
  for (const [id, amount, patient, paid, residual] of list) {
    writer.text(id)
    writer.int(amount - patient - sumOf(paid))
    writer.int(patient - sumOf(residual))
    writeShares(writer, paid, form)
    writeShares(writer, residual, form)
  }
}

export function readLines(reader: ByteReader): unknown {
  const form = reader.byte()
  if (form === PLAIN) return reader.value()
  assert(form === PACKED || form === SIGNED, 'lines have a known form')
  const lines: AnswerLine[] = []
  for (let left = reader.count(); left > 0; left -= 1) {
    const id = reader.text()
    const overPaid = reader.int()
    const overResidual = reader.int()
    const paid = readShares(reader, form)
    const residual = readShares(reader, form)
    const patient = overResidual + sumOf(residual)
    lines.push([id, overPaid + patient + sumOf(paid), patient, paid, residual])
  }
  return lines
}

/** How many, which of them are not zero as bits, and those. */
function writeShares(writer: ByteWriter, shares: readonly number[], form: number): void {
  const { length } = shares
  let present = 0
  for (let index = 0; index < length; index += 1) if (shares[index] !== 0) present |= 1 << index
  writer.uint(length)
  if (length > 0) writer.uint(present)
  for (let index = 0; index < length; index += 1) {
    const share = shares[index] ?? 0
    if (share === 0) continue
    if (form === SIGNED) writer.int(share)
    else writer.uint(share)
  }
}

function readShares(reader: ByteReader, form: number): readonly number[] {
  const length = reader.uint()
  assert(length <= SHARES_MAX, 'a line has so many payers or categories')
  const present = length > 0 ? reader.uint() : 0
  const shares: number[] = []
  for (let index = 0; index < length; index += 1) {
    if ((present & (1 << index)) === 0) shares.push(0)
    else shares.push(form === SIGNED ? reader.int() : reader.uint())
  }
  return shares
}

/** Bits that fit one operation. */
const SHARES_MAX = 28
/** Sums of so many shares stay in the exact range. */
const SHARE_LIMIT = 2 ** 46

function formOfLines(lines: unknown): number {
  if (!Array.isArray(lines)) return PLAIN
  let isSigned = false
  for (const line of lines as readonly unknown[]) {
    if (!Array.isArray(line) || line.length !== 5) return PLAIN
    const [id, amount, patient, paid, residual] = line as readonly unknown[]
    if (typeof id !== 'string' || !isShare(amount) || !isShare(patient)) return PLAIN
    const lowest = Math.min(lowestOf(paid), lowestOf(residual))
    if (Number.isNaN(lowest)) return PLAIN
    isSigned ||= lowest < 0
  }
  return isSigned ? SIGNED : PACKED
}

/** The lowest share, at most 0; NaN when it is no list of shares. */
function lowestOf(shares: unknown): number {
  if (!Array.isArray(shares) || shares.length > SHARES_MAX) return Number.NaN
  let lowest = 0
  for (let index = 0; index < shares.length; index += 1) {
    const share: unknown = shares[index]
    if (!isShare(share)) return Number.NaN
    if (share < lowest) lowest = share
  }
  return lowest
}

function isShare(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) < SHARE_LIMIT
}

function sumOf(shares: readonly number[]): number {
  let sum = 0
  for (let index = 0; index < shares.length; index += 1) sum += shares[index] ?? 0
  return sum
}

function isContributions(list: unknown): list is readonly Contribution[] {
  if (!Array.isArray(list)) return false
  for (const one of list as readonly unknown[]) {
    if (!Array.isArray(one) || one.length !== 2) return false
    if (!isCounterKey(one[0]) || !Number.isSafeInteger(one[1])) return false
  }
  return true
}

function isCounterKey(value: unknown): value is CounterKey {
  if (typeof value !== 'object' || value === null) return false
  const { owner, id, rest } = value as Readonly<Record<string, unknown>>
  return (
    typeof owner === 'string' && owner !== '' && typeof id === 'string' && typeof rest === 'string'
  )
}

function isPostings(list: unknown): list is readonly Posting[] {
  if (!Array.isArray(list)) return false
  for (const one of list as readonly unknown[]) {
    if (!Array.isArray(one) || one.length !== 3) return false
    if (typeof one[0] !== 'string' || typeof one[1] !== 'string') return false
    if (!Number.isSafeInteger(one[2]) || Number(one[2]) < 0) return false
  }
  return true
}

function areIdsOf(ids: unknown, lines: unknown): boolean {
  if (!Array.isArray(ids) || !Array.isArray(lines) || ids.length !== lines.length) return false
  for (let index = 0; index < ids.length; index += 1) {
    const line: unknown = lines[index]
    if (!Array.isArray(line) || typeof line[0] !== 'string' || line[0] !== ids[index]) return false
  }
  return true
}

function writePlain(writer: ByteWriter, value: unknown): void {
  writer.byte(PLAIN)
  writer.value(value)
}

function isPlain(reader: ByteReader): boolean {
  const form = reader.byte()
  assert(form === PLAIN || form === PACKED, 'a part of a settlement has a known form')
  return form === PLAIN
}
