import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * Folders whose tests leave nothing behind: what they open, they close. Their files share one set of modules in a worker, which saves
 * a third of their time; loading them anew for each file took as long as many a file's tests. Long computations stay apart: among
 * others' heaps and types the model histories took half as long again.
 */
const SHARING = [
  'adjudication',
  'catalog',
  'checking',
  'cli',
  'client',
  'config',
  'conformance',
  'docs',
  'engine',
  'errors',
  'files',
  'ledger',
  'money',
  'oracle',
  'protocol',
  'reconciliation',
  'registry',
  'rules',
  'server',
  'verifier',
].map((folder) => `test/${folder}/**/*.test.ts`)

export default defineConfig({
  test: {
    // Worker processes, not threads: a test may start threads of its own, and one crash stays in one file.
    pool: 'forks',
    // Vitest leaves a core free, which on a machine of two is half of it.
    maxWorkers: availableParallelism(),
    // Only against a test that hangs: shared machines are slow at times, and no test may assert a time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default'],
    projects: [
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
      {
        extends: true,
        test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: SHARING },
      },
    ],
  },
})
