import { assert } from '../assert.ts'

const PRIME_1 = 0x9e3779b1
const PRIME_2 = 0x85ebca77
const PRIME_3 = 0xc2b2ae3d
const PRIME_4 = 0x27d4eb2f
const PRIME_5 = 0x165667b1

/**
 * xxHash32 (seed 0) of `words` from `start` on, read as little-endian bytes.
 *
 * Against damage, not against forgery. Every step is a bijection of the word it takes in, so a change within one
 * word is always seen; any other goes unseen once in four thousand million.
 */
export function xxHash32(words: Uint32Array, start: number): number {
  assert(start <= words.length, 'a checksum starts inside its words')
  const length = words.length - start
  const striped = length - (length % 4)
  let hash = length >= 4 ? hashStripes(words, start, start + striped) : PRIME_5
  hash = (hash + length * 4) | 0
  for (let index = start + striped; index < words.length; index += 1) {
    hash = Math.imul(rotateLeft(hash + Math.imul(wordAt(words, index), PRIME_3), 17), PRIME_4)
  }
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}

function hashStripes(words: Uint32Array, start: number, end: number): number {
  let [a, b, c, d] = [(PRIME_1 + PRIME_2) | 0, PRIME_2 | 0, 0, -PRIME_1 | 0]
  for (let index = start; index < end; index += 4) {
    a = round(a, wordAt(words, index))
    b = round(b, wordAt(words, index + 1))
    c = round(c, wordAt(words, index + 2))
    d = round(d, wordAt(words, index + 3))
  }
  return (rotateLeft(a, 1) + rotateLeft(b, 7) + rotateLeft(c, 12) + rotateLeft(d, 18)) | 0
}

function round(lane: number, word: number): number {
  return Math.imul(rotateLeft(lane + Math.imul(word, PRIME_2), 13), PRIME_1)
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

/** The word at `index`, which must lie inside. */
export function wordAt(words: Uint32Array, index: number): number {
  const word = words[index]
  assert(word !== undefined, 'a word lies inside its section')
  return word
}
