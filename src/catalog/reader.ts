import { assert } from '../assert.ts'
import type { Catalog } from './catalog.ts'
import { wordAt } from './checksum.ts'
import { CHARGE_TYPES, type CatalogEntry, type EpochDay } from './entry.ts'
import { keyHash, ROW, ROW_WORDS, STORED_LEVELS, type Sections } from './layout.ts'
import { Recent } from './recent.ts'
import { decodeTerms } from './terms.ts'

/** How many of each a reader keeps decoded: some megabytes at most. */
const RECENT_ENTRIES = 8_192
const RECENT_STRINGS = 16_384
const RECENT_TERMS = 4_096
const RECENT_CODES = 16_384

/** Finds entries in a compiled block; a look-up allocates nothing unless its entry is not decoded yet. */
export class CatalogReader implements Catalog {
  private readonly sections: Sections
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  private readonly entries = new Recent(RECENT_ENTRIES, (row) => this.decodeEntry(row))
  private readonly texts = new Recent(RECENT_STRINGS, (id) => this.decodeText(id))
  private readonly terms = new Recent(RECENT_TERMS, (start) =>
    decodeTerms(this.sections.terms, start, (id) => this.texts.get(id)),
  )

  /** First rows of the jurisdiction asked for last. */
  private readonly rows = new Map<string, number>()
  private rowsOf = ''

  constructor(sections: Sections) {
    this.sections = sections
  }

  get rowCount(): number {
    return this.sections.rows.length / ROW_WORDS
  }

  find(jurisdiction: string, code: string, day: EpochDay): CatalogEntry | undefined {
    const first = this.firstRowOf(jurisdiction, code)
    if (first < 0) return undefined
    const end = first + this.word(first, ROW.keyRowsLeft)
    for (let row = first; row < end; row += 1) {
      if (day < this.day(row, ROW.effectiveFrom)) return undefined
      if (day <= this.day(row, ROW.effectiveTo)) return this.entries.get(row)
    }
    return undefined
  }

  /** The first row of the key, −1 when the catalogue does not have it; remembered for the codes in use. */
  private firstRowOf(jurisdiction: string, code: string): number {
    if (jurisdiction !== this.rowsOf) {
      this.rowsOf = jurisdiction
      this.rows.clear()
    }
    const known = this.rows.get(code)
    if (known !== undefined) return known
    if (this.rows.size >= RECENT_CODES) this.rows.clear()
    const row = this.findFirstRow(jurisdiction, code)
    if (row >= 0) this.rows.set(code, row)
    return row
  }

  private findFirstRow(jurisdiction: string, code: string): number {
    const { slots } = this.sections
    const hash = keyHash(jurisdiction, code)
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = wordAt(slots, slot) - 1
      if (row < 0) return -1
      if (this.word(row, ROW.keyHash) !== hash) continue
      if (!this.isString(this.word(row, ROW.code), code)) continue
      if (this.isString(this.word(row, ROW.jurisdiction), jurisdiction)) return row
    }
  }

  /** Compares without decoding: codes and jurisdictions are ASCII, one byte a character. */
  private isString(id: number, text: string): boolean {
    const { starts, strings } = this.sections
    const start = wordAt(starts, id)
    if (wordAt(starts, id + 1) - start !== text.length) return false
    for (let index = 0; index < text.length; index += 1) {
      if (strings[start + index] !== text.charCodeAt(index)) return false
    }
    return true
  }

  private decodeEntry(row: number): CatalogEntry {
    const flags = this.word(row, ROW.flags)
    const [chargeLevel, chargeType] = [STORED_LEVELS[flags & 3], CHARGE_TYPES[(flags >> 2) & 15]]
    assert(chargeLevel !== undefined, 'a stored charge level is A, B or C')
    assert(chargeType !== undefined, 'a stored charge type is 01 to 14')
    return {
      code: this.text(row, ROW.code),
      name: this.text(row, ROW.name),
      chargeLevel,
      chargeType,
      ...(flags & 256 && { listType: this.text(row, ROW.listType) }),
      ...(flags & 128 && { unit: this.text(row, ROW.unit) }),
      effectiveFrom: this.day(row, ROW.effectiveFrom),
      effectiveTo: this.day(row, ROW.effectiveTo),
      ...this.terms.get(this.word(row, ROW.terms)),
      restriction: {
        flag: (flags & 64) !== 0,
        text: this.text(row, ROW.restrictionText),
      },
    }
  }

  private text(row: number, field: number): string {
    return this.texts.get(this.word(row, field))
  }

  /** Decoders do not take shared memory, so the bytes are copied out first. */
  private decodeText(id: number): string {
    const { starts, strings } = this.sections
    return this.decoder.decode(strings.slice(wordAt(starts, id), wordAt(starts, id + 1)))
  }

  private word(row: number, field: number): number {
    return wordAt(this.sections.rows, row * ROW_WORDS + field)
  }

  private day(row: number, field: number): EpochDay {
    return this.word(row, field) | 0
  }
}
