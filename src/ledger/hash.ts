import { createHash, hash } from 'node:crypto'

/** Hash before the first block. */
export const NO_HASH: Uint8Array = new Uint8Array(32)

/** SHA-256 of the parts one behind the other: 32 bytes. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Hex SHA-256. */
export function sha256Hex(content: Uint8Array | string): string {
  return hash('sha256', content, 'hex')
}
