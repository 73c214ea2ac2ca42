import type { Key, Table } from '../engine/ports.ts'
import { problem } from '../errors/problem.ts'
import { StoreFailed } from '../engine/store-failed.ts'

/** Longest text key, bytes of UTF-8; LMDB takes 1,978 in pages of 4 KiB. */
export const KEY_BYTES_MAX = 1900

/** A code unit is at most three bytes of UTF-8, so shorter keys need not be measured. */
const KEY_UNITS_SURELY_SHORT = Math.floor(KEY_BYTES_MAX / 3)
const SURROGATE_FIRST = 0xd800
const QUOTED_CHARACTERS_MAX = 80

/** Whether the keys of `table` are numbers. */
export function isNumbered(table: string): boolean {
  return table === 'journal' || table === 'prepared' || table === 'audit'
}

/** Throws `StoreFailed` (`STORE_KEY_INVALID`) unless `key` is one that `table` can hold; `nothingWritten`: as of `StoreFailed`. */
export function requireKey(table: Table, key: Key, nothingWritten = false): void {
  const why = wrongKey(table, key)
  if (why === undefined) return
  const quoted = String(key).slice(0, QUOTED_CHARACTERS_MAX)
  const what = problem('STORE_KEY_INVALID', '', { table, key: quoted, why })
  throw new StoreFailed(what, { nothingWritten })
}

function wrongKey(table: Table, key: Key): string | undefined {
  if (isNumbered(table)) {
    return Number.isSafeInteger(key) && Number(key) >= 0 ? undefined : 'not a whole number'
  }
  if (typeof key !== 'string') return 'not text'
  if (key === '') return 'empty'
  // Unpaired surrogates would all become the same three bytes, and different keys one row.
  if (!key.isWellFormed()) return 'not Unicode'
  if (key.length > KEY_UNITS_SURELY_SHORT && Buffer.byteLength(key) > KEY_BYTES_MAX) {
    return 'too long'
  }
  return undefined
}

/** Below zero when `left` comes before `right`: numbers by value, text by its UTF-8 bytes. Both are keys of one table. */
export function compareKeys(left: Key, right: Key): number {
  if (left === right) return 0
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  return left < right ? -1 : 1
}

/** Order of UTF-8 bytes is order of code points; only where surrogates meet U+E000–U+FFFF does order of code units differ. */
function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index += 1) {
    const leftUnit = left.charCodeAt(index)
    const rightUnit = right.charCodeAt(index)
    if (leftUnit === rightUnit) continue
    if (leftUnit < SURROGATE_FIRST || rightUnit < SURROGATE_FIRST) return leftUnit - rightUnit
    return (left.codePointAt(index) ?? 0) - (right.codePointAt(index) ?? 0)
  }
  return left.length - right.length
}
