import { openEngine, type Engine } from '../../engine/open-engine.ts'
import type { EngineSettings } from '../../engine/limits.ts'
import { openLedgerStore } from '../../store/lmdb-store.ts'
import type { SealedStore } from '../../store/sealed-store.ts'
import type { ExitCode } from '../exit-codes.ts'
import { refusedWith, type OutputOptions } from '../refused.ts'
import type { Terminal } from '../terminal.ts'

export interface OpenedEngine {
  readonly engine: Engine
  readonly store: SealedStore
}

/** Opens an engine on the ledger in `directory`, which is made where there is none, for the time of `work`; a ledger that cannot be opened is said so, and nothing done. */
export async function withEngine(
  directory: string,
  output: OutputOptions,
  terminal: Terminal,
  work: (ledger: OpenedEngine) => Promise<ExitCode>,
  settings: Partial<EngineSettings> = {},
): Promise<ExitCode> {
  const store = await openLedgerStore(directory)
  if (!store.ok) return refusedWith(store.problems, output, terminal)
  try {
    const engine = await openEngine({ store: store.value, clock: () => Date.now(), settings })
    if (!engine.ok) return refusedWith(engine.problems, output, terminal)
    try {
      return await work({ engine: engine.value, store: store.value })
    } finally {
      await engine.value.close()
    }
  } finally {
    await store.value.close()
  }
}
