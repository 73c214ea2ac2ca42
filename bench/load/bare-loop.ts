import { performance } from 'node:perf_hooks'
import type { Put, Store } from '../../src/engine/ports.ts'

/** The commits that went through a store, so that the same bytes can be written again without an engine. */
export class RecordedCommits {
  readonly commits: (readonly Put[])[] = []

  /** `store`, remembering what it commits. */
  over(store: Store): Store {
    return {
      get: (table, key) => store.get(table, key),
      range: (table, range) => store.range(table, range),
      count: (table) => store.count(table),
      backup: async (path) => store.backup(path),
      close: async () => store.close(),
      commit: async (puts) => {
        this.commits.push(puts)
        await store.commit(puts)
      },
    }
  }
}

/** The bare group-commit loop: the same transactions, one after the other. Seconds. */
export async function replayCommits(
  store: Store,
  commits: readonly (readonly Put[])[],
): Promise<number> {
  const begun = performance.now()
  for (const puts of commits) await store.commit(puts)
  return (performance.now() - begun) / 1000
}
