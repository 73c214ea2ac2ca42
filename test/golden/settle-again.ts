import { openEngine } from '../../src/engine/open-engine.ts'
import type { LedgerRecord, SplitRecord } from '../../src/ledger/record.ts'
import { encodeRecords } from '../../src/ledger/record-codec.ts'
import { readRegistryEntry } from '../../src/registry/read-registry-entry.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { openMemoryStore } from '../../src/store/memory-store.ts'
import type { SealedStore } from '../../src/store/sealed-store.ts'
import { journalOf } from '../engine/flips/forged-ledger.ts'
import { writeSmallHistory } from '../engine/flips/small-history.ts'
import { given } from '../store/places.ts'
import type { GoldenCase } from './golden-file.ts'

/** Noon in Shanghai of a day after every bill: the clock of every golden ledger. */
const NOW = Date.UTC(2026, 10, 25, 4)

export interface GoldenLedger {
  readonly store: SealedStore
  readonly records: readonly SplitRecord[]
}

/** Settles the bills of a case through the engine, in a new ledger in memory. */
export async function settleAgain(
  { bills, catalog, packs, profile }: Omit<GoldenCase, 'records' | 'name' | 'semantics'>,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<GoldenLedger> {
  const store = openMemoryStore()
  const settings = { dateToleranceDays: 100_000 }
  const engine = given(await openEngine({ store, clock: () => NOW, settings, onDefect: raise }))
  const bytesOf = (hash: string) => {
    const bytes = contents.get(hash)
    if (bytes === undefined) throw new Error(`no content ${hash}`)
    return bytes
  }
  const parsed = (hash: string): unknown => JSON.parse(Buffer.from(bytesOf(hash)).toString())
  const rules = packs.map((hash) => parsed(hash) as RulePack)
  const city = parsed(profile) as Profile
  const image = catalog === undefined ? {} : { catalog: bytesOf(catalog) }
  given(await engine.rules.publish({ profile: city, packs: rules, ...image }))
  for (const { hash, effective } of rules) {
    const { from } = effective
    given(await engine.rules.activate({ jurisdiction: city.id, pack: hash, from }))
  }
  for (const [index, { hospital, register, bill }] of bills.entries()) {
    const entries = register.map(({ kind, entry }) => given(readRegistryEntry(kind, entry)))
    given(await engine.registry('golden', entries))
    const request = { operation: 'settle' as const, hospital, requestId: `G${index}` }
    const reply = await engine.submit({ ...request, body: { bill } })
    if (reply.kind === 'refused') throw new Error(JSON.stringify(reply.problems))
  }
  await engine.close()
  return { store, records: splitsIn(store) }
}

function raise(error: unknown): never {
  throw error
}

function splitsIn(store: SealedStore): readonly SplitRecord[] {
  return journalOf(store).flatMap((record) => (record.kind === 'settlement' ? [record] : []))
}

/** Bytes of every record of the small history. */
export async function historyBytes(): Promise<readonly Uint8Array[]> {
  const store = openMemoryStore()
  await writeSmallHistory(store)
  return journalOf(store).map(recordBytes)
}

/** A record by itself as the journal has it. */
export function recordBytes(record: LedgerRecord): Uint8Array {
  return encodeRecords([record])
}
