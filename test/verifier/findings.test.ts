import { describe, expect, test } from 'vitest'
import type { ExplanationStep } from '../../src/adjudication/explanation.ts'
import type { Settlement } from '../../src/adjudication/settlement.ts'
import { adviseProblem, describeProblem, type Problem } from '../../src/errors/problem.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import { CASE_022 } from './case-022.ts'
import { changed } from './mutations.ts'

/** Case 022 with the step `step` replaced by what `change` makes of it. */
function forged(step: number, change: (stated: ExplanationStep) => ExplanationStep): Settlement {
  const explanation = CASE_022.explanation.map((stated, index) =>
    index === step ? change(stated) : stated,
  )
  return { ...CASE_022, explanation }
}

const [LINE] = CASE_022.lines
const IN_SCOPE_LINE = 0
const LAYER = 2
const BENEFIT = 3

function withFirstLine(change: Partial<Settlement['lines'][number]>): Settlement {
  if (LINE === undefined) throw new Error('case 022 has lines')
  return { ...CASE_022, lines: [{ ...LINE, ...change }, ...CASE_022.lines.slice(1)] }
}

type Found = readonly [Problem['code'], string]

function found(settlement: Settlement): readonly Found[] {
  const problems = verifySettlement(settlement)
  for (const each of problems) {
    const sentences = [describeProblem(each, 'zh'), describeProblem(each, 'en')]
    expect([...sentences, adviseProblem(each, 'en')].join(' ')).not.toMatch(/\{\w+\}/)
  }
  return problems.map(({ code, where }) => [code, where])
}

describe('a forged settlement is found out, and what is wrong with it is told apart', () => {
  test.each<[string, Settlement, Found]>([
    [
      'a payment that the bands do not give',
      changed(CASE_022, ['explanation', BENEFIT, 'payment'], 1),
      ['VERIFY_AMOUNT_DIFFERS', 'explanation[3].payment'],
    ],
    [
      'a layer of another version of its pack',
      forged(LAYER, (step) => (step.step === 'layer' ? { ...step, hash: 'other' } : step)),
      ['VERIFY_FACT_DIFFERS', 'explanation[2].hash'],
    ],
    [
      'a line under another name than was classified',
      withFirstLine({ id: 'other' }),
      ['VERIFY_FACT_DIFFERS', 'lines[0].id'],
    ],
    [
      'a line that is classified twice',
      { ...CASE_022, explanation: [...CASE_022.explanation.slice(0, 1), ...CASE_022.explanation] },
      ['VERIFY_REFERENCE_UNKNOWN', 'explanation[1].line'],
    ],
    [
      'an amount below zero in a step',
      changed(CASE_022, ['explanation', IN_SCOPE_LINE, 'inScope'], -200_000_000),
      ['VERIFY_AMOUNT_NEGATIVE', 'explanation[0].inScope'],
    ],
    [
      'a payment below zero in the outcome',
      changed(CASE_022, ['payers', 0, 'amount'], -200_000_000),
      ['VERIFY_AMOUNT_NEGATIVE', 'payers[0].amount'],
    ],
    [
      'a fen that nobody bears',
      changed(CASE_022, ['lines', 0, 'amount'], 1),
      ['VERIFY_NOT_CONSERVED', 'lines[0].line 1'],
    ],
    [
      'a rate over zero',
      changed(CASE_022, ['explanation', BENEFIT, 'bands', 0, 'rateDen'], -10),
      ['VERIFY_DENOMINATOR_ZERO', 'explanation[3].bands[0].rateDen'],
    ],
  ])('%s', (_, settlement, expected) => {
    expect(found(settlement)).toContainEqual(expected)
  })
})
