import { describe, expect, test } from 'vitest'
import { parseJsonExact } from '../../src/protocol/json-exact.ts'
import { readNationalAnswer } from '../../src/protocol/national-answer.ts'
import { SOCIAL_KINDS } from '../../src/rules/kind.ts'
import { asTree, capturedMessage, capturedOutput, capturedText, type Tree } from './documents.ts'

const OUTPATIENT = '03-2207-response-hebei-outpatient'
const INPATIENT = '06-2303-response-chongqing-inpatient'

function read(message: unknown) {
  const answer = readNationalAnswer(message)
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems))
  return answer.value
}

function problemsOf(message: unknown) {
  const answer = readNationalAnswer(message)
  return answer.ok ? [] : answer.problems
}

/** The inpatient answer with fields of its setlinfo changed, its setldetail replaced when given. */
function inpatient(changes: Tree, setldetail?: unknown): Tree {
  const setlinfo = { ...asTree(capturedOutput(INPATIENT, 'setlinfo')), ...changes }
  return { setlinfo, setldetail: setldetail ?? capturedOutput(INPATIENT, 'setldetail') }
}

describe('captured answers', () => {
  test('an outpatient settlement paid from the account', () => {
    const { settled, warnings } = read(capturedMessage(OUTPATIENT))
    expect(settled).toMatchObject({ total: 452, personPart: 452, cash: 0, visitId: '300000001' })
    expect(settled?.parts).toEqual({ ownPay: 0, overLimit: 0, preSelfPay: 23, inScope: 429 })
    expect(settled?.given).toEqual({
      payments: [],
      kinds: SOCIAL_KINDS,
      hospitalShare: 0,
      deductible: 429,
      accountPaid: 452,
      accountMutualAid: 0,
      balanceAfter: 137363,
      settlementId: '400000001',
      messageId: 'H13110200026202111291809520478',
      confirmed: false,
    })
    expect(warnings).toEqual([])
  })

  test('a pre-settlement has no settlement id', () => {
    const { settled } = read(capturedMessage('02-2206-response-hebei-outpatient'))
    expect(settled?.given).not.toHaveProperty('settlementId')
  })

  test('an inpatient pre-settlement with a large-amount fund and a hospital share', () => {
    const { settled } = read(capturedMessage(INPATIENT))
    expect(settled?.given).toMatchObject({
      payments: [
        {
          kind: 'large-amount',
          payerId: 'hifob',
          wire: 'hifob_pay',
          fundPayType: '330101',
          amount: 1878539,
        },
      ],
      hospitalShare: 50501,
      accountPaid: 17004,
    })
    expect(settled).toMatchObject({ total: 2344246, personPart: 415206, cash: 398202 })
  })

  test('lines of a fee upload', () => {
    const { lines, settled } = read(capturedMessage('05-2301-response-chongqing-inpatient-lines'))
    expect(settled).toBeUndefined()
    expect(lines).toHaveLength(16)
    expect(lines[4]).toEqual({
      id: 'XM5129935',
      amount: 150,
      classification: { ownPay: 150, overLimit: 0, preSelfPay: 0, inScope: 0 },
      chargeType: '14',
      chargeLevel: 'C',
    })
  })

  test.each([OUTPATIENT, INPATIENT, '05-2301-response-chongqing-inpatient-lines'])(
    '%s reads alike as text and as parsed JSON, bare and in its envelope',
    (name) => {
      const tree = parseJsonExact(capturedText(name))
      if (!tree.ok) throw new Error('not JSON')
      const message = asTree(asTree(tree.value)['message'])
      expect(read(message)).toEqual(read(capturedMessage(name)))
      expect(read(message['output'])).toEqual(read(message))
    },
  )

  test.each([
    ['04-2208-response-hebei-reversal', 'NATIONAL_ANSWER_IS_REVERSAL'],
    ['09-1101-response-hebei-several-insurances', 'NATIONAL_ANSWER_UNRECOGNISED'],
    ['13-9001-response-sign-in', 'NATIONAL_ANSWER_UNRECOGNISED'],
    ['15-2302-response-empty-output', 'NATIONAL_ANSWER_EMPTY'],
    ['16-2401-response-failure', 'NATIONAL_ANSWER_FAILED'],
  ])('%s is refused with %s', (name, code) => {
    expect(problemsOf(capturedMessage(name)).map((item) => item.code)).toEqual([code])
  })
})

describe('one meaning in many spellings', () => {
  test.each([
    ['strings', { medfee_sumamt: '23442.46', hifob_pay: '18785.39' }],
    [
      'other names',
      { psn_part_amt: null, psn_cash_pay: '', psn_pay: 4152.06, cashPayamt: 3982.02 },
    ],
    ['other total', { medfee_sumamt: '', med_fee_sumamt: 23442.46 }],
    ['misspelt first self-pay', { preselfpay_amt: 0, prese_ifpay_amt: 703.44 }],
    ['hospital share in its local field', { hosp_part_amt: null, ownpay_hosp_part: 505.01 }],
    ['hospital share in the 9999xx row alone', { hosp_part_amt: 0 }],
  ])('%s', (_, changes) => {
    const { settled } = read(inpatient(changes))
    const asCaptured = read(capturedMessage(INPATIENT)).settled
    expect(settled).toEqual(asCaptured)
  })

  test('a missing person part is account + cash, and said so', () => {
    const { settled, warnings } = read(inpatient({ psn_part_amt: 0, psn_pay: null }))
    expect(settled?.personPart).toBe(415206)
    expect(warnings.map(({ code }) => code)).toEqual(['NATIONAL_PERSON_PART_DERIVED'])
  })

  test('a bill wholly own pay that the platform left outside falls on the person', () => {
    const setlinfo = {
      medfee_sumamt: 3300,
      fulamt_ownpay_amt: '3300.00',
      inscp_scp_amt: '',
      psn_part_amt: 0,
    }
    const { settled, warnings } = read({ setlinfo })
    expect(settled?.personPart).toBe(330000)
    expect(warnings[0]?.details).toEqual({ amount: '3300.00', from: 'fulamt_ownpay_amt' })
  })

  test.each([18785.3900000001, '18785.3900009', '1.878539e4', 18785.3899999])(
    'a fund of %s is within a millionth of its fen',
    (hifob_pay) => {
      expect(read(inpatient({ hifob_pay })).settled?.given.payments[0]?.amount).toBe(1878539)
    },
  )

  test('what came through a float is noted', () => {
    const { warnings } = read(inpatient({ hifob_pay: '18785.3900009' }))
    expect(warnings).toEqual([
      {
        code: 'NATIONAL_AMOUNT_NEAR_FEN',
        where: 'setlinfo.hifob_pay',
        details: { field: 'hifob_pay', text: '18785.3900009', amount: '18785.39' },
      },
    ])
  })

  test('a row of details with only empty strings says nothing', () => {
    const { settled, warnings } = read(inpatient({}, [{ fund_pay_type: '', fund_payamt: '' }]))
    expect(settled?.given.hospitalShare).toBe(50501)
    expect(settled?.given.payments[0]).not.toHaveProperty('fundPayType')
    expect(warnings).toEqual([])
  })

  test('noise below zero is no reversal', () => {
    expect(read(inpatient({ maf_pay: -1e-9 })).settled?.given.payments).toHaveLength(1)
  })
})

describe('identities', () => {
  test.each([
    ['I1', { overlmt_selfpay: 1396.88 }, 'NATIONAL_COMPOSITION_DIFFERS', '23442.46', '23442.45'],
    ['I2', { hosp_part_amt: 505.02 }, 'NATIONAL_PAYERS_DIFFER', '23442.46', '23442.47', [{}]],
    ['I3', { maf_pay: 0.01 }, 'NATIONAL_FUNDS_DIFFER', '18785.39', '18785.40'],
    [
      'I4',
      { psn_cash_pay: 3982.03, cashPayamt: 0 },
      'NATIONAL_PERSON_DIFFERS',
      '4152.06',
      '4152.07',
    ],
    [
      'I5',
      {},
      'NATIONAL_DETAIL_DIFFERS',
      '18785.39',
      '18785.38',
      [{ fund_pay_type: '330101', fund_payamt: 18785.38 }],
    ],
  ])('%s broken is refused with both sides', (_, changes, code, left, right, detail?: unknown) => {
    const [first] = problemsOf(inpatient(changes, detail))
    expect(first).toMatchObject({ code, details: { left, right } })
  })

  test('account rows and the hospital row of the details are no funds', () => {
    const rows = [
      { fund_pay_type: '330101', fund_payamt: '18785.39' },
      { fund_pay_type: '390500', fund_payamt: 170.04 },
      { fund_pay_type: '999997', fund_payamt: 505.01 },
    ]
    expect(problemsOf(inpatient({}, rows))).toEqual([])
  })

  const line = { feedetl_sn: 'x', det_item_fee_sumamt: 10, preselfpay_amt: 1, inscp_scp_amt: 9 }

  test.each([
    ['parts', { inscp_scp_amt: 8.99 }, 'NATIONAL_LINE_DIFFERS'],
    ['a negative part', { inscp_scp_amt: 11, preselfpay_amt: -1 }, 'NATIONAL_LINE_DIFFERS'],
    ['price', { pric: 5.01, cnt: 2 }, 'LINE_PRICE_QUANTITY_DIFFERS'],
    ['proportion', { selfpay_prop: 0.2 }, 'NATIONAL_LINE_DIFFERS'],
    ['no id', { feedetl_sn: null }, 'FIELD_MISSING'],
    ['no amount', { det_item_fee_sumamt: 'x' }, 'NATIONAL_AMOUNT_MALFORMED'],
  ])('I6 of a line: %s', (_, changes, code) => {
    expect(problemsOf([{ ...line, ...changes }])[0]?.code).toBe(code)
  })

  test('a line without fault, its refund, and a self-pay one fen off', () => {
    const refund = {
      feedetl_sn: 'r',
      det_item_fee_sumamt: -10,
      preselfpay_amt: -1,
      inscp_scp_amt: -9,
    }
    const near = {
      ...line,
      feedetl_sn: 'n',
      preselfpay_amt: 1.01,
      inscp_scp_amt: 8.99,
      selfpay_prop: 0.1,
    }
    const { lines, warnings } = read([{ ...line, selfpay_prop: '0.1000' }, refund, near])
    expect(lines.map(({ amount }) => amount)).toEqual([1000, -1000, 1000])
    expect(warnings.map(({ code }) => code)).toEqual(['NATIONAL_LINE_DIFFERS'])
  })

  test('I8: the settlement is the sum of its lines', () => {
    const lines = capturedMessage('01-2204-response-hebei-outpatient')
    const setlinfo = asTree(capturedOutput(OUTPATIENT, 'setlinfo'))
    expect(read({ setlinfo, lines }).lines).toHaveLength(1)
    const moved = { ...setlinfo, preselfpay_amt: 0.22, inscp_scp_amt: 4.3 }
    expect(
      problemsOf({ setlinfo: moved, lines }).map(({ code, details }) => [code, details['field']]),
    ).toEqual([
      ['NATIONAL_LINES_SUM_DIFFERS', 'preselfpay_amt'],
      ['NATIONAL_LINES_SUM_DIFFERS', 'inscp_scp_amt'],
    ])
  })

  test.each([
    ['psn_pay', { psn_pay: 4152.07 }, 'NATIONAL_FIELDS_CONTRADICT'],
    ['negative fund', { hifp_pay: -1 }, 'NATIONAL_AMOUNT_NEGATIVE'],
    ['words', { hifp_pay: '无' }, 'NATIONAL_AMOUNT_MALFORMED'],
    ['half a fen', { hifp_pay: 0.005 }, 'NATIONAL_AMOUNT_MALFORMED'],
    ['refunded', { refd_setl_flag: 1 }, 'NATIONAL_ANSWER_IS_REVERSAL'],
    ['details', {}, 'FIELD_NOT_LIST', 'rows'],
  ])('%s', (_, changes, code, detail?: unknown) => {
    expect(problemsOf(inpatient(changes, detail))[0]?.code).toBe(code)
  })
})

describe('what lay above the cap', () => {
  function overCap(steps: unknown, deductible = 0): number | undefined {
    const [row, ...rest] = [capturedOutput(INPATIENT, 'setldetail')].flat()
    const detail = [{ ...asTree(row), setl_proc_info: steps }, ...rest]
    return read(inpatient({ act_pay_dedc: deductible }, detail)).settled?.given.overCap
  }

  test.each([
    [
      'a step above the cap',
      '[{"polItemCode":"C001","hifpPayInscp":18000},{"polItemCode":"EC01","hifpPayInscp":808.16}]',
      80816,
    ],
    [
      'steps that make up the scope',
      '[{"polItemCode":"C001","hifpPayInscp":18008.16,"hifpPay":1}]',
      0,
    ],
    ['steps that do not', '[{"polItemCode":"C001","hifpPayInscp":"12028.48"}]', undefined],
    ['no steps', null, undefined],
    ['no JSON', '[{', undefined],
    ['an amount that is none', '[{"polItemCode":"EC01","hifpPayInscp":"many"}]', undefined],
  ])('%s', (_, steps, expected) => {
    expect(overCap(steps, 800)).toBe(expected)
  })
})

describe('a detail that cannot be read', () => {
  const rows = [capturedOutput(INPATIENT, 'setldetail')].flat().map(asTree)
  const [first, ...rest] = rows
  test.each<[string, readonly Tree[], number]>([
    ['a row of no kind of fund', [...rows, { ...first, fund_pay_type: '统筹' }], rows.length],
    ['steps that are no JSON', [{ ...first, setl_proc_info: '[{' }, ...rest], 0],
  ])('%s: it is left out and said, and the settlement stands', (_, changed, index) => {
    const { settled, warnings } = read(inpatient({}, changed))
    expect(settled?.total).toBe(read(capturedMessage(INPATIENT)).settled?.total)
    expect(warnings.map(({ code, where }) => [code, where])).toEqual([
      ['NATIONAL_DETAIL_IGNORED', `setldetail[${index}]`],
    ])
  })
})

describe('envelopes', () => {
  test.each([
    ['text', '{}', 'NATIONAL_ANSWER_UNRECOGNISED'],
    ['nothing', null, 'NATIONAL_ANSWER_UNRECOGNISED'],
    ['no output', { infcode: 0 }, 'NATIONAL_ANSWER_EMPTY'],
    ['null output', { infcode: '0', output: null }, 'NATIONAL_ANSWER_EMPTY'],
    ['failure', { infcode: '-1', err_msg: '不\u202E行' }, 'NATIONAL_ANSWER_FAILED'],
    ['gateway', { code: 500, message: 'down', success: false }, 'NATIONAL_ANSWER_FAILED'],
    ['gateway without data', { code: 0, message: 'ok' }, 'NATIONAL_ANSWER_EMPTY'],
    [
      'failed lines',
      { setlinfo: {}, lines: { infcode: -1, err_msg: 'x' } },
      'NATIONAL_ANSWER_FAILED',
    ],
  ])('%s', (_, message, code) => {
    expect(problemsOf(message)[0]?.code).toBe(code)
  })

  test('the reason of a failure is repeated without what cannot be shown', () => {
    expect(problemsOf({ infcode: -1, err_msg: '不\u202E行' })[0]?.details).toEqual({
      infcode: '-1',
      message: '不行',
    })
  })

  test('the older gateway wraps the same output', () => {
    const data = capturedMessage(INPATIENT)['output']
    expect(read({ code: '200', message: 'ok', data })).toEqual(read(capturedMessage(INPATIENT)))
  })
})
