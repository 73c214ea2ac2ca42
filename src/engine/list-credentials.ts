import { assert } from '../assert.ts'
import type { CredentialEntry } from '../ledger/credential.ts'
import { rowKey, type Rows } from '../ledger/rows.ts'
import type { Store } from './ports.ts'

/** Every credential that has not ended, by id. */
export function listCredentials(store: Store, rows: Rows): readonly CredentialEntry[] {
  const range = { from: rowKey('credential', ''), to: rowKey('credential', '\u{10FFFF}') }
  return [...store.range('registry', range)].flatMap(({ key }) => {
    const row = rows.get('registry', String(key))
    assert(row !== undefined, 'a row that is listed is there')
    // Only `key` commands write this kind, and they write it whole.
    return row.entry === undefined ? [] : [row.entry as CredentialEntry]
  })
}
