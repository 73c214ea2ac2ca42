import { lengthOf, unitAt } from '../../text-units.ts'

/*
 * The same names of members come in nearly every row and record. They are found here by their bytes: no text is made for them again,
 * nor a list of them. What is kept decides nothing but whether a text is made anew, and is bounded. test/ledger/byte-codec.test.ts
 * reads any texts and shapes through it.
 */

const SLOTS = 2 ** 11
const SLOT_MASK = SLOTS - 1
const ASCII_END = 0x80
/** By the hash of the bytes. */
const texts = Array.from({ length: SLOTS }, () => '')

/** The text of the bytes between `start` and `end`; undefined when not all of them are ASCII. */
export function knownText(bytes: Buffer, start: number, end: number): string | undefined {
  let hash = end - start
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte >= ASCII_END) return undefined
    hash = (Math.imul(hash, 31) + byte) | 0
  }
  const slot = (hash ^ (hash >>> 11)) & SLOT_MASK
  const known = texts[slot] ?? ''
  if (isText(known, bytes, start, end)) return known
  const text = bytes.toString('latin1', start, end)
  texts[slot] = text
  return text
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  const length = lengthOf(text)
  if (length !== end - start) return false
  for (let index = 0; index < length; index += 1) {
    if (unitAt(text, index) !== bytes[start + index]) return false
  }
  return true
}

/** A longer list of names is not kept, nor more lists of one length. */
export const KNOWN_NAMES_MAX = 32
const KEPT_LISTS_MAX = 16
/** By the number of names. */
const lists: (readonly string[])[][] = []

/** A list of the first `count` of `names`, for nobody to change. */
export function knownNames(names: readonly string[], count: number): readonly string[] {
  if (count > KNOWN_NAMES_MAX) return names.slice(0, count)
  const kept = (lists[count] ??= [])
  for (const list of kept) if (isStart(list, names)) return list
  const list = names.slice(0, count)
  if (kept.length < KEPT_LISTS_MAX) kept.push(list)
  return list
}

function isStart(list: readonly string[], names: readonly string[]): boolean {
  for (let index = 0; index < list.length; index += 1) {
    if (list[index] !== names[index]) return false
  }
  return true
}
