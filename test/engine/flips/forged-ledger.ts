import type { Put, Store } from '../../../src/engine/ports.ts'
import { TABLES } from '../../../src/engine/ports.ts'
import { HEAD_KEY, headOf, recordsOf } from '../../../src/engine/store-rows.ts'
import { NO_HASH, sha256 } from '../../../src/ledger/hash.ts'
import type { LedgerRecord } from '../../../src/ledger/record.ts'
import { encodeRecords } from '../../../src/ledger/record-codec.ts'
import { encode } from '../../../src/protocol/codec.ts'
import { openMemoryStore } from '../../../src/store/memory-store.ts'

/** All rows of a store. */
export function rowsOf(store: Store): readonly Put[] {
  return TABLES.flatMap((table) =>
    [...store.range(table)].map(({ key, value }) => ({ table, key, value })),
  )
}

export async function storeOf(puts: readonly Put[]): Promise<Store> {
  const store = openMemoryStore()
  await store.commit(puts)
  return store
}

/** All records of a ledger. */
export function journalOf(store: Store): readonly LedgerRecord[] {
  return [...store.range('journal')].flatMap(({ value }) => [...recordsOf(value)])
}

/** Of records as they are: a forger changes one of many, and writing all of them was a seventh of looking at a ledger. */
const payloads = new WeakMap<LedgerRecord, Uint8Array>()

function payloadOf(record: LedgerRecord): Uint8Array {
  const known = payloads.get(record)
  if (known !== undefined) return known
  const payload = encodeRecords([record])
  payloads.set(record, payload)
  return payload
}

/** A ledger with other records and all else as it was: hash chain, head and seals are those of one who may write as he likes. */
export async function forgedStore(
  store: Store,
  records: readonly LedgerRecord[],
  change: (puts: readonly Put[]) => readonly Put[] = (puts) => puts,
): Promise<Store> {
  let hash = NO_HASH
  const blocks = records.map((record): Put => {
    const payload = payloadOf(record)
    hash = sha256(hash, payload)
    return { table: 'journal', key: record.seq, value: Buffer.concat([hash, payload]) }
  })
  const head: Put = { table: 'meta', key: HEAD_KEY, value: encode({ ...headOf(store), hash }) }
  const kept = rowsOf(store).filter(({ table }) => table !== 'journal' && table !== 'meta')
  return storeOf(change([...kept, ...blocks, head]))
}
