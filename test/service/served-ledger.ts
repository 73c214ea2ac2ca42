import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyLedger } from '../../src/engine/verification/verify-ledger.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { recordsOf } from '../../src/engine/store-rows.ts'
import type { RegistryEntry, SplitRecord } from '../../src/ledger/record.ts'
import { newSecret } from '../../src/server/secret-authenticator.ts'
import { openLedgerStore } from '../../src/store/lmdb-store.ts'
import { accepted } from '../conformance/rules.ts'
import { packOf, REGISTER, townProfile } from '../workers/town.ts'

/** A ledger on the disk with the rules and the people of the town, a terminal's credential, and a configuration beside it. */
export class ServedLedger {
  readonly folder: string
  readonly ledger: string
  readonly config: string
  /** Of a terminal. */
  readonly credential: string
  readonly operator: string

  private constructor(folder: string, credential: string, operator: string) {
    this.folder = folder
    this.ledger = join(folder, 'ledger')
    this.config = join(folder, 'qingfen.yaml')
    this.credential = credential
    this.operator = operator
  }

  /** `settings`: lines of the configuration. */
  static async make(
    settings = '',
    entries: readonly RegistryEntry[] = [],
    server: Readonly<Record<string, string>> = {},
  ): Promise<ServedLedger> {
    const folder = mkdtempSync(join(tmpdir(), 'qingfen-served-'))
    const { credential, secretHash } = newSecret('till-1')
    const operator = newSecret('operator')
    const made = new ServedLedger(folder, credential, operator.credential)
    const store = accepted(await openLedgerStore(made.ledger), 'store')
    const engine = accepted(await openEngine({ store, clock: Date.now }), 'engine')
    const packs = ['town/basic', 'town/product', 'town/group'].map(packOf)
    const profile = townProfile()
    accepted(await engine.rules.publish({ profile, packs }), 'publish')
    for (const { hash, effective } of packs) {
      const activation = { jurisdiction: 'town', pack: hash, from: effective.from }
      accepted(await engine.rules.activate(activation), 'activate')
    }
    const till = { id: 'till-1', role: 'terminal', hospital: 'H', secrets: [{ secretHash }] }
    const { secretHash: operatorHash } = operator
    const boss = { id: 'operator', role: 'operator', secrets: [{ secretHash: operatorHash }] }
    const keys: readonly RegistryEntry[] = [
      { kind: 'credential', id: 'till-1', entry: till },
      { kind: 'credential', id: 'operator', entry: boss },
    ]
    accepted(await engine.registry('test', [...REGISTER, ...entries, ...keys]), 'register')
    await engine.close()
    await store.close()
    const lines = [`ledger: { folder: ${made.ledger}, work: ${join(folder, 'work')} }`]
    writeFileSync(
      made.config,
      [...lines, `server: ${JSON.stringify({ port: 0, ...server })}`, settings, ''].join('\n'),
    )
    return made
  }

  /** Verifies the whole ledger and gives its settlements. */
  async verified(): Promise<readonly SplitRecord[]> {
    const store = accepted(await openLedgerStore(this.ledger), 'store')
    try {
      const { findings } = await verifyLedger(store)
      if (findings.total > 0) throw new Error(JSON.stringify(findings.first))
      return [...store.range('journal')]
        .flatMap(({ value }) => recordsOf(value))
        .filter((record): record is SplitRecord => record.kind === 'settlement')
    } finally {
      await store.close()
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
