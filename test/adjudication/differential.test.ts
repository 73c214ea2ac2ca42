import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coreOf } from '../oracle/core.ts'
import { histories, type History } from '../oracle/generators.ts'
import { describeHistory, runHistory } from '../oracle/run-history.ts'
import { unusualHistories } from '../oracle/unusual.ts'

/** Fixed, so that the suite says the same every time; `test/oracle/soak.ts` looks further. */
const SEED = 20_260_722

test.each<[number, string, fc.Arbitrary<History>]>([
  [1_000, 'random', histories],
  [300, 'unusual', unusualHistories],
])(
  'core and oracle settle %d %s histories to the same fen',
  (runs, _, made) => {
    const agree = fc.property(made, (history) => runHistory(history, coreOf(history)).length === 0)
    const result = fc.check(agree, { numRuns: runs, seed: SEED })
    const [history] = result.counterexample ?? []
    const report =
      history === undefined
        ? ''
        : `${describeHistory(history)}\n${runHistory(history, coreOf(history)).join('\n')}`
    expect(report).toBe('')
    expect(result.failed).toBe(false)
  },
  120_000,
)
