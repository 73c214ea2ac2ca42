import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caseDocument } from '../../src/cases/case-document.ts'
import { formatEpochDay, parseEpochDay } from '../../src/catalog/epoch-day.ts'
import { canonicalBody } from '../../src/protocol/canonical-body.ts'
import { readBillCarefully } from '../../src/protocol/careful-bill.ts'
import { cleanText, newFindings } from '../../src/protocol/findings.ts'
import { readPlainBill } from '../../src/protocol/plain-bill.ts'
import * as plain from '../../src/protocol/plain-scalars.ts'
import * as careful from '../../src/protocol/scalars.ts'
import type { HospitalEntry, PersonEntry } from '../../src/registry/entries.ts'
import { readRegistryEntry } from '../../src/registry/read-registry-entry.ts'
import { withRegister } from '../../src/registry/with-register.ts'
import type { Profile } from '../../src/rules/profile.ts'
import { readPublishedRules } from '../conformance/rules.ts'
import { goldenInputs } from '../golden/golden-cases.ts'
import { billSeeds, sound } from '../hostile/bill-seeds.ts'
import { Chance } from '../hostile/chance.ts'
import { HOSTILE_NUMBERS, HOSTILE_TEXTS } from '../hostile/hostile-values.ts'
import { mutated } from '../hostile/mutate.ts'
import { billTree, PROFILE, withFirstLine, type Tree } from './documents.ts'

const ROOT = join(fileURLToPath(new URL('.', import.meta.url)), '../..')

type Outcome = 'plain' | 'careful' | 'refused'

/** Which reader reads `document`; where it is the plain one, the careful one must read the same and find nothing. */
function compared(document: unknown, profile: Profile = PROFILE, day?: number): Outcome {
  const read = readPlainBill(document, profile, day)
  const expected = readBillCarefully(document, profile, day)
  if (read === undefined) return expected.ok ? 'careful' : 'refused'
  if (!expected.ok) throw new Error(JSON.stringify([expected.problems, document]))
  expect(read).toStrictEqual(expected.value)
  // Members in the same order, too.
  expect(JSON.stringify(read)).toBe(JSON.stringify(expected.value))
  return 'plain'
}

function counted(documents: Iterable<Outcome>): Record<Outcome, number> {
  const counts = { plain: 0, careful: 0, refused: 0 }
  for (const outcome of documents) counts[outcome] += 1
  return counts
}

/** A bill with every member that a plain one may have, under our names or the national ones. */
const FULL: Tree = {
  person: { psn_no: 'P1', insutype: '310', psn_type: '1101', identities: ['23', '其他'], age: 61 },
  familyId: 'F1',
  visit: {
    mdtrt_id: 'V1',
    kind: 'inpatient',
    begntime: '2024-02-28 08:00:00',
    endtime: '2024-03-10',
    referred: true,
    diagnoses: ['A01.1', '肺炎'],
    icuDays: '2',
  },
  hospital: { fixmedins_code: 'H1', hosp_lv: '2', networks: ['甲'] },
  policies: [
    { id: 'A', product: 'x/y', start: '2024-01-01', end: '2024-12-31', preExisting: false },
    { id: 'B', product: 'x/z', tags: ['t'], insuredAge: 40 },
  ],
  settlementDate: '2024-03-10 17:05:59',
  medfee_sumamt: '161.50',
  account: { current: '10.00', family: '0.5' },
  acct_used_flag: '0',
  deposit: '1000.00',
  without: ['B'],
  feedetail: [
    {
      feedetl_sn: 'b',
      med_list_codg: 'X1',
      medins_list_name: ' 注射用 A ',
      med_chrgitm_type: '09',
      chrgitm_lv: '02',
      det_item_fee_sumamt: '120.00',
      pric: '40',
      cnt: '3.0000',
      fee_ocur_time: '2024-02-29 23:59:59',
      mdtrt_id: 'V1',
      psn_no: 'P1',
      hosp_appr_flag: '2',
      memo: 'not read',
      fulamt_ownpay_amt: '20',
      inscp_scp_amt: '100',
    },
    { feedetl_sn: 'a', det_item_fee_sumamt: '62.00', pric: '20.666667', cnt: '3', outside: false },
    {
      id: 'c',
      init_feedetl_sn: 'b',
      amount: '-40',
      quantity: '-1',
      unitPrice: '40',
      date: null,
      ownPay: '-10',
      inScope: '-30',
    },
    { amount: '19.50', tags: ['特药'], bilg_dept_name: '内科', restrictionMet: true },
  ],
}

describe('bills that must be read plainly', () => {
  test.each<[string, Tree]>([
    ['three classified lines', billTree()],
    ['every member', FULL],
    ['no visit dates', billTree({ visit: { id: 'V', kind: 'outpatient' } })],
    ['blank members', billTree({ policies: null, without: '', account: null })],
    ['a name for people', withFirstLine({ name: '注射用\u200b' })],
  ])('%s', (_, document) => {
    expect(compared(document)).toBe('plain')
  })

  test('the bills of the rules, of the published cases and the golden ones, but for those of seldom members', () => {
    const versions = [...readPublishedRules().packs.values()].flat()
    const embedded = versions.flatMap(({ pack }) =>
      pack.cases.map(({ given }) => compared(caseDocument(given, pack))),
    )
    const published = billSeeds(ROOT).map(({ tree, inForce }) => compared(tree, inForce.profile))
    const golden = goldenDocuments().map(({ document, profile }) => compared(document, profile))
    expect([counted(embedded), counted(published), counted(golden)]).toMatchInlineSnapshot(`
      [
        {
          "careful": 2,
          "plain": 69,
          "refused": 13,
        },
        {
          "careful": 7,
          "plain": 146,
          "refused": 0,
        },
        {
          "careful": 0,
          "plain": 452,
          "refused": 4,
        },
      ]
    `)
  })
})

/** The golden bills as the engine reads them: canonical, completed by the register. */
function goldenDocuments(): readonly { readonly document: unknown; readonly profile: Profile }[] {
  const { contents, inputs } = goldenInputs()
  return inputs.flatMap(({ profile: hash, bills }) => {
    const text = Buffer.from(contents.get(hash) ?? []).toString('utf8')
    const profile = JSON.parse(text) as Profile
    return bills.map(({ hospital, register, bill }) => {
      const entryOf = (kind: 'person' | 'hospital') => {
        const entry = register.find((one) => one.kind === kind)?.entry
        return sound(readRegistryEntry(kind, canonicalBody(entry, 20)), kind).entry
      }
      const registered = {
        person: entryOf('person') as PersonEntry,
        hospital: entryOf('hospital') as HospitalEntry,
      }
      const context = { day: 20_000, requestHospital: hospital }
      const completed = sound(withRegister(canonicalBody(bill, 20), registered, context), hospital)
      return { document: completed.document, profile }
    })
  })
}

describe('what is read plainly is what is read carefully', () => {
  test('mutants of right bills', { timeout: 60_000 }, () => {
    const chance = new Chance(7)
    const seeds = [...billSeeds(ROOT).map(({ tree }) => tree), FULL, FULL, FULL, billTree()]
    const outcomes = Array.from({ length: 12_000 }, () => {
      const tree = mutated(chance.anyOf(seeds), chance)
      return compared(tree, PROFILE, chance.below(2) === 0 ? undefined : 20_000)
    })
    const { plain: taken, refused } = counted(outcomes)
    expect(taken).toBeGreaterThan(1_000)
    expect(refused).toBeGreaterThan(1_000)
  })

  test('members exchanged for others of every kind', { timeout: 60_000 }, () => {
    const documents = fc.tuple(
      ...([fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 3 })] as const),
    )
    const outcomes: Outcome[] = []
    fc.assert(
      fc.property(documents, ([numbers, changes]) => {
        const draw = (below: number) => Number(numbers.next().value) % below
        const document = structuredClone(FULL)
        for (let change = 0; change < changes; change += 1) exchange(document, draw)
        outcomes.push(compared(document))
      }),
      { numRuns: 6_000 },
    )
    expect(counted(outcomes).plain).toBeGreaterThan(300)
  })
})

const VALUES: readonly unknown[] = [
  ...HOSTILE_NUMBERS,
  ...HOSTILE_TEXTS,
  ...'0 1 2 01 A male V1 P1 a b package:x V#2 9 1000000 2024-03-01 2024-02-30 1899-12-31'.split(
    ' ',
  ),
  ...'120.00 -40.00 -0.00 61.99 62.01 1000001 90071992547409.00 0.000001'.split(' '),
  '2023-02-29 10:00:00',
  '2024-03-05 24:00:00',
  true,
  false,
  null,
  undefined,
  0,
  1,
  -0,
  1.5,
  2,
  1_000_001,
  [],
  {},
  ['A'],
  ['B', 'B'],
  [1],
  { id: 'V1' },
  [{ id: 'a', amount: '161.50' }],
  { current: '1' },
  { other: '' },
  { payments: [{ kind: 'basic', amount: '20.00' }], accountPaid: '1.00' },
  { payments: [{ kind: 'basic', amount: '200.00' }] },
  { 'person:P1|x|2024|': '100.00' },
]
const NAMES: readonly string[] = [
  ...'id code name amount date unitPrice quantity refundOf ownPay overLimit preSelfPay inScope tags'.split(
    ' ',
  ),
  ...'restrictionMet hosp_appr_flag mdtrt_id psn_no classification cells department outside'.split(
    ' ',
  ),
  ...'fulamt_ownpay_amt overlmt_amt preselfpay_amt inscp_scp_amt cnt pric feedetl_sn memo'.split(
    ' ',
  ),
  ...'person visit hospital policies settlementDate lines total account useAccount deposit'.split(
    ' ',
  ),
  ...'given counters without supplement familyId setl_time bill kind start end days level grade'.split(
    ' ',
  ),
  ...'product plan priority insuredAge identities identityCodes retired sex gend age unknown'.split(
    ' ',
  ),
]

/** Puts a value in the place of another, or beside it under some name. */
function exchange(tree: unknown, draw: (below: number) => number): void {
  if (typeof tree !== 'object' || tree === null) return
  const keys = Object.keys(tree)
  const key = keys[draw(keys.length + 1)] ?? NAMES[draw(NAMES.length)] ?? ''
  const branch = tree as Record<string, unknown>
  const inner = branch[key]
  if (typeof inner === 'object' && inner !== null && draw(8) > 0) exchange(inner, draw)
  else branch[key] = structuredClone(VALUES[draw(VALUES.length)])
}

describe('plain scalars', () => {
  const section = (value: unknown) => ({
    fields: new Map([['key', value]]),
    writtenAs: new Map<string, string>(),
    where: '',
    findings: newFindings(),
  })
  const READERS: readonly [string, (value: unknown) => unknown, (value: unknown) => unknown][] = [
    ['yuan', plain.plainYuan, (value) => careful.moneyAt(section(value), 'key')],
    [
      '≥ 0',
      plain.plainYuanNotNegative,
      (value) => careful.moneyNotNegativeAt(section(value), 'key'),
    ],
    ['whole', plain.plainWhole, (value) => careful.wholeAt(section(value), 'key')],
    ['quantity', (value) => plain.plainScaled(value, 4), (value) => careful.scaledNumber(value, 4)],
    ['price', (value) => plain.plainScaled(value, 6), (value) => careful.scaledNumber(value, 6)],
    ['day', plain.plainDay, (value) => careful.dayAt(section(value), 'key')],
    ['code', plain.plainCode, (value) => careful.codeAt(section(value), 'key')],
    ['name', plain.plainName, (value) => careful.nameAt(section(value), 'key')],
    [
      'codes',
      (value) => plain.plainCodes(value, 3),
      (value) => careful.codesAt(section(value), 'key', 3),
    ],
  ]
  const text = fc.oneof(
    fc.string({
      unit: fc.constantFrom(...'0123456789'.split(''), '.', '-', ' ', ':', '0', '1'),
      maxLength: 20,
    }),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom(...HOSTILE_NUMBERS, ...HOSTILE_TEXTS),
    fc.integer({ min: -30_000, max: 60_000 }).map(formatEpochDay),
    fc.integer({ min: 0, max: 9_999_999 }).map((number) => (number / 100).toFixed(2)),
  )
  const value = fc.oneof(text, fc.array(text, { maxLength: 4 }), fc.constantFrom(...VALUES))

  test.each(READERS)('%s', (_, read, readCarefully) => {
    let found = 0
    fc.assert(
      fc.property(value, (one) => {
        const quick = read(one)
        if (quick === undefined) return
        found += 1
        expect(quick).toStrictEqual(readCarefully(one))
      }),
      { numRuns: 5_000 },
    )
    expect(found).toBeGreaterThan(50)
  })

  test('every day of four centuries, and the days beside each month', () => {
    const last = parseEpochDay('2301-01-01') ?? 0
    for (let day = parseEpochDay('1900-01-01') ?? 0; day <= last; day += 1) {
      const date = formatEpochDay(day)
      if (plain.plainDay(date) !== day) throw new Error(date)
    }
    for (let month = 0; month <= 13; month += 1) {
      for (const year of [1899, 1900, 2000, 2023, 2024, 9999]) {
        for (let day = 0; day <= 32; day += 1) {
          const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
          expect(plain.plainDay(date), date).toBe(parseEpochDay(date))
        }
      }
    }
  })

  test('a name is cleaned', () => {
    expect(plain.plainName(' a\u0007')).toBe(cleanText(' a\u0007'))
  })
})
