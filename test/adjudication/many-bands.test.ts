import { expect, test } from 'vitest'
import { settle } from '../../src/adjudication/settle.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { Band } from '../../src/rules/pack.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import { bands, benefit, bill, limit, line, pack, profile, yuan } from '../oracle/build.ts'

/** No two rates have a denominator in common, and each is as large as a rate may be. */
function manyBands(count: number): Band[] {
  const rows = Array.from({ length: count }, (_, index) => ({
    upTo: yuan((index + 1) * 1_000_000_000),
    rate: {
      type: 'literal' as const,
      num: 45_035_996_273_704 + index,
      den: 2 ** 53 - 111 - 2 * index,
    },
  }))
  return [...rows, { rate: { type: 'literal', num: 1, den: 2 } }]
}

/** Took most of a minute when the fraction was reduced at every band of every base that was tried. */
test('bands of unlike rates that are rounded once are paid soon', { timeout: 5_000 }, () => {
  const compiled = compilePack(
    pack('basic', 'basic', {
      benefits: Array.from({ length: 40 }, (_, index) =>
        benefit(`b${index}`, {
          bands: bands(`b${index}`, manyBands(99), { rounding: 'benefit' }),
          limits: [limit(`b${index}`, 'payment', yuan(700_000_000 + index))],
        }),
      ),
    }),
  )
  if (!compiled.ok) throw new Error('the pack compiles')
  const charged = bill([line('1', { inScope: 90_000_000_000_000 })])
  const rules = { profile: profile(), packs: [compiled.value] }
  const answer = settle(charged, { person: { id: 'P' }, policies: [] }, new Map(), rules)
  if (answer.kind === 'refusal') throw new Error('the bill is settled')
  expect(answer.payers.map(({ amount }) => amount)).toEqual([70_000_000_000 * 40 + 78_000])
  expect(verifySettlement(answer)).toEqual([])
})
