import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coreOf } from '../oracle/core.ts'
import { histories } from '../oracle/generators.ts'
import { describeHistory, runHistory } from '../oracle/run-history.ts'

/** Fixed, so that the suite says the same every time; `test/oracle/soak.ts` looks further. */
const SEED = 20_260_722

test('core and oracle settle 1,000 random histories to the same fen', () => {
  const agree = fc.property(
    histories,
    (history) => runHistory(history, coreOf(history)).length === 0,
  )
  const result = fc.check(agree, { numRuns: 1_000, seed: SEED })
  const [history] = result.counterexample ?? []
  const report =
    history === undefined
      ? ''
      : `${describeHistory(history)}\n${runHistory(history, coreOf(history)).join('\n')}`
  expect(report).toBe('')
  expect(result.failed).toBe(false)
}, 120_000)
