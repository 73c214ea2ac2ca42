import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** The bytes of a file, or how many there are at least when they are more than were asked for. */
export type BoundedBytes = { readonly bytes: Uint8Array } | { readonly size: number }

const CHUNK = 1 << 20

/**
 * Reads a file, pipe or device and stops after `max` bytes: what claims to be empty, as `/dev/zero` does, may never end.
 * Throws the system's errors.
 */
export function readBounded(path: string, max: number): BoundedBytes {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    if (size > max) return { size }
    const chunks: Uint8Array[] = []
    let total = 0
    for (;;) {
      // Of a file with a size the rest and one more byte, which says that it has ended; of a pipe, as much as comes.
      const chunk = new Uint8Array(size > total ? Math.min(size - total + 1, CHUNK) : CHUNK)
      const read = readSync(file, chunk)
      if (read === 0) return { bytes: Buffer.concat(chunks, total) }
      chunks.push(chunk.subarray(0, read))
      total += read
      if (total > max) return { size: total }
    }
  } finally {
    closeSync(file)
  }
}

/** The text of UTF-8 bytes; undefined when they are something else. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
