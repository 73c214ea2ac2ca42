import type { Store } from './ports.ts'

/** Ids of the profiles that have rules in a ledger, as committed. */
export function listJurisdictions(store: Pick<Store, 'range'>): readonly string[] {
  return [...store.range('rules')].map(({ key }) => String(key))
}
