import { fstatSync, readSync } from 'node:fs'

const CHUNK = 1 << 20

/**
 * The bytes of an open file from its beginning, in parts, as often as they are asked for. What comes only once, as from a
 * pipe, is kept; a part of a file on disk is overwritten by the next.
 */
export function rereadable(file: number): () => Iterable<Uint8Array> {
  if (fstatSync(file).isFile()) return () => onDisk(file)
  const kept: Uint8Array[] = []
  return () => comingOnce(file, kept)
}

function* onDisk(file: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(CHUNK)
  let position = 0
  for (;;) {
    const size = readSync(file, chunk, 0, CHUNK, position)
    if (size === 0) return
    position += size
    yield chunk.subarray(0, size)
  }
}

function* comingOnce(file: number, kept: Uint8Array[]): Generator<Uint8Array> {
  yield* kept
  const chunk = new Uint8Array(CHUNK)
  for (;;) {
    const size = readSync(file, chunk)
    if (size === 0) return
    const part = chunk.slice(0, size)
    kept.push(part)
    yield part
  }
}
