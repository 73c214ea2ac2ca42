import * as zlib from 'node:zlib'

/** CRC-32 (IEEE) of `data` (text as UTF-8), continued from that of what came before. */
export const crc32: (data: string | Uint8Array, before?: number) => number =
  // Node 22.0, 22.1 and 21 have none.
  'crc32' in zlib ? zlib.crc32 : tableCrc32

let remainders: Uint32Array | undefined

/** The same without zlib, about twenty times slower. */
export function tableCrc32(data: string | Uint8Array, before = 0): number {
  remainders ??= Uint32Array.from({ length: 256 }, (_, byte) => remainderOf(byte))
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  let crc = ~before
  for (const byte of bytes) crc = (crc >>> 8) ^ (remainders[(crc ^ byte) & 0xff] ?? 0)
  return ~crc >>> 0
}

function remainderOf(byte: number): number {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
}
