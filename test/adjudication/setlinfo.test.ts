import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  writeSetlDetail,
  writeSetlInfo,
  type NationalPayer,
  type NationalRecord,
} from '../../src/adjudication/setlinfo.ts'
import { InvariantError } from '../../src/assert.ts'
import { fen, parseYuan, subtractFen, sumFen, ZERO_FEN } from '../../src/money/fen.ts'
import { readNationalAnswer, type NationalSettled } from '../../src/protocol/national-answer.ts'
import type { FactSheet, FactValue } from '../../src/rules/facts.ts'
import { SOCIAL_KINDS, WIRE_FIELDS } from '../../src/rules/kind.ts'
import { asTree, capturedMessage, capturedOutput, type Tree } from '../protocol/documents.ts'

function settledOf(message: unknown): NationalSettled {
  const answer = readNationalAnswer(message)
  if (!answer.ok || answer.value.settled === undefined) throw new Error(JSON.stringify(answer))
  return answer.value.settled
}

function textOf(value: unknown): string | null {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : null
}

/** What a settlement made of nothing but the given layers says of itself. */
function recordOf(settled: NationalSettled, carried: Tree): NationalRecord {
  const { given, parts, total, personPart, cash } = settled
  const hospital = { kind: 'hospital', wire: 'hosp_part_amt', amount: given.hospitalShare } as const
  const carriedText = Object.entries(carried).map(
    ([field, value]) => [field, textOf(value)] as const,
  )
  return {
    total,
    classification: parts,
    payers: [...given.payments, hospital],
    packageAdjustment: ZERO_FEN,
    patientTotal: personPart,
    patientCash: cash,
    accountPaid: given.accountPaid,
    ...(given.accountMutualAid === undefined ? {} : { accountMutualAid: given.accountMutualAid }),
    ...(given.balanceAfter === undefined ? {} : { balanceAfter: given.balanceAfter }),
    deductible: given.deductible ?? ZERO_FEN,
    visit: { id: settled.visitId ?? '' },
    person: { id: settled.personId ?? '' },
    carried: Object.fromEntries(carriedText),
  }
}

const COMPUTED: readonly string[] = [
  ...'medfee_sumamt fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt'.split(' '),
  ...WIRE_FIELDS,
  ...'act_pay_dedc fund_pay_sumamt psn_part_amt acct_pay psn_cash_pay balc'.split(' '),
  'acct_mulaid_pay',
]

describe.each([
  ['02-2206-response-hebei-outpatient'],
  ['03-2207-response-hebei-outpatient'],
  ['06-2303-response-chongqing-inpatient'],
])('%s read and written again', (name) => {
  const captured = asTree(capturedOutput(name, 'setlinfo'))
  const record = recordOf(settledOf(capturedMessage(name)), captured)
  const written = writeSetlInfo(record)

  test('every amount we compute is the captured one', () => {
    for (const field of COMPUTED) {
      const amount = Number(captured[field] ?? 0)
      expect([field, written[field]]).toEqual([field, amount.toFixed(2)])
    }
  })

  test('what we do not compute stands as it came', () => {
    const others = Object.keys(captured).filter((field) => !COMPUTED.includes(field))
    expect(others.length).toBeGreaterThan(10)
    for (const field of others) {
      expect([field, written[field]]).toEqual([field, textOf(captured[field])])
    }
  })

  test('the details hold the captured amounts, whatever suffix the region gives its codes', () => {
    const rows = [capturedOutput(name, 'setldetail')].flat().map(asTree)
    const amounts = (list: readonly { fund_payamt: unknown }[]) =>
      list.map((row) => Number(row.fund_payamt)).toSorted((left, right) => left - right)
    expect(amounts(writeSetlDetail(record))).toEqual(
      amounts(rows.map((row) => ({ fund_payamt: row['fund_payamt'] }))),
    )
  })
})

const base: NationalRecord = {
  total: fen(10000),
  classification: {
    ownPay: fen(1000),
    overLimit: fen(0),
    preSelfPay: fen(500),
    inScope: fen(8500),
  },
  payers: [
    { kind: 'basic', wire: 'hifp_pay', amount: fen(5000) },
    { kind: 'commercial', amount: fen(2000) },
  ],
  packageAdjustment: ZERO_FEN,
  patientTotal: fen(3000),
  patientCash: fen(2500),
  accountPaid: fen(500),
  deductible: fen(300),
  visit: { id: 'V1', medType: '21' },
  person: { id: 'P1', insutype: '390', sex: 'female' },
}

describe('a settlement of ours', () => {
  test('what commercial payers paid is the person’s part and cash in the national record', () => {
    expect(writeSetlInfo(base)).toMatchObject({
      fund_pay_sumamt: '50.00',
      psn_part_amt: '50.00',
      acct_pay: '5.00',
      psn_cash_pay: '45.00',
      hosp_part_amt: '0.00',
      balc: null,
      mdtrt_id: 'V1',
      gend: '2',
      med_type: '21',
    })
  })

  test('residents have their own fund and account codes', () => {
    expect(writeSetlDetail(base).map((row) => [row.fund_pay_type, row.fund_payamt])).toEqual([
      ['390100', '50.00'],
      ['390500', '5.00'],
    ])
  })

  test('a package price above the charges is a hospital share below zero', () => {
    const record = {
      ...base,
      packageAdjustment: fen(100),
      patientTotal: fen(3100),
      patientCash: fen(2600),
    }
    expect(writeSetlInfo(record)).toMatchObject({ hosp_part_amt: '-1.00', psn_part_amt: '51.00' })
  })

  test.each([
    ['I1', { total: fen(10001) }],
    ['I2', { patientTotal: fen(3001), patientCash: fen(2501) }],
    ['I4', { patientCash: fen(2501) }],
  ])('%s broken throws', (_, changes) => {
    expect(() => writeSetlInfo({ ...base, ...changes })).toThrow(InvariantError)
  })
})

test('what is written reads back as the same settlement, and writes the same again', () => {
  const amount = fc.integer({ min: 0, max: 10 ** 9 }).map((value) => fen(value))
  const payer = fc.record({
    kind: fc.constantFrom(...SOCIAL_KINDS),
    wire: fc.constantFrom(...WIRE_FIELDS),
    amount,
  })
  fc.assert(
    fc.property(
      fc.array(payer, { maxLength: 6 }),
      amount,
      amount,
      amount,
      (payers, cash, account, ownPay) => {
        const record = recordWith(payers, cash, account, ownPay)
        const [setlinfo, setldetail] = [writeSetlInfo(record), writeSetlDetail(record)]
        const settled = settledOf({ setlinfo, setldetail })
        expect(settled.given.payments.map(({ wire, amount: paid }) => [wire, paid])).toEqual(
          WIRE_FIELDS.filter((field) => field !== 'hosp_part_amt').flatMap((field) => {
            const paid = parseYuan(setlinfo[field] ?? '')
            return paid.ok && paid.value !== 0 ? [[field, paid.value]] : []
          }),
        )
        expect(writeSetlInfo(recordOf(settled, setlinfo))).toEqual(setlinfo)
      },
    ),
  )
})

/** A record of these payers whose parts and patient make it whole. */
function recordWith(
  payers: readonly NationalPayer[],
  cash: ReturnType<typeof fen>,
  account: ReturnType<typeof fen>,
  ownPay: ReturnType<typeof fen>,
): NationalRecord {
  const total = sumFen([...payers.map(({ amount }) => amount), cash, account, ownPay])
  const parts = {
    ownPay,
    overLimit: ZERO_FEN,
    preSelfPay: ZERO_FEN,
    inScope: subtractFen(total, ownPay),
  }
  const patientCash = sumFen([cash, ownPay])
  return {
    ...base,
    total,
    classification: parts,
    payers,
    patientTotal: sumFen([patientCash, account]),
    patientCash,
    accountPaid: account,
    deductible: ZERO_FEN,
  }
}

test('a record says the same in the same order, whatever was written before it', () => {
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const identity = fc.record({
    id: optional(fc.string()),
    medType: optional(fc.string()),
    insutype: optional(fc.constantFrom('310', '390')),
    psnType: optional(fc.string()),
    age: optional(fc.nat(120)),
    sex: optional(fc.constantFrom('male', 'female', 'unknown', 'other')),
    settlementId: optional(fc.string()),
    messageId: optional(fc.string()),
  })
  fc.assert(
    fc.property(identity, ({ id, medType, settlementId, messageId, ...person }) => {
      const zero = ZERO_FEN
      const record: NationalRecord = {
        total: zero,
        classification: { ownPay: zero, overLimit: zero, preSelfPay: zero, inScope: zero },
        payers: [],
        packageAdjustment: zero,
        patientTotal: zero,
        patientCash: zero,
        accountPaid: zero,
        deductible: zero,
        visit: stated({ id, medType }),
        person: stated({ id, ...person }),
        settlementId,
        messageId,
      }
      // With fields carried, be it none, a record is written field by field.
      const plain = writeSetlInfo({ ...record, carried: {} })
      const again = [writeSetlInfo(record), writeSetlInfo(record)]
      expect(again.map((info) => JSON.stringify(info))).toEqual([
        JSON.stringify(plain),
        JSON.stringify(plain),
      ])
    }),
  )
})

function stated(facts: Readonly<Record<string, FactValue | undefined>>): FactSheet {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
