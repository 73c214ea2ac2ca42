import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Worker processes, not threads: a test may start threads of its own, and one crash stays in one file.
    pool: 'forks',
    // Vitest leaves a core free, which on a machine of two is half of it.
    maxWorkers: availableParallelism(),
    // Only against a test that hangs: shared machines are slow at times, and no test may assert a time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
})
