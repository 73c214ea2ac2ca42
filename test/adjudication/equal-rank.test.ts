import { expect, test } from 'vitest'
import { settle } from '../../src/adjudication/settle.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import {
  bands,
  benefit,
  bill,
  deductible,
  line,
  pack,
  percent,
  profile,
  yuan,
} from '../oracle/build.ts'

test('tells the deductible of a basic layer that shares its rank', () => {
  const packs = ['basic', 'large-amount'].map((id) => {
    const compiled = compilePack(
      pack(id, id === 'basic' ? 'basic' : 'large-amount', {
        benefits: [
          benefit('b', {
            deductible: deductible(id, yuan(300)),
            bands: bands(id, [{ rate: percent(50) }]),
          }),
        ],
      }),
    )
    if (!compiled.ok) throw new Error('the pack compiles')
    return compiled.value
  })
  const rules = {
    profile: profile({ order: [{ kinds: ['basic', 'large-amount'], sharing: 'equal' }] }),
    packs,
  }
  const person = { person: { id: 'P' }, policies: [] }
  const answer = settle(bill([line('1', { inScope: 1000 })]), person, new Map(), rules)
  if (answer.kind === 'refusal') throw new Error('the bill is settled')
  expect(answer.payers.map(({ amount }) => amount)).toEqual([350_00, 350_00])
  expect(answer.deductibleUsed).toBe(300_00)
  expect(answer.setlinfo['act_pay_dedc']).toBe('300.00')
  expect(verifySettlement(answer)).toEqual([])
})
