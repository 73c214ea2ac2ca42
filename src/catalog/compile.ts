import { assert } from '../assert.ts'
import {
  failure,
  failureOf,
  problem,
  success,
  type Problem,
  type Result,
} from '../errors/problem.ts'
import { xxHash32 } from './checksum.ts'
import { CHARGE_TYPES, type CatalogEntry, type CatalogRow } from './entry.ts'
import * as layout from './layout.ts'
import { HEADER, ROW, ROW_WORDS, type Sections, type Sizes } from './layout.ts'
import { StringPool } from './string-pool.ts'
import { CATALOG_ROWS_MAX } from './record-table.ts'
import { TermsPool } from './terms.ts'

/**
 * `rows` as one read-only block that all threads share, the same bytes in whatever order the rows come.
 *
 * `CATALOG_DATES_OVERLAP` for each pair of entries of one code in force on the same day; `CATALOG_TOO_LARGE`.
 */
export function compileCatalog(rows: readonly CatalogRow[]): Result<SharedArrayBuffer> {
  if (rows.length > CATALOG_ROWS_MAX) {
    const details = { rows: rows.length, rowsMax: CATALOG_ROWS_MAX }
    return failure(problem('CATALOG_TOO_LARGE', '', details))
  }
  const sorted = sortRows(rows)
  const overlaps = findOverlaps(sorted)
  if (overlaps.length > 0) return failureOf(overlaps)
  const strings = new StringPool()
  const terms = new TermsPool((text) => strings.idOf(text))
  const encoded = encodeRows(sorted, strings, terms)
  const sizes: Sizes = {
    rowCount: sorted.length,
    slotCount: slotCountFor(sorted.length),
    stringCount: strings.count,
    stringBytes: strings.byteLength,
    termCount: terms.length,
  }
  const buffer = new SharedArrayBuffer(layout.byteLengthOf(sizes))
  const sections = layout.sectionsOf(buffer, sizes)
  sections.rows.set(encoded)
  terms.writeTo(sections.terms)
  strings.writeTo(sections.starts, sections.strings)
  fillSlots(sections)
  writeHeader(sections.words, buffer.byteLength, sizes)
  return success(buffer)
}

function sortRows(rows: readonly CatalogRow[]): readonly CatalogRow[] {
  const inOrder = rows.every((row, index) => {
    const before = rows[index - 1]
    return before === undefined || compareRows(before, row) <= 0
  })
  return inOrder ? rows : rows.toSorted(compareRows)
}

function compareRows(left: CatalogRow, right: CatalogRow): number {
  return (
    compareText(left.jurisdiction, right.jurisdiction) ||
    compareText(left.entry.code, right.entry.code) ||
    left.entry.effectiveFrom - right.entry.effectiveFrom
  )
}

/** By code unit, the same on every machine. */
function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function isSameKey(left: CatalogRow, right: CatalogRow): boolean {
  return left.entry.code === right.entry.code && left.jurisdiction === right.jurisdiction
}

/** Held against the entry that lasts longest so far, so that one inside another is seen too. */
function findOverlaps(sorted: readonly CatalogRow[]): Problem[] {
  const problems: Problem[] = []
  let longest: CatalogRow | undefined
  for (const row of sorted) {
    if (longest === undefined || !isSameKey(longest, row)) {
      longest = row
      continue
    }
    if (row.entry.effectiveFrom <= longest.entry.effectiveTo) problems.push(overlap(longest, row))
    if (row.entry.effectiveTo > longest.entry.effectiveTo) longest = row
  }
  return problems
}

function overlap(one: CatalogRow, other: CatalogRow): Problem {
  const { jurisdiction, entry } = one
  const [row, otherRow] = [Math.min(one.row, other.row), Math.max(one.row, other.row)]
  const details = { jurisdiction, code: entry.code, row, otherRow }
  return problem('CATALOG_DATES_OVERLAP', '', details)
}

function encodeRows(
  sorted: readonly CatalogRow[],
  strings: StringPool,
  terms: TermsPool,
): Uint32Array {
  const words = new Uint32Array(sorted.length * ROW_WORDS)
  const stringId = (text: string) => strings.idOf(text)
  let keyRowsLeft = 1
  for (let index = sorted.length - 1; index >= 0; index -= 1) {
    const row = rowAt(sorted, index)
    const after = sorted[index + 1]
    keyRowsLeft = after !== undefined && isSameKey(row, after) ? keyRowsLeft + 1 : 1
    const { entry, jurisdiction } = row
    const base = index * ROW_WORDS
    words[base + ROW.keyHash] = layout.keyHash(jurisdiction, entry.code)
    words[base + ROW.jurisdiction] = stringId(jurisdiction)
    words[base + ROW.code] = stringId(entry.code)
    words[base + ROW.name] = stringId(entry.name)
    words[base + ROW.unit] = stringId(entry.unit ?? '')
    words[base + ROW.listType] = stringId(entry.listType ?? '')
    words[base + ROW.restrictionText] = stringId(entry.restriction.text)
    words[base + ROW.effectiveFrom] = entry.effectiveFrom
    words[base + ROW.effectiveTo] = entry.effectiveTo
    words[base + ROW.flags] = flagsOf(entry)
    words[base + ROW.terms] = terms.offsetOf(entry)
    words[base + ROW.keyRowsLeft] = keyRowsLeft
  }
  return words
}

function rowAt(rows: readonly CatalogRow[], index: number): CatalogRow {
  const row = rows[index]
  assert(row !== undefined, 'a row lies inside the catalogue')
  return row
}

function flagsOf(entry: CatalogEntry): number {
  return (
    layout.STORED_LEVELS.indexOf(entry.chargeLevel) |
    (CHARGE_TYPES.indexOf(entry.chargeType) << 2) |
    (Number(entry.restriction.flag) << 6) |
    (Number(entry.unit !== undefined) << 7) |
    (Number(entry.listType !== undefined) << 8)
  )
}

/** A power of two at least twice the keys: a miss then probes about two and a half slots. */
function slotCountFor(rowCount: number): number {
  let slots = 16
  while (slots < rowCount * 2) slots *= 2
  return slots
}

function fillSlots({ rows, slots }: Sections): void {
  const mask = slots.length - 1
  const rowCount = rows.length / ROW_WORDS
  for (let row = 0; row < rowCount;) {
    let slot = (rows[row * ROW_WORDS + ROW.keyHash] ?? 0) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = row + 1
    const sameKey = rows[row * ROW_WORDS + ROW.keyRowsLeft]
    assert(sameKey !== undefined && sameKey > 0, 'a key has at least one row')
    row += sameKey
  }
}

function writeHeader(words: Uint32Array, byteLength: number, sizes: Sizes): void {
  words.set(layout.MAGIC_WORDS, HEADER.magic)
  words[HEADER.version] = layout.FORMAT_VERSION
  words[HEADER.byteLength] = byteLength
  words[HEADER.rowCount] = sizes.rowCount
  words[HEADER.slotCount] = sizes.slotCount
  words[HEADER.stringCount] = sizes.stringCount
  words[HEADER.stringBytes] = sizes.stringBytes
  words[HEADER.termCount] = sizes.termCount
  words[HEADER.checksum] = xxHash32(words, layout.CHECKED_FROM_WORD)
}
