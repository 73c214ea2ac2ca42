import { expect, test } from 'vitest'
import type { BenefitStep } from '../../src/adjudication/explanation.ts'
import { settle } from '../../src/adjudication/settle.ts'
import type { Settlement } from '../../src/adjudication/settlement.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import {
  bands,
  benefit,
  bill,
  counter,
  line,
  limit,
  pack,
  percent,
  profile,
  yuan,
} from '../oracle/build.ts'

/** A cap of 500.00 a year with 100.00 used, on a benefit whose bands run on over the year. */
function capped(): Settlement {
  const cap = { ...limit('x', 'payment', yuan(500)), counter: counter('a:cap', 'year', 'person') }
  const rows = [{ upTo: yuan(300), rate: percent(50) }, { rate: percent(80) }]
  const yearly = bands('x', rows, { counter: counter('a:axis', 'year', 'person') })
  const compiled = compilePack(
    pack('a', 'basic', { benefits: [benefit('x', { bands: yearly, limits: [cap] })] }),
  )
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  const before = new Map([
    ['person:P|a:cap|2023|', 100_00],
    ['person:P|a:axis|2023|', 200_00],
  ])
  const person = { person: { id: 'P' }, policies: [] }
  const answer = settle(bill([line('1', { inScope: 1000 })]), person, before, {
    profile: profile(),
    packs: [compiled.value],
  })
  if (answer.kind === 'refusal') throw new Error(JSON.stringify(answer.problems))
  return answer
}

function changed(change: (step: BenefitStep) => BenefitStep): Settlement {
  const settlement = capped()
  const explanation = settlement.explanation.map((step) =>
    step.step === 'benefit' ? change(step) : step,
  )
  return { ...settlement, explanation }
}

test('what was settled is right', () => {
  expect(verifySettlement(capped())).toEqual([])
  expect(capped().payers[0]?.amount).toBe(400_00)
})

test.each<[string, () => Settlement]>([
  [
    'a counter left out of a step',
    () => changed((step) => ({ ...step, counters: step.counters.slice(1) })),
  ],
  [
    'a part of a counter left out',
    () =>
      changed((step) => ({
        ...step,
        counters: step.counters.map((use) => ({ ...use, adds: [] })),
      })),
  ],
  [
    'another start of the axis',
    () => changed((step) => ({ ...step, axis: { type: 'includingDeductible', start: 0 } })),
  ],
  [
    'another use of the limit',
    () =>
      changed((step) => ({
        ...step,
        limits: step.limits.map((use) => ({ ...use, used: 0, room: use.amount })),
      })),
  ],
  [
    'another amount in the national record',
    () => ({ ...capped(), setlinfo: { ...capped().setlinfo, hifp_pay: '400.01' } }),
  ],
])('%s is found', (_, wrong) => {
  expect(verifySettlement(wrong()).length).toBeGreaterThan(0)
})
