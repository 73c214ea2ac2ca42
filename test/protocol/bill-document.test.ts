import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEpochDay } from '../../src/catalog/epoch-day.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { parseJsonExact } from '../../src/protocol/json-exact.ts'
import { billTree, PROFILE, withFirstLine, type Tree } from './documents.ts'

function read(tree: unknown, day?: number) {
  const document = readBillDocument(tree, PROFILE, day)
  if (!document.ok) throw new Error(JSON.stringify(document.problems))
  return document.value
}

function readText(text: string) {
  const tree = parseJsonExact(text)
  if (!tree.ok) throw new Error(JSON.stringify(tree.problems))
  return read(tree.value)
}

describe('lines', () => {
  test('an amount keeps its fen whether it is a number or its text', () => {
    const amounts = [120, '120', '120.00', '120.0'].map(
      (amount) => read(withFirstLine({ amount })).bill.lines[0]?.amount,
    )
    expect(amounts).toEqual([12000, 12000, 12000, 12000])
  })

  test('the four category names alone give amount, id and date', () => {
    const { bill } = read(billTree({ lines: [{ ownPay: '20.00', inScope: 5.5 }] }))
    expect(bill.lines[0]).toMatchObject({
      id: '1',
      amount: 2550,
      day: parseEpochDay('2023-03-01'),
      classification: { ownPay: 2000, overLimit: 0, preSelfPay: 0, inScope: 550 },
    })
  })

  test('national field names are the same fields', () => {
    const row = {
      feedetl_sn: 'n1',
      mdtrt_id: 'V1',
      psn_no: 'P1',
      med_list_codg: 'XB05',
      det_item_fee_sumamt: 9,
      cnt: 1.5,
      pric: 6,
      fee_ocur_time: '2023-03-02 08:30:00',
      chrgitm_lv: '02',
      med_chrgitm_type: '09',
      hosp_appr_flag: '2',
      lmt_used_flag: '1',
      preselfpay_amt: 0.9,
      inscp_scp_amt: 8.1,
      rxno: null,
    }
    const { bill } = read(billTree({ lines: [row], medfee_sumamt: 9, acct_used_flag: '1' }))
    expect(bill).toMatchObject({ statedTotal: 900, accountUsed: true })
    expect(bill.lines[0]).toEqual({
      id: 'n1',
      amount: 900,
      day: parseEpochDay('2023-03-02'),
      quantity: 15000,
      unitPrice: 6_000_000,
      restrictionMet: false,
      classification: { ownPay: 0, overLimit: 0, preSelfPay: 90, inScope: 810 },
      facts: {
        id: 'n1',
        code: 'XB05',
        chargeLevel: 'B',
        chargeType: '09',
        amount: 900,
        unitPrice: 600,
        date: parseEpochDay('2023-03-02'),
      },
    })
  })

  test('a unit price finer than a fen stays exact and is no money fact', () => {
    const { bill } = read(withFirstLine({ unitPrice: '0.012', quantity: 10000 }))
    expect(bill.lines[0]?.unitPrice).toBe(12_000)
    expect(bill.lines[0]?.facts).not.toHaveProperty('unitPrice')
  })

  test('price × quantity one fen off is a warning that names the line', () => {
    const { warnings } = read(withFirstLine({ unitPrice: '40.003', quantity: 3 }))
    expect(warnings).toEqual([
      {
        code: 'LINE_PRICE_ONE_FEN_OFF',
        where: 'lines[0].amount',
        details: { line: 'a', amount: '120.00' },
      },
    ])
  })

  test('a refund without classification takes the only one possible', () => {
    const lines = [
      { id: 'a', inScope: '120.00' },
      { id: 'r', refundOf: 'a', amount: '-20.00' },
      { id: 'c', overLimit: '4.00', preSelfPay: '6.00' },
      { id: 's', refundOf: 'c', amount: '-10.00' },
    ]
    const { bill } = read(billTree({ lines }))
    expect(bill.lines[1]?.classification).toEqual({
      ownPay: 0,
      overLimit: 0,
      preSelfPay: 0,
      inScope: -2000,
    })
    expect(bill.lines[3]?.classification).toEqual({
      ownPay: 0,
      overLimit: -400,
      preSelfPay: -600,
      inScope: 0,
    })
  })

  test('a name is cleaned for showing, not refused', () => {
    const { bill } = read(withFirstLine({ name: ' 阿莫\u200B西林\u202E\n胶囊\uD800 ' }))
    expect(bill.lines[0]?.facts['name']).toBe('阿莫西林胶囊')
  })

  test('lines of a supplement carry the cells left to the patient', () => {
    const lines = [{ id: 'a', cells: { coinsurance: '3.00', deductible: 2 } }]
    const { bill } = read(billTree({ lines, supplement: { packs: ['bj/catastrophic'] } }))
    expect(bill.supplement).toEqual({ packs: ['bj/catastrophic'] })
    expect(bill.lines[0]).toMatchObject({
      amount: 500,
      cells: { coinsurance: 300, deductible: 200 },
    })
  })
})

describe('facts', () => {
  test('the profile maps grade, person type and identity codes', () => {
    const tree = billTree({
      person: { id: 'P1', psnType: '1201', identities: ['残疾', '23'], psn_idet_type: '24' },
      hospital: { id: 'H1', hosp_lv: '5' },
    })
    const { coverage, bill } = read(tree)
    expect(coverage.person).toMatchObject({ retired: true, identities: ['残疾', '低保', '特困'] })
    expect(bill.hospital).toMatchObject({ grade: '5', level: 2, priceLevel: 1 })
  })

  test('what the bill states stands over the profile', () => {
    const tree = billTree({
      person: { id: 'P1', psnType: '1201', retired: false },
      hospital: { id: 'H1', grade: '02', level: 1 },
    })
    const { coverage, bill } = read(tree)
    expect(coverage.person['retired']).toBe(false)
    expect(bill.hospital).toMatchObject({ level: 1, priceLevel: 3 })
  })

  test.each([
    ['inpatient', '2023-03-10', 9],
    ['daySurgery', '2023-03-01', 1],
    ['outpatient', '2023-03-10', undefined],
  ])('days of a visit of kind %s that ends on %s: %s', (kind, end, days) => {
    const visit = { id: 'V1', kind, start: '2023-03-01', end }
    const tree = billTree({ visit, lines: [{ inScope: 1 }] })
    expect(read(tree).bill.visit['days']).toBe(days)
  })

  test('stated days stand', () => {
    const visit = {
      id: 'V1',
      kind: 'inpatient',
      start: '2023-03-01',
      end: '2023-03-10',
      days: '10',
    }
    expect(read(billTree({ visit })).bill.visit['days']).toBe(10)
  })

  test('null and empty text are not stated', () => {
    const person = { id: 'P1', age: null, rank: '' }
    expect(read(billTree({ person })).coverage.person).toEqual({ id: 'P1' })
  })

  test('flat national fields fill their groups', () => {
    const { person: _person, visit: _visit, ...rest } = billTree()
    const flat = { psn_no: 'P9', mdtrt_id: 'V9', begntime: '2023-03-01 09:00:00', gend: '2' }
    const { bill, coverage } = read({ ...rest, ...flat, age: 35 })
    expect(bill.stayId).toBe('V9')
    expect(coverage.person).toEqual({ id: 'P9', age: 35, sex: 'female' })
  })
})

describe('the rest of the document', () => {
  test('the given day settles a document without a date', () => {
    const { settlementDate: _date, ...rest } = billTree()
    expect(read(rest, 20_000).bill.settlementDay).toBe(20_000)
  })

  test('balances, deposit and plain given amounts', () => {
    const { bill } = read(
      billTree({
        account: { current: '1020.00', family: 3 },
        deposit: 50,
        given: {
          payments: [
            { kind: 'basic', amount: 60 },
            { kind: 'commercial', amount: '5.5', payer: 'x' },
          ],
          deductible: 20,
        },
      }),
    )
    expect(bill).toMatchObject({
      account: { current: 102000, family: 300 },
      accountUsed: true,
      deposit: 5000,
    })
    expect(bill.given).toEqual({
      payments: [
        { kind: 'basic', payerId: 'basic', wire: 'hifp_pay', amount: 6000 },
        { kind: 'commercial', payerId: 'x', amount: 550 },
      ],
      // Another insurer has paid; our commercial packs still run.
      kinds: ['basic'],
      hospitalShare: 0,
      deductible: 2000,
      accountPaid: 0,
      confirmed: false,
    })
  })

  test('counters: a decimal point is yuan, a whole number a count, a unit says it outright', () => {
    const { counters } = readText(
      JSON.stringify(billTree()).replace(
        /}$/,
        `,"counters":{"person:P1|a:b|2023|":1000.00,"person:P1|admissions|2023|":2,
          "family:F|a:c||k":{"yuan":7},"stay:V1|a:q|V1|":{"quantity":1.5}}}`,
      ),
    )
    expect([...counters]).toEqual([
      ['person:P1|a:b|2023|', 100_000],
      ['person:P1|admissions|2023|', 2],
      ['family:F|a:c||k', 700],
      ['stay:V1|a:q|V1|', 15_000],
    ])
  })
})

test('the same document as text and as parsed JSON is the same bill', () => {
  const money = fc.integer({ min: 0, max: 10 ** 9 }).map((amount) => amount / 100)
  fc.assert(
    fc.property(fc.array(fc.tuple(money, money), { minLength: 1, maxLength: 8 }), (rows) => {
      const lines = rows.map(([ownPay, inScope]) => ({ ownPay, inScope }))
      const tree: Tree = billTree({ lines })
      expect(readText(JSON.stringify(tree))).toEqual(read(tree))
    }),
  )
})
