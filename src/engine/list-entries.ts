import { assert } from '../assert.ts'
import type { RegistryEntry } from '../ledger/record.ts'
import { rowKey, type Rows } from '../ledger/rows.ts'
import type { Store } from './ports.ts'

/** Contents of every entry of a kind that has not ended, by id. */
export function listEntries(
  store: Store,
  rows: Rows,
  kind: RegistryEntry['kind'],
): readonly unknown[] {
  const range = { from: rowKey(kind, ''), to: rowKey(kind, '\u{10FFFF}') }
  return [...store.range('registry', range)].flatMap(({ key }) => {
    const row = rows.get('registry', String(key))
    assert(row !== undefined, 'a row that is listed is there')
    return row.entry === undefined ? [] : [row.entry]
  })
}
