import { expect, test } from 'vitest'
import { bands, benefit, bill, line, pack, percent, profile } from './build.ts'
import { differences } from './compare.ts'
import { oracleSettle } from './oracle-settle.ts'

/** The comparison must be able to fail: an answer of another kind is a difference, whatever it says. */

const SETTLED = oracleSettle(
  bill([line('1', { inScope: 10 })]),
  { person: { id: 'P' }, policies: [] },
  new Map(),
  {
    profile: profile(),
    packs: [
      pack('basic', 'basic', {
        benefits: [benefit('b', { bands: bands('b', [{ rate: percent(50) }]) })],
      }),
    ],
  },
)

test('a refusal, even one without a code, differs from a settlement', () => {
  expect(differences({ kind: 'refusal', problems: [] }, SETTLED)).toEqual([
    'answer: core refused , oracle settled',
  ])
})

test('refusals for different reasons differ, for the same reason they agree', () => {
  const core = {
    kind: 'refusal' as const,
    problems: [{ code: 'LINE_REFUND_EXCEEDS' as const, where: '', details: {} }],
  }
  expect(differences(core, { refused: ['FACT_MISSING'] })).toHaveLength(1)
  expect(differences(core, { refused: ['LINE_REFUND_EXCEEDS'] })).toEqual([])
})
