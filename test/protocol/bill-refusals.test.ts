import { describe, expect, test } from 'vitest'
import { ERROR_TRAITS } from '../../src/errors/codes.ts'
import { adviseProblem, describeProblem } from '../../src/errors/problem.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { billTree, PROFILE, withFirstLine, type Tree } from './documents.ts'

type Row = readonly [name: string, tree: unknown, code: string, where: string]

const refund = { id: 'r', refundOf: 'a', amount: '-20.00' }
const visit = { id: 'V1', kind: 'inpatient', start: '2023-03-01', end: '2023-03-10' }
const basic = { kind: 'basic', amount: 60 }

function withLines(...lines: readonly Tree[]): Tree {
  return billTree({ lines })
}

const FORM: readonly Row[] = [
  ['not an object', [], 'FIELD_NOT_OBJECT', ''],
  ['unknown key', billTree({ vist: {} }), 'FIELD_UNKNOWN', 'vist'],
  ['unknown line key', withFirstLine({ amout: 1 }), 'FIELD_UNKNOWN', 'lines[0].amout'],
  [
    'unknown category',
    withFirstLine({ inScope: null, classification: { inscope: 1 } }),
    'FIELD_UNKNOWN',
    'lines[0].classification.inscope',
  ],
  ['prototype key', JSON.parse('{"__proto__":{"id":1}}'), 'FIELD_UNKNOWN', '__proto__'],
  ['derived group', billTree({ bill: { total: 1 } }), 'FACT_DERIVED', 'bill'],
  ['two names', withFirstLine({ feedetl_sn: 'z' }), 'FIELD_STATED_TWICE', 'lines[0].feedetl_sn'],
  ['no person id', billTree({ person: { age: 3 } }), 'FIELD_MISSING', 'person.id'],
  ['no visit', billTree({ visit: null }), 'FIELD_MISSING', 'visit.id'],
  ['no hospital id', billTree({ hospital: {} }), 'FIELD_MISSING', 'hospital.id'],
  ['no settlement date', billTree({ settlementDate: '' }), 'FIELD_MISSING', 'settlementDate'],
  ['group is a list', billTree({ visit: [] }), 'FIELD_NOT_OBJECT', 'visit'],
  ['policies no list', billTree({ policies: {} }), 'FIELD_NOT_LIST', 'policies'],
  ['list too long', billTree({ without: Array(65).fill('x') }), 'LIST_TOO_LONG', 'without'],
]

const FACTS: readonly Row[] = [
  [
    'account balances beyond the exact range together',
    billTree({ account: { current: '90071992547409.91', history: '0.01' } }),
    'AMOUNT_OUT_OF_RANGE',
    'account',
  ],
  [
    'a deposit beyond the exact range with what may be owed back',
    billTree({ deposit: '90071992547409.91' }),
    'AMOUNT_OUT_OF_RANGE',
    'deposit',
  ],
  ['age', billTree({ person: { id: 'P', age: '3.5' } }), 'FACT_NOT_INTEGER', 'person.age'],
  ['negative', billTree({ person: { id: 'P', tier: -1 } }), 'FACT_NOT_INTEGER', 'person.tier'],
  ['bool', billTree({ person: { id: 'P', student: 'yes' } }), 'FACT_NOT_BOOLEAN', 'person.student'],
  ['text', billTree({ person: { id: 'P', rank: {} } }), 'FACT_NOT_TEXT', 'person.rank'],
  ['closed', billTree({ visit: { ...visit, kind: 'ward' } }), 'FACT_NOT_ALLOWED', 'visit.kind'],
  ['level', billTree({ hospital: { id: 'H', level: 4 } }), 'FACT_NOT_ALLOWED', 'hospital.level'],
  ['income', billTree({ person: { id: 'P', income: -1 } }), 'FACT_NEGATIVE', 'person.income'],
  ['date', billTree({ visit: { ...visit, end: '2023-02-29' } }), 'FACT_NOT_DATE', 'visit.end'],
  ['time', billTree({ settlementDate: '2023-03-10 25:00:00' }), 'FACT_NOT_DATE', 'settlementDate'],
  ['zero width', billTree({ person: { id: 'P\u200B1' } }), 'TEXT_CHARACTER_FORBIDDEN', 'person.id'],
  ['direction', withFirstLine({ code: 'X\u202E1' }), 'TEXT_CHARACTER_FORBIDDEN', 'lines[0].code'],
  ['half', withFirstLine({ id: 'x\uD800' }), 'TEXT_CHARACTER_FORBIDDEN', 'lines[0].id'],
  ['bar', billTree({ familyId: 'a|b' }), 'TEXT_CHARACTER_FORBIDDEN', 'familyId'],
  ['hash', billTree({ visit: { ...visit, id: 'V#1' } }), 'TEXT_CHARACTER_FORBIDDEN', 'visit.id'],
  ['long', billTree({ person: { id: 'x'.repeat(121) } }), 'TEXT_TOO_LONG', 'person.id'],
  [
    'identity',
    billTree({ person: { id: 'P', psn_idet_type: '99' } }),
    'IDENTITY_CODE_UNKNOWN',
    'person.psn_idet_type',
  ],
]

const LINES: readonly Row[] = [
  ['no lines', withLines(), 'BILL_EMPTY', 'lines'],
  ['lines missing', billTree({ lines: null }), 'BILL_EMPTY', 'lines'],
  ['too many', billTree({ lines: Array(20_001).fill({}) }), 'BILL_LINES_TOO_MANY', 'lines'],
  [
    'ids twice',
    withLines({ id: 'a', inScope: 1 }, { id: 'a', inScope: 1 }),
    'LINE_ID_REPEATED',
    'lines[1].id',
  ],
  ['reserved id', withFirstLine({ id: 'package:x' }), 'LINE_ID_RESERVED', 'lines[0].id'],
  ['no amount', withLines({ id: 'a' }), 'LINE_AMOUNT_MISSING', 'lines[0].amount'],
  ['part of a fen', withFirstLine({ amount: 0.125 }), 'AMOUNT_NOT_WHOLE_FEN', 'lines[0].amount'],
  ['float noise', withFirstLine({ amount: 0.1 + 0.2 }), 'AMOUNT_NOT_WHOLE_FEN', 'lines[0].amount'],
  ['words', withFirstLine({ amount: '12元' }), 'AMOUNT_MALFORMED', 'lines[0].amount'],
  ['exponent', withFirstLine({ amount: 1e21 }), 'AMOUNT_MALFORMED', 'lines[0].amount'],
  [
    'too big',
    withFirstLine({ amount: '90071992547409.92' }),
    'AMOUNT_OUT_OF_RANGE',
    'lines[0].amount',
  ],
  [
    'total too big',
    withLines({ ownPay: '90071992547409.91' }, { ownPay: '0.01' }),
    'BILL_TOTAL_OUT_OF_RANGE',
    'lines',
  ],
  [
    'negative',
    withFirstLine({ amount: -1, inScope: -1 }),
    'LINE_NEGATIVE_WITHOUT_ORIGINAL',
    'lines[0].amount',
  ],
  [
    'parts',
    withFirstLine({ inScope: '119.99' }),
    'CLASSIFICATION_SUM_DIFFERS',
    'lines[0].classification',
  ],
  [
    'negative part',
    withFirstLine({ inScope: 121, ownPay: -1 }),
    'CLASSIFICATION_PART_NEGATIVE',
    'lines[0].classification.ownPay',
  ],
  [
    'price',
    withFirstLine({ unitPrice: '60.01', quantity: 2 }),
    'LINE_PRICE_QUANTITY_DIFFERS',
    'lines[0].amount',
  ],
  ['quantity', withFirstLine({ quantity: '1.23456' }), 'NUMBER_MALFORMED', 'lines[0].quantity'],
  ['quantity sign', withFirstLine({ quantity: -1 }), 'LINE_QUANTITY_SIGN', 'lines[0].quantity'],
  ['price sign', withFirstLine({ unitPrice: -1 }), 'FACT_NEGATIVE', 'lines[0].unitPrice'],
  [
    'two forms',
    withFirstLine({ classification: { inScope: 1 } }),
    'FIELD_STATED_TWICE',
    'lines[0].inScope',
  ],
  [
    'classification and cells',
    billTree({ supplement: { packs: ['p'] }, lines: [{ inScope: 1, cells: { inScope: 1 } }] }),
    'LINE_CLASSIFICATION_AND_CELLS',
    'lines[0].cells',
  ],
  [
    'cells alone',
    withLines({ cells: { inScope: 1 } }),
    'LINE_CELLS_WITHOUT_SUPPLEMENT',
    'lines[0].cells',
  ],
  [
    'no cells',
    billTree({ supplement: { packs: ['p'] }, lines: [{ amount: 1 }] }),
    'LINE_CELLS_MISSING',
    'lines[0].cells',
  ],
  [
    'cells above the amount',
    billTree({ supplement: { packs: ['p'] }, lines: [{ amount: 1, cells: { ownPay: 2 } }] }),
    'LINE_CELLS_EXCEED',
    'lines[0].cells',
  ],
  ['before', withFirstLine({ date: '2023-02-28' }), 'LINE_DATE_OUTSIDE_VISIT', 'lines[0].date'],
  ['after', withFirstLine({ date: '2023-03-11' }), 'LINE_DATE_OUTSIDE_VISIT', 'lines[0].date'],
  [
    'no date',
    billTree({ visit: { id: 'V' }, lines: [{ inScope: 1 }] }),
    'LINE_DATE_MISSING',
    'lines[0].date',
  ],
  ['other visit', withFirstLine({ mdtrt_id: 'V2' }), 'LINE_OTHER_VISIT', 'lines[0].mdtrt_id'],
  [
    'approval',
    withFirstLine({ hosp_appr_flag: '3' }),
    'FACT_NOT_ALLOWED',
    'lines[0].hosp_appr_flag',
  ],
]

const REFUNDS: readonly Row[] = [
  [
    'unknown original',
    withLines({ id: 'a', inScope: 1 }, { ...refund, refundOf: 'zz' }),
    'LINE_REFUND_ORIGINAL_UNKNOWN',
    'lines[1].refundOf',
  ],
  [
    'refund of a refund',
    withLines({ id: 'a', inScope: 50 }, refund, { id: 's', refundOf: 'r', amount: -1 }),
    'LINE_REFUND_OF_REFUND',
    'lines[2].refundOf',
  ],
  ['of itself', withLines({ ...refund, id: 'a' }), 'LINE_REFUND_OF_REFUND', 'lines[0].refundOf'],
  [
    'positive',
    withLines({ id: 'a', inScope: 50 }, { ...refund, amount: 20 }),
    'LINE_REFUND_POSITIVE',
    'lines[1].amount',
  ],
  [
    'more than the original',
    withLines({ id: 'a', inScope: 30 }, refund, { ...refund, id: 's' }),
    'LINE_REFUND_EXCEEDS',
    'lines[1].amount',
  ],
  [
    'parts unclear',
    withLines({ id: 'a', inScope: 30, ownPay: 1 }, refund),
    'LINE_REFUND_CLASSIFICATION',
    'lines[1].classification',
  ],
  [
    'only the refund is classified',
    withLines({ id: 'a', amount: 30 }, { ...refund, inScope: -20 }),
    'LINE_REFUND_CLASSIFICATION',
    'lines[1].classification',
  ],
  [
    'a part below zero',
    withLines({ id: 'a', inScope: 30, ownPay: 10 }, { ...refund, ownPay: -20 }),
    'LINE_REFUND_PART_EXCEEDS',
    'lines[1].ownPay',
  ],
]

const WHOLE: readonly Row[] = [
  ['total', billTree({ total: '200.01' }), 'BILL_TOTAL_DIFFERS', 'total'],
  ['end', billTree({ visit: { ...visit, end: '2023-02-01' } }), 'END_BEFORE_START', 'visit.end'],
  [
    'settled early',
    billTree({ settlementDate: '2023-03-03' }),
    'SETTLEMENT_BEFORE_LAST_LINE',
    'settlementDate',
  ],
  [
    'policy twice',
    billTree({
      policies: [
        { id: 'p', product: 'x' },
        { id: 'p', product: 'y' },
      ],
    }),
    'POLICY_REPEATED',
    'policies[1].id',
  ],
  [
    'policy without product',
    billTree({ policies: [{ id: 'p' }] }),
    'FIELD_MISSING',
    'policies[0].product',
  ],
  ['left out', billTree({ without: ['p'] }), 'POLICY_UNKNOWN', 'without'],
  [
    'counter key',
    billTree({ counters: { 'P1|x': '1.00' } }),
    'COUNTER_KEY_MALFORMED',
    'counters["P1|x"]',
  ],
  [
    'counter value',
    billTree({ counters: { 'person:P|c|2023|': 'many' } }),
    'COUNTER_VALUE_MALFORMED',
    'counters["person:P|c|2023|"]',
  ],
  [
    'counter unit',
    billTree({ counters: { 'person:P|c|2023|': 1000 } }),
    'COUNTER_UNIT_AMBIGUOUS',
    'counters["person:P|c|2023|"]',
  ],
  ['counters', billTree({ counters: [] }), 'FIELD_NOT_OBJECT', 'counters'],
  ['given neither', billTree({ given: { deductible: 1 } }), 'GIVEN_FORM_UNCLEAR', 'given'],
  [
    'given both',
    billTree({ given: { national: {}, payments: [] } }),
    'GIVEN_FORM_UNCLEAR',
    'given',
  ],
  [
    'given payer twice',
    billTree({ given: { payments: [basic, basic] } }),
    'GIVEN_PAYER_REPEATED',
    'given.payments[1]',
  ],
  [
    'given kind',
    billTree({ given: { payments: [{ kind: 'fund', amount: 1 }] } }),
    'FACT_NOT_ALLOWED',
    'given.payments[0].kind',
  ],
  [
    'given negative',
    billTree({ given: { payments: [{ kind: 'basic', amount: -1 }] } }),
    'FACT_NEGATIVE',
    'given.payments[0].amount',
  ],
  [
    'given above the total',
    billTree({ given: { payments: [{ kind: 'basic', amount: '200.01' }] } }),
    'GIVEN_EXCEEDS_TOTAL',
    'given',
  ],
  ['supplement', billTree({ supplement: {} }), 'FIELD_MISSING', 'supplement.packs'],
  ['account', billTree({ account: { current: -1 } }), 'FACT_NEGATIVE', 'account.current'],
]

describe.each([
  ['form', FORM],
  ['facts', FACTS],
  ['lines', LINES],
  ['refunds', REFUNDS],
  ['whole', WHOLE],
])('%s', (_, rows) => {
  test.each(rows)('%s', (_name, tree, code, where) => {
    const read = readBillDocument(tree, PROFILE)
    const found = read.ok
      ? []
      : read.problems.map((item) => ({ code: item.code, where: item.where }))
    expect(found).toContainEqual({ code, where })
  })
})

test('every refusal above says what and where in both languages without a hole', () => {
  for (const [, tree] of [...FORM, ...FACTS, ...LINES, ...REFUNDS, ...WHOLE]) {
    const read = readBillDocument(tree, PROFILE)
    for (const item of read.ok ? [] : read.problems) {
      const texts = [
        describeProblem(item, 'zh'),
        describeProblem(item, 'en'),
        adviseProblem(item, 'zh'),
      ]
      expect(texts.filter((text) => /\{\w+\}/.test(text))).toEqual([])
    }
  }
})

test('an unknown key is answered with the nearest known one', () => {
  const read = readBillDocument(withFirstLine({ amout: 1 }), PROFILE)
  expect(read).toMatchObject({ problems: [{ details: { key: 'amout', nearest: 'amount' } }] })
})

test('all problems come in one answer, and past the limit one line closes the list', () => {
  const lines = Array.from({ length: 150 }, (_, index) => ({ id: `${index}`, amount: 'x' }))
  const read = readBillDocument(billTree({ lines }), PROFILE)
  const codes = read.ok ? [] : read.problems.map(({ code }) => code)
  expect(codes).toHaveLength(101)
  expect(codes.at(-1)).toBe('PROBLEMS_TOO_MANY')
})

test('every number of the error table is used once', () => {
  const wires = Object.values(ERROR_TRAITS).map(({ wire }) => wire)
  expect(wires).toEqual([...new Set(wires)])
})
