import { describe, expect, test } from 'vitest'
import type { Settlement } from '../../src/adjudication/settlement.ts'
import { describeProblem } from '../../src/errors/problem.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import { CASE_022 } from './case-022.ts'
import { SCENARIOS } from './scenarios.ts'
import { changed, numbersOf } from './mutations.ts'

/**
 * Numbers with nothing to hold them against: the semantics and the day are inputs, a segment is a label, and a floor does
 * not say which cells its cost came from.
 */
const INPUTS = [
  /^semantics$/,
  /^settlementDay$/,
  /^explanation\.\d+\.segment$/,
  /^explanation\.\d+\.floor\.cells\.\d+$/,
]

/** Paths at which a change by one goes unnoticed. */
function unnoticed(settlement: Settlement, by: number): string[] {
  return numbersOf(settlement).flatMap((path) => {
    const name = path.join('.')
    if (INPUTS.some((input) => input.test(name))) return []
    return verifySettlement(changed(settlement, path, by)).length > 0 ? [] : [name]
  })
}

describe('published case 022', () => {
  test('holds to the fen', () => {
    expect(verifySettlement(CASE_022)).toEqual([])
  })

  test('any number one up is noticed', () => {
    expect(unnoticed(CASE_022, 1)).toEqual([])
  })

  test('any number one down is noticed', () => {
    expect(unnoticed(CASE_022, -1)).toEqual([])
  })

  test('a difference names the step, what was recomputed and what stands there', () => {
    const path = ['explanation', 3, 'bands', 0, 'payment']
    const [found] = verifySettlement(changed(CASE_022, path, 1))
    expect(found?.where).toBe('explanation[3].bands[0].payment')
    expect(found && describeProblem(found, 'zh')).toBe(
      'step 3 (benefit cq/basic:main) 的 bands[0].payment：重新计算为 125790.00，结算记载为 125790.01',
    )
  })

  test('a part of a fen is refused before anything is recomputed', () => {
    const problems = verifySettlement(changed(CASE_022, ['total'], 0.5))
    expect(problems.map(({ code, where }) => [code, where])).toEqual([
      ['VERIFY_NUMBER_NOT_WHOLE', 'total'],
    ])
  })
})

describe.each(SCENARIOS)('%s', (_, settlement, slack) => {
  test('holds to the fen', () => {
    expect(verifySettlement(settlement)).toEqual([])
  })

  test('any number one up is noticed, where it matters', () => {
    expect(unnoticed(settlement, 1)).toEqual(slack)
  })

  test('any number one down is noticed, where it matters', () => {
    const down = unnoticed(settlement, -1)
    expect(down.filter((path) => !slack.includes(path))).toEqual([])
  })
})
