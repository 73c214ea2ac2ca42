import type { Key } from '../engine/ports.ts'
import { problem } from '../errors/problem.ts'
import { crc32 } from './crc32.ts'
import { ROW_TABLES, type RowTable } from './row-store.ts'
import { StoreFailed } from '../engine/store-failed.ts'

/** What a seal adds to a value, at its end: a CRC-32, lowest byte first. */
export const SEAL_BYTES = 4

const SEEDS: Readonly<Record<string, number>> = Object.fromEntries(
  ROW_TABLES.map((table) => [table, crc32(table)]),
)

/** CRC-32 over the table's name, the key (a number as its decimal digits) and the value. */
export function sealOf(table: RowTable, key: Key, value: Uint8Array): number {
  return crc32(value, crc32(String(key), SEEDS[table]))
}

/** Writes `value` and its seal into `space` from `start`; returns where they end. */
export function writeSeal(space: Buffer, start: number, value: Uint8Array, seal: number): number {
  space.set(value, start)
  return space.writeUInt32LE(seal, start + value.length)
}

/** The seal at the end of `sealed`; undefined when that is too short to have one. */
export function sealIn(sealed: Uint8Array): number | undefined {
  const at = sealed.length - SEAL_BYTES
  const [first, second, third, fourth] = [
    sealed[at],
    sealed[at + 1],
    sealed[at + 2],
    sealed[at + 3],
  ]
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) {
    return undefined
  }
  return (first | (second << 8) | (third << 16) | (fourth << 24)) >>> 0
}

/** The value of a sealed row, in the same memory; throws `StoreFailed` (`LEDGER_DAMAGED`) when the seal is not its own. */
export function openSeal(table: RowTable, key: Key, sealed: Uint8Array): Uint8Array {
  const length = Math.max(0, sealed.length - SEAL_BYTES)
  // Plain bytes, whatever a store gives: a Buffer compares and slices in other ways.
  const value = new Uint8Array(sealed.buffer, sealed.byteOffset, length)
  if (sealIn(sealed) !== sealOf(table, key, value)) throw damaged(table, key, 'checksum')
  return value
}

/** `LEDGER_DAMAGED` for one row. */
export function damaged(table: RowTable, key: Key, why: string): StoreFailed {
  // A key may hold anything, U+0000 above all.
  const quoted = JSON.stringify(key).slice(0, 200)
  return new StoreFailed(problem('LEDGER_DAMAGED', '', { table, key: quoted, why }))
}
