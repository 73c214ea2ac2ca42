import type { Environment } from './lmdb-rows.ts'
import type { RowPut } from './row-store.ts'

/**
 * Puts all of `puts` in one LMDB transaction and waits until it is on the disk. The one place that waits for the disk.
 *
 * Why the promise of `batch` is enough (lmdb 3.5.6; `test/store/flush-order.test.ts` watches the system calls):
 * - The environment is opened with `overlappingSync: false`. With lmdb's default, true, a promise resolves when the
 *   transaction is visible and the flush follows (`root.flushed`); there a failed flush is never reported, and later commits
 *   build on pages that may not be on the disk.
 * - Without it lmdb's writer thread calls `mdb_txn_commit` without MDB_NOSYNC: the changed pages are written, then
 *   `fdatasync`, then the meta page through a descriptor opened with O_DSYNC. The promise resolves when that call has
 *   returned. A transaction before its meta page is on the disk does not exist; pages of the two newest transactions are not
 *   written over. Only one commit runs at a time here, so a flush that overlaps the next commit would gain nothing.
 * - A flush that fails rejects the promise: the transaction is given up and no later one refers to its pages.
 * - `batch` puts all instructions between a start and an end mark, and the writer thread does not commit before the end mark.
 *   It works on the B-tree while the main thread goes on.
 */
export async function commitFlushed(
  { root, tables }: Environment,
  puts: readonly RowPut[],
): Promise<void> {
  await root.batch(() => {
    for (const { table, key, value } of puts) {
      const target = tables.get(table)
      if (value === undefined) void target?.remove(key)
      else void target?.put(key, value)
    }
  })
}
