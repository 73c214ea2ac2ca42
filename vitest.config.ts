import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * Folders whose tests neither start threads or processes nor measure memory: their files share one set of modules in a worker,
 * which saves a third of their time.
 */
const SHARING = [
  'adjudication',
  'catalog',
  'checking',
  'cli',
  'conformance',
  'docs',
  'money',
  'oracle',
  'protocol',
  'registry',
  'rules',
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
