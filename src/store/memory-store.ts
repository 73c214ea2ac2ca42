import { MemoryRows } from './memory-rows.ts'
import { storedSums } from './open-sealed.ts'
import { SealedStore } from './sealed-store.ts'
import { Sums } from './sums.ts'

/**
 * A ledger that is gone with the process; `backup` refuses. Cheap to make: nothing is built before it is used. Who gives the
 * `rows` can open them again, as after a restart.
 */
export function openMemoryStore(rows: MemoryRows = new MemoryRows()): SealedStore {
  return new SealedStore(rows, storedSums(rows) ?? Sums.empty())
}
