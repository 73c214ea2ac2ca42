import type { Engine } from '../../engine/open-engine.ts'
import type { Store } from '../../engine/ports.ts'
import { StoreFailed } from '../../engine/store-failed.ts'
import { StoreRows } from '../../engine/store-rows.ts'
import type { RegisterVersion, RegistryEntry } from '../../ledger/record.ts'
import { rowKey } from '../../ledger/rows.ts'

/** Entries of one record. */
const BATCH = 256

type Named = Pick<RegistryEntry, 'kind' | 'id'>

/**
 * What the register had before an import wrote to it, as places in the journal, so that a file of all or nothing can be taken back.
 * Nothing else writes entries that an import may write while one runs (`ImportQueue.alone`).
 */
export class WrittenOver {
  readonly #store: Store
  readonly #before = new Map<string, Named & { readonly version: RegisterVersion | undefined }>()

  constructor(store: Store) {
    this.#store = store
  }

  /** To be told of entries before they are written. */
  note(entries: readonly Named[]): void {
    const rows = new StoreRows(this.#store)
    for (const { kind, id } of entries) {
      const key = rowKey(kind, id)
      if (this.#before.has(key)) continue
      this.#before.set(key, { kind, id, version: rows.get('registry', key)?.version })
    }
  }

  /** Writes every entry as it was before. Throws `StoreFailed`; what is taken back until then stays so. */
  async takeBack(engine: Pick<Engine, 'registry'>, source: string): Promise<void> {
    const rows = new StoreRows(this.#store)
    let batch: RegistryEntry[] = []
    const write = async () => {
      if (batch.length === 0) return
      const written = await engine.registry(source, batch)
      const [failed] = written.ok ? [] : written.problems
      if (failed !== undefined) throw new StoreFailed(failed)
      batch = []
    }
    for (const { kind, id, version } of this.#before.values()) {
      batch.push({ kind, id, entry: version && entryAt(rows, version) })
      if (batch.length >= BATCH) await write()
    }
    await write()
  }
}

function entryAt(rows: StoreRows, [seq, index]: RegisterVersion): unknown {
  const record = rows.record(seq)
  return record.kind === 'registry' ? record.entries[index]?.entry : undefined
}
