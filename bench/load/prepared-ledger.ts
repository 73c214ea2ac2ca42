import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../../src/assert.ts'
import { openEngine, type Engine } from '../../src/engine/open-engine.ts'
import { createKey } from '../../src/server/keys.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { verifyOnThreads } from '../../src/workers/on-threads.ts'
import { valueOf } from '../micro/settle/setup.ts'
import { ENGINE_SETTINGS, workloadOf, type WorkloadSpec } from './workload-spec.ts'
import type { Told } from './wire/told.ts'
import { zipfSeats } from './zipf.ts'

/** Insurer of the product whose packs are uploaded under load. */
const INSURER = 'insurer'
const DATA_FILE = 'data.mdb'

/** A ledger with everybody registered and nothing settled; each part of the suite works on a copy. */
export interface PreparedLedger {
  readonly folder: string
  /** Of the clock, ms. */
  readonly now: number
  readonly insurer: string
  /** Credentials of `count` terminals, spread over the hospitals as Zipf has it. */
  readonly terminals: (count: number) => readonly string[]
  /** Seconds it took to register everybody. */
  readonly seconds: number
}

export async function prepareLedger(folder: string, spec: WorkloadSpec): Promise<PreparedLedger> {
  const begun = performance.now()
  const workload = workloadOf(spec)
  mkdirSync(join(folder, 'ledger'), { recursive: true })
  const store = valueOf(await openLedgerStore(join(folder, 'ledger')))
  const clock = () => workload.now
  const engine = valueOf(await openEngine({ store, clock, settings: ENGINE_SETTINGS }))
  await workload.install(engine)
  const seconds = (performance.now() - begun) / 1000
  const byHospital = new Map<string, string>()
  for (const { id } of workload.hospitalEntries) {
    byHospital.set(id, await key(engine, { role: 'terminal', id: `terminal-${id}`, hospital: id }))
  }
  const insurer = await insurerKey(engine, workload.profile.id)
  await engine.close()
  await store.close()
  const hospitals = [...byHospital.keys()].toSorted()
  return {
    folder,
    now: workload.now,
    insurer,
    seconds,
    terminals: (count) => zipfSeats(hospitals, count).map((id) => byHospital.get(id) ?? ''),
  }
}

async function key(engine: Engine, wanted: Parameters<typeof createKey>[1]): Promise<string> {
  const { credential } = valueOf(await createKey(engine, wanted))
  assert(credential !== undefined, 'a new key is shown')
  return credential
}

async function insurerKey(engine: Engine, jurisdiction: string): Promise<string> {
  const entry = {
    id: INSURER,
    payers: ['bench-city-plan'],
    kinds: ['commercial'],
    counters: ['bench/city-plan'],
    jurisdictions: [jurisdiction],
    facts: ['policy.*', 'visit.*', 'line.*', 'person.age'],
    keys: [],
  }
  valueOf(await engine.registry('bench', [{ kind: 'grant', id: INSURER, entry }]))
  return key(engine, { role: 'insurer', id: INSURER })
}

/** A copy to settle into. */
export function copyLedger({ folder }: PreparedLedger): string {
  const copy = mkdtempSync(join(folder, 'part-'))
  cpSync(join(folder, 'ledger'), join(copy, 'ledger'), { recursive: true })
  mkdirSync(join(copy, 'work'))
  return copy
}

export function ledgerBytes(folder: string): number {
  return statSync(join(folder, 'ledger', DATA_FILE)).size
}

export interface Audited {
  readonly settlements: number
  /** Seconds of verifying. */
  readonly seconds: number
}

/**
 * Verifies a ledger that nobody has open, and reconciles it with what the clients were told: what hospitals are owed in all, by the
 * patients, and by each payer. Throws for any difference, and deletes the ledger.
 */
export async function auditLedger(folder: string, told: Told): Promise<Audited> {
  const store = valueOf(await openLedgerStore(join(folder, 'ledger')))
  const begun = performance.now()
  const { findings, splits } = await verifyOnThreads(store, told.settlements)
  const seconds = (performance.now() - begun) / 1000
  assert(findings.total === 0, `the ledger is verified: ${JSON.stringify(findings.first[0])}`)
  assert(splits === told.settlements, `settled ${splits}, told ${told.settlements}`)
  const engine = valueOf(await openEngine({ store, clock: () => 0, settings: ENGINE_SETTINGS }))
  const owed = new Map<string, number>()
  for (const { from, amount } of engine.balances()) owed.set(from, (owed.get(from) ?? 0) + amount)
  await engine.close()
  await store.close()
  const expected = new Map(Object.entries(told.payers).map(([id, fen]) => [`payer:${id}`, fen]))
  expected.set('patient', told.patient)
  for (const [account, amount] of expected) {
    const found = owed.get(account) ?? 0
    assert(found === amount, `${account}: the ledger has ${found}, clients were told ${amount}`)
  }
  const all = [...owed.values()].reduce((sum, amount) => sum + amount, 0)
  assert(all === told.total, `the ledger has ${all} in all, clients were told ${told.total}`)
  rmSync(folder, { recursive: true })
  return { settlements: splits, seconds }
}
