import { assert } from '../assert.ts'

const ID = /^S[0-9]{12}$/

/** `S000000000042` for 42. */
export function settlementId(seq: number): string {
  assert(Number.isSafeInteger(seq) && seq > 0 && seq < 1e12, 'a seq has at most 12 digits')
  return `S${String(seq).padStart(12, '0')}`
}

/** The seq of an id; undefined for any other text. */
export function seqOf(id: unknown): number | undefined {
  const seq = typeof id === 'string' && ID.test(id) ? Number(id.slice(1)) : 0
  return seq === 0 ? undefined : seq
}
