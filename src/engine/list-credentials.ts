import type { CredentialEntry } from '../ledger/credential.ts'
import type { Rows } from '../ledger/rows.ts'
import { listEntries } from './list-entries.ts'
import type { Store } from './ports.ts'

/** Every credential that has not ended, by id. */
export function listCredentials(store: Store, rows: Rows): readonly CredentialEntry[] {
  // Only `key` commands write this kind, and they write it whole.
  return listEntries(store, rows, 'credential') as readonly CredentialEntry[]
}
