import { expect, test } from 'vitest'
import { settle } from '../../src/adjudication/settle.ts'
import { verifySettlement } from '../../src/verifier/verify-settlement.ts'
import { bill, line, profile } from '../oracle/build.ts'

test('a bill that no pack applies to is settled, and the patient bears all of it', () => {
  const coverage = { person: { id: 'P' }, policies: [] }
  const own = bill([line('1', { inScope: 1000 }), line('2', { ownPay: 0.5 })])
  const answer = settle(own, coverage, new Map(), { profile: profile(), packs: [] })
  if (answer.kind === 'refusal') throw new Error(JSON.stringify(answer.problems))
  expect(answer).toMatchObject({ payers: [], total: 1000_50, patient: { total: 1000_50 } })
  expect(verifySettlement(answer)).toEqual([])
})
