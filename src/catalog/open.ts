import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { Catalog } from './catalog.ts'
import { wordAt, xxHash32 } from './checksum.ts'
import * as layout from './layout.ts'
import { HEADER, type Sizes } from './layout.ts'
import { CatalogReader } from './reader.ts'

/**
 * A reader of the block that `compileCatalog` made; each thread opens its own over the same memory.
 *
 * Refuses with `CATALOG_BINARY_FOREIGN`, `CATALOG_BINARY_VERSION`, `CATALOG_BINARY_TRUNCATED` or
 * `CATALOG_BINARY_CORRUPT`; reads every byte once for the checksum.
 */
export function openCatalog(buffer: SharedArrayBuffer): Result<Catalog> {
  const whole = buffer.byteLength - (buffer.byteLength % 4)
  const words = new Uint32Array(buffer, 0, whole / 4)
  const [first, second] = layout.MAGIC_WORDS
  if (words[HEADER.magic] !== first || words[HEADER.magic + 1] !== second) {
    return failure(problem('CATALOG_BINARY_FOREIGN', ''))
  }
  const found = words[HEADER.version] ?? 0
  if (found !== layout.FORMAT_VERSION) {
    const details = { found, expected: layout.FORMAT_VERSION }
    return failure(problem('CATALOG_BINARY_VERSION', '', details))
  }
  const expected = words[HEADER.byteLength] ?? 0
  if (expected !== buffer.byteLength || words.length < layout.HEADER_WORDS) {
    const details = { expected, found: buffer.byteLength }
    return failure(problem('CATALOG_BINARY_TRUNCATED', '', details))
  }
  if (wordAt(words, HEADER.checksum) !== xxHash32(words, layout.CHECKED_FROM_WORD)) {
    return failure(problem('CATALOG_BINARY_CORRUPT', ''))
  }
  return success(new CatalogReader(layout.sectionsOf(buffer, sizesOf(words))))
}

function sizesOf(words: Uint32Array): Sizes {
  return {
    rowCount: wordAt(words, HEADER.rowCount),
    slotCount: wordAt(words, HEADER.slotCount),
    stringCount: wordAt(words, HEADER.stringCount),
    stringBytes: wordAt(words, HEADER.stringBytes),
    termCount: wordAt(words, HEADER.termCount),
  }
}
