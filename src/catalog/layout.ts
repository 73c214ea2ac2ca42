import { assert } from '../assert.ts'
import { lengthOf, unitAt } from '../text-units.ts'

/**
 * The compiled catalogue: one block of bytes, little-endian, read in place by every thread.
 *
 *     header   16 words     magic, format version, checksum of the rest, sizes
 *     terms    f64 each     runs of numbers: rates, ceilings, bed standards, quantity limits; equal runs once
 *     rows     12 words     sorted by jurisdiction, code and first day
 *     slots    1 word       open addressing over (jurisdiction, code): 1 + the key's first row, 0 = free
 *     starts   1 word       where each string begins, one more for the end
 *     strings  UTF-8        every distinct string once
 */
export const MAGIC_WORDS = [0x43464e51, 0x00474c41] as const
export const FORMAT_VERSION = 1

export const HEADER_WORDS = 16
export const HEADER = {
  magic: 0,
  version: 2,
  checksum: 3,
  byteLength: 4,
  rowCount: 5,
  slotCount: 6,
  stringCount: 7,
  stringBytes: 8,
  termCount: 9,
} as const
/** The checksum covers everything after itself. */
export const CHECKED_FROM_WORD = HEADER.byteLength

export const ROW_WORDS = 12
export const ROW = {
  keyHash: 0,
  jurisdiction: 1,
  code: 2,
  name: 3,
  unit: 4,
  listType: 5,
  restrictionText: 6,
  /** Days are stored in two's complement. */
  effectiveFrom: 7,
  effectiveTo: 8,
  /** Bits 0–1 charge level, 2–5 charge type, 6 restriction flag, 7 has a unit, 8 has a list type. */
  flags: 9,
  terms: 10,
  /** Rows of the same key from this one on, itself included. */
  keyRowsLeft: 11,
} as const

/** Charge levels in the order of their stored number. */
export const STORED_LEVELS = ['A', 'B', 'C'] as const

export interface Sizes {
  readonly rowCount: number
  readonly slotCount: number
  readonly stringCount: number
  readonly stringBytes: number
  readonly termCount: number
}

export interface Sections {
  readonly words: Uint32Array
  readonly terms: Float64Array
  readonly rows: Uint32Array
  readonly slots: Uint32Array
  readonly starts: Uint32Array
  readonly strings: Uint8Array
}

/** Bytes of the whole block: a multiple of 4. */
export function byteLengthOf(sizes: Sizes): number {
  return offsetsOf(sizes).end
}

export function sectionsOf(buffer: SharedArrayBuffer, sizes: Sizes): Sections {
  const offsets = offsetsOf(sizes)
  assert(offsets.end === buffer.byteLength, 'the sections fill the block')
  return {
    words: new Uint32Array(buffer),
    terms: new Float64Array(buffer, offsets.terms, sizes.termCount),
    rows: new Uint32Array(buffer, offsets.rows, sizes.rowCount * ROW_WORDS),
    slots: new Uint32Array(buffer, offsets.slots, sizes.slotCount),
    starts: new Uint32Array(buffer, offsets.starts, sizes.stringCount + 1),
    strings: new Uint8Array(buffer, offsets.strings, sizes.stringBytes),
  }
}

function offsetsOf(sizes: Sizes) {
  const terms = HEADER_WORDS * 4
  const rows = terms + sizes.termCount * 8
  const slots = rows + sizes.rowCount * ROW_WORDS * 4
  const starts = slots + sizes.slotCount * 4
  const strings = starts + (sizes.stringCount + 1) * 4
  const end = Math.ceil((strings + sizes.stringBytes) / 4) * 4
  return { terms, rows, slots, starts, strings, end }
}

/** FNV-1a over the characters of both, finished so that the low bits spread; equal texts only need equal hashes. */
export function keyHash(jurisdiction: string, code: string): number {
  let hash = hashedOn(0x811c9dc5, jurisdiction)
  hash = hashedOn(Math.imul(hash ^ 0x1f, 0x01000193), code)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

function hashedOn(before: number, text: string): number {
  const length = lengthOf(text)
  let hash = before
  for (let index = 0; index < length; index += 1) {
    hash = Math.imul(hash ^ unitAt(text, index), 0x01000193)
  }
  return hash
}
