import { expect, test } from 'vitest'
import { settle } from '../../src/adjudication/settle.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import { bands, benefit, bill, line, pack, percent, profile } from '../oracle/build.ts'

/** A benefit on the cost names nothing anew: neither its first share nor what a floor pays beyond it. */
test.each([
  ['alone', {}, [550_00, 100_00]],
  [
    'under a floor that pays beyond it',
    { floor: { rate: percent(100), base: [{ category: 'ownPay' } as const] } },
    [0, 100_00],
  ],
])('finds nothing wrong with a first share of the cost in a basic layer %s', (_, more, left) => {
  const compiled = compilePack(
    pack('basic', 'basic', {
      benefits: [
        benefit('b', {
          of: 'cost',
          firstShares: [{ rate: percent(10) }],
          bands: bands('b', [{ rate: percent(50) }]),
          ...more,
        }),
      ],
    }),
  )
  if (!compiled.ok) throw new Error('the pack compiles')
  const rules = { profile: profile(), packs: [compiled.value] }
  const charged = bill([line('1', { inScope: 1000, preSelfPay: 100, ownPay: 1200 })])
  const nobody = { person: { id: 'P' }, policies: [] }
  const answer = settle(charged, nobody, new Map(), rules)
  if (answer.kind === 'refusal') throw new Error('the bill is settled')
  expect([answer.residual.inScope, answer.residual.preSelfPay]).toEqual(left)
  expect(verifySettlement(answer)).toEqual([])
})
