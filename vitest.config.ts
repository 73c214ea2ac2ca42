import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { UnfinishedFiles } from './test/unfinished-files.ts'

/**
 * Files that have a process of their own: among others' heaps and types the model histories took half as long again; a thread that
 * runs out of memory, or a store with lost pages, may end its process.
 */
const APART = [
  'test/{crash,demo,model,simulation,store,workers}/**/*.test.ts',
  'test/bench/suite.test.ts',
  'test/hostile/hostile.test.ts',
]

/**
 * The longest, in the order in which they begin: first those apart, then those that share a process. One that computes is beside those
 * that wait for processes and clocks: on two cores the model's histories last as long as the next three together. Without this order
 * one core had nothing left to do while the other was in the middle of a long file.
 */
const FIRST = [
  'test/model/model.test.ts',
  'test/crash/crash.test.ts',
  'test/bench/suite.test.ts',
  'test/workers/pool-faults.test.ts',
  'test/simulation/simulation.test.ts',
  'test/model/coverage.test.ts',
  'test/demo/demo.test.ts',
  'test/workers/pool-equality.test.ts',
  'test/hostile/hostile.test.ts',
  'test/model/reversal-restores.test.ts',
  'test/crash/power-loss.test.ts',
  'test/server/routes/access-ended.test.ts',
  'test/engine/bounds.test.ts',
  'test/engine/refusals-load.test.ts',
  'test/engine/verify-ledger.test.ts',
  'test/engine/flips.test.ts',
  'test/engine/replay-histories.test.ts',
  'test/server/insurers/hostile-packs.test.ts',
  'test/server/hostile/frames.test.ts',
  'test/server/insurers/activations.test.ts',
  'test/protocol/plain-bill.test.ts',
  'test/service/serve.test.ts',
  'test/service/killed.test.ts',
  'test/server/hostile/requests.test.ts',
  'test/server/hostile/slow-loris.test.ts',
]

/** Vitest itself knows which files are long only where it has run before; in a fresh clone it goes by their size. */
class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId, project }: TestSpecification) => {
      const at = FIRST.indexOf(relative(import.meta.dirname, moduleId))
      // A process is shared only while the next file is of the same project.
      return (project.name === 'apart' ? 0 : FIRST.length + 1) + (at < 0 ? FIRST.length : at)
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    // Worker processes, not threads: a test may start threads of its own, and one crash stays in one file.
    pool: 'forks',
    // Vitest leaves a core free, which on a machine of two is half of it.
    maxWorkers: availableParallelism(),
    // Only against a test that hangs: shared machines are slow at times, and no test may assert a time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', new UnfinishedFiles()],
    globalSetup: 'test/build-first.ts',
    sequence: { sequencer: LongFilesFirst },
    projects: [
      { extends: true, test: { name: 'apart', include: APART } },
      {
        extends: true,
        test: {
          // What these open, they close. One set of modules in a worker, compiled and warm, saves a third of their time: loading them
          // anew for each file took as long as many a file's tests.
          name: 'sharing',
          include: ['test/**/*.test.ts'],
          exclude: APART,
          isolate: false,
        },
      },
    ],
  },
})
