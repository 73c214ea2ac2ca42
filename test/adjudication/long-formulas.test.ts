import { expect, test } from 'vitest'
import { settle } from '../../src/adjudication/settle.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { Value } from '../../src/rules/pack.ts'
import { bands, benefit, bill, cel, limit, line, pack, percent, profile } from '../oracle/build.ts'

/** Eighty shares of an age, no two of them with a denominator in common. */
function sumOfShares(from: number): Value {
  const shares = Array.from({ length: 80 }, (_, index): Value => {
    const share: Value = {
      type: 'literal',
      num: 45_035_996_273_704,
      den: 2 ** 53 - 111 - 2 * (from + index),
    }
    const age: Value = { type: 'fact', expression: cel('person.age') }
    return { type: 'formula', op: 'multiply', args: [age, share] }
  })
  return { type: 'formula', op: 'add', args: shares }
}

/** Took ten seconds when the fraction was reduced at every step. */
test('long formulas of unlike fractions are computed soon', { timeout: 5_000 }, () => {
  const compiled = compilePack(
    pack('basic', 'basic', {
      benefits: Array.from({ length: 40 }, (_, at) =>
        benefit(`b${at}`, {
          bands: bands(`b${at}`, [{ rate: percent(50) }]),
          limits: Array.from({ length: 20 }, (__, index) =>
            limit(`b${at}.${index}`, 'payment', sumOfShares(index), { id: `limit-${index}` }),
          ),
        }),
      ),
    }),
  )
  if (!compiled.ok) throw new Error('the pack compiles')
  const rules = { profile: profile(), packs: [compiled.value] }
  const person = { person: { id: 'P', age: 40 }, policies: [] }
  const answer = settle(bill([line('1', { inScope: 1000 })]), person, new Map(), rules)
  if (answer.kind === 'refusal') throw new Error('the bill is settled')
  // 80 × 40 × 0.005 of a fen is 16 fen for each benefit.
  expect(answer.payers.map(({ amount }) => amount)).toEqual([16 * 40])
})
