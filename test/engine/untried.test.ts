import { expect, test } from 'vitest'
import type { Evaluator } from '../../src/engine/evaluator-port.ts'
import { openEngine } from '../../src/engine/open-engine.ts'
import { accepted } from '../conformance/rules.ts'
import { billOf, NOW, Town } from '../workers/town.ts'

test('a bill that must be tried and that nobody tries is refused, not asked for again for ever', async () => {
  const town = await Town.open({ workers: 0 })
  let asked = 0
  const evaluator: Evaluator = {
    workers: 0,
    evaluate: async () => {
      asked += 1
      return Promise.resolve({ kind: 'unavailable' })
    },
    close: async () => Promise.resolve(),
  }
  const defects: string[] = []
  const engine = accepted(
    await openEngine({
      store: town.store,
      clock: () => NOW,
      evaluator,
      watch: { now: () => 0, slowMs: 1, slow: () => undefined, mustBeTried: () => true },
      onDefect: (error) => defects.push(String(error)),
    }),
    'engine',
  )
  const reply = await engine.submit({
    operation: 'settle',
    hospital: 'H',
    requestId: 'R1',
    body: { bill: billOf('A1', 'V1', 100) },
  })
  expect(reply).toMatchObject({ kind: 'refused', problems: [{ code: 'DEFECT' }] })
  expect(defects).toHaveLength(1)
  expect(asked).toBeGreaterThan(1)
  await engine.close()
})
