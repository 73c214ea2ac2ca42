import { createHash } from 'node:crypto'
import { StoreFailed } from '../../src/engine/store-failed.ts'
import { ROW_TABLES } from '../../src/store/row-store.ts'
import type { SealedStore } from '../../src/store/sealed-store.ts'

/**
 * Of every key and value, read twice: by walking each table and by asking for each key. The code of the refusal when the store
 * cannot be read.
 */
export function rowsDigest(store: SealedStore): string {
  const hash = createHash('sha256')
  try {
    for (const table of ROW_TABLES) {
      for (const { key, value } of store.rows.range(table, {})) {
        const found = store.rows.get(table, key)
        hash.update(JSON.stringify([table, key, value.length, found?.length])).update(value)
        if (found !== undefined) hash.update(found)
      }
    }
    return hash.digest('hex')
  } catch (error) {
    if (error instanceof StoreFailed) return error.problem.code
    throw error
  }
}
