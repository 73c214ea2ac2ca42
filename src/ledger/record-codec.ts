import { assert } from '../assert.ts'
import type { Contribution, LedgerRecord } from './record.ts'

/** [place of the key among the counters read, amount]. */
type PackedContribution = readonly [place: number, amount: number]

/** A record as it is written: keys of counters once, since whatever is contributed to was read. The inverse of `unpackRecord`. */
export function packRecord(record: LedgerRecord): unknown {
  if (!('before' in record)) return record
  const places = new Map(record.before.map(([key], place) => [key, place]))
  const contributions: PackedContribution[] = []
  for (const [key, amount] of record.contributions) {
    const place = places.get(key)
    // A recalculation may give back what its settlement no longer reads.
    if (place === undefined) return record
    contributions.push([place, amount])
  }
  return { ...record, contributions }
}

export function unpackRecord(packed: unknown): LedgerRecord {
  const record = packed as LedgerRecord
  if (!('before' in record)) return record
  const contributions = record.contributions.map(([key, amount]): Contribution => {
    if (typeof key !== 'number') return [key, amount]
    const read = record.before[key]
    assert(read !== undefined, 'a contribution names a counter that was read')
    return [read[0], amount]
  })
  return { ...record, contributions }
}
