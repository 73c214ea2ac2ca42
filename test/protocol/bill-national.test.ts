import { describe, expect, test } from 'vitest'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { billTree, capturedMessage, capturedOutput, PROFILE, type Tree } from './documents.ts'

const OUTPATIENT = '03-2207-response-hebei-outpatient'

describe('a bill with the platform’s answer', () => {
  const setlinfo = capturedOutput(OUTPATIENT, 'setlinfo')
  const setldetail = capturedOutput(OUTPATIENT, 'setldetail')
  const rows = capturedOutput('01-2204-response-hebei-outpatient', 'result')
  const national = { setlinfo, setldetail, lines: rows }
  const outpatient = {
    person: { id: '13030011303000000001', balc: 1378.15 },
    visit: { id: '300000001', kind: 'outpatient', start: '2021-11-29' },
    settlementDate: '2021-11-29 18:09:52',
    given: { national },
  }

  function problems(changes: Tree): readonly (readonly [string, string])[] {
    const document = readBillDocument(billTree({ ...outpatient, ...changes }), PROFILE)
    return document.ok ? [] : document.problems.map(({ code, where }) => [code, where] as const)
  }

  test('takes lines and their cut from it', () => {
    const document = readBillDocument(billTree({ ...outpatient, lines: null }), PROFILE)
    if (!document.ok) throw new Error(JSON.stringify(document.problems))
    const { bill } = document.value
    expect(bill.lines).toHaveLength(1)
    expect(bill.lines[0]).toMatchObject({
      id: 'yp570',
      amount: 452,
      classification: { ownPay: 0, overLimit: 0, preSelfPay: 23, inScope: 429 },
      facts: { chargeType: '09', chargeLevel: 'B' },
    })
    expect(bill.given?.accountPaid).toBe(452)
  })

  test('joins the cut to its own lines by their id', () => {
    const lines = [{ id: 'yp570', code: 'XC09', amount: 4.52 }]
    const document = readBillDocument(billTree({ ...outpatient, lines }), PROFILE)
    expect(document).toMatchObject({
      value: { bill: { lines: [{ facts: { code: 'XC09' }, classification: { inScope: 429 } }] } },
    })
  })

  test.each([
    [
      'another amount',
      { lines: [{ id: 'yp570', amount: 4.53 }] },
      'NATIONAL_LINE_DIFFERS',
      'lines[0].amount',
    ],
    [
      'an unknown line',
      { lines: [{ id: 'b', inScope: 4.52 }] },
      'NATIONAL_LINE_UNMATCHED',
      'given.national',
    ],
    [
      'another person',
      { person: { id: 'P1' } },
      'NATIONAL_OTHER_VISIT',
      'given.national.setlinfo.psn_no',
    ],
    [
      'another visit',
      { visit: { id: 'V', start: '2021-11-29' } },
      'NATIONAL_OTHER_VISIT',
      'given.national.setlinfo.mdtrt_id',
    ],
    [
      'another balance (I7)',
      { person: { id: '13030011303000000001', accountBalance: '1378.16' } },
      'NATIONAL_BALANCE_DIFFERS',
      'given.national.setlinfo.balc',
    ],
    [
      'a line more than the settlement',
      { lines: [{ id: 'yp570' }, { id: 'b', ownPay: 1 }] },
      'NATIONAL_LINES_SUM_DIFFERS',
      'given.national.setlinfo.medfee_sumamt',
    ],
    [
      'a reversal',
      { given: { national: capturedMessage('04-2208-response-hebei-reversal') } },
      'NATIONAL_ANSWER_IS_REVERSAL',
      'given.national.setlinfo',
    ],
  ])('%s', (_, changes, code, where) => {
    expect(problems({ lines: null, ...changes })).toContainEqual([code, where])
  })
})
