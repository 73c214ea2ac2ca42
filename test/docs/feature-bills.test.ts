import { expect, it } from 'vitest'
import { settle } from '../../src/adjudication/settle.ts'
import { describeProblem, type Result } from '../../src/errors/problem.ts'
import { readBillDocument } from '../../src/protocol/bill-document.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import { readPacks } from '../../src/rules/read/read-packs.ts'
import { plainData } from '../../src/rules/read/source-node.ts'
import { readSourceTree } from '../../src/rules/read/source-tree.ts'
import { featureExample } from './feature-examples.ts'
import { billText, packText } from './snippets.ts'

/** Examples that are a profile or a bill, settled with packs that stand here; the sums are worked out by hand. */

const PLAIN = 'profile: demo/plain\nsource: 示例\neffective: { from: 2000-01-01 }\n'

/** A pack with one benefit. */
function pack(id: string, kind: string, benefit: string): string {
  const head = `pack: demo/${id}\nkind: ${kind}\npayer: { id: ${id} }\neffective: { from: 2024-01-01 }\nsource: 示例条款\n`
  const policy = kind === 'commercial' ? 'requires: policy\n' : ''
  return `${head}${policy}benefits:\n  - { id: benefit, clause: 示例, ${benefit} }\n`
}

function bill(text: string): string {
  return billText({ language: 'yaml', kind: 'bill', line: 0, text })
}

function accepted<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(result.problems.map((found) => describeProblem(found, 'en')).join('\n'))
}

/** Who pays what on the bill, in fen, and how the patient pays. */
function split(billDocument: string, packs: readonly string[], profileText = PLAIN) {
  const [profile] = accepted(readPacks(profileText, 'profile.yaml', () => undefined)).profiles
  const [tree] = accepted(readSourceTree(billDocument, 'bill.yaml'))
  if (profile === undefined || tree === undefined) throw new Error('no profile or no bill')
  const compiled = packs
    .flatMap((text) => accepted(readPacks(text, 'pack.yaml', () => undefined)).packs)
    .map((read) => accepted(compilePack(read)))
  const document = accepted(readBillDocument(plainData(tree, 'text'), profile))
  const inForce = { profile, packs: compiled }
  const answer = settle(document.bill, document.coverage, document.counters, inForce)
  if (answer.kind === 'refusal') {
    throw new Error(answer.problems.map((found) => describeProblem(found, 'en')).join('\n'))
  }
  const own = answer.payers.filter(({ given }) => !given)
  const { total, cash, account, depositBalance } = answer.patient
  return {
    payers: Object.fromEntries(own.map(({ id, amount }) => [id, amount])),
    patient: total,
    cash,
    account,
    depositBalance,
  }
}

const FUND_80 = pack(
  'fund',
  'basic',
  'base: [inScope], deductible: { per: admission, amount: 800.00 }, rate: 80%',
)

it('12: day 200 of a stay is a new admission, with a deductible of its own', () => {
  // 2 x (10000 - 800) x 80 % = 14720
  const stay = bill(`visit: { kind: inpatient, start: 2024-01-01, end: 2024-12-31 }
lines: [{ inScope: 10000.00, date: 2024-01-10 }, { inScope: 10000.00, date: 2024-07-18 }]
`)
  expect(split(stay, [FUND_80], featureExample(12).text).payers).toEqual({ fund: 1_472_000 })
  // (20000 - 800) x 80 % = 15360 where the profile does not say so
  expect(split(stay, [FUND_80]).payers).toEqual({ fund: 1_536_000 })
})

it('38: a pack that counts what is in scope pays nothing of first pay, ceilings and own pay', () => {
  // (500 + 900 + 8000 - 800) x 80 % = 6880 of 11800
  const { payers, patient } = split(billText(featureExample(38)), [FUND_80])
  expect([payers, patient]).toEqual([{ fund: 688_000 }, 492_000])
})

it('42: aid after commercial insurance, where the profile says so', () => {
  const packs = [
    pack('aid', 'medical-aid', 'base: [inScope], rate: 70%'),
    pack('insurer', 'commercial', 'base: [inScope], rate: 50%'),
  ]
  const stay = bill(`visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-20 }
lines: [{ inScope: 10000.00 }]
policies: [{ id: P1, product: demo/insurer, start: 2024-01-01, end: 2024-12-31 }]
`)
  // 10000 x 50 %, then 5000 x 70 %; without the profile 10000 x 70 %, then 3000 x 50 %
  const after = split(stay, packs, featureExample(42).text)
  expect(after.payers).toEqual({ insurer: 500_000, aid: 350_000 })
  expect(split(stay, packs).payers).toEqual({ aid: 700_000, insurer: 150_000 })
})

it('46: the fields of the settlement sheet are the base', () => {
  const plan = pack(
    'plan',
    'commercial',
    'base: [inScope, preSelfPay], deductible: { per: policyYear, amount: 18000.00 }, rate: 80%',
  )
  const text = billText(featureExample(46))
  const policies =
    'policies: [{ id: P1, product: demo/plan, start: 2024-01-01, end: 2024-12-31 }]\n'
  // 90000 - 65000 + 6000 = 31000; (31000 - 18000) x 80 % = 10400 of the 45000 that were left
  const { payers, patient } = split(text + policies, [plan])
  expect([payers, patient]).toEqual([{ plan: 1_040_000 }, 3_460_000])
})

it('55: the pots pay in order, and nothing that the profile does not name', () => {
  const stay = bill(`visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-05 }
lines: [{ inScope: 8000.00, preSelfPay: 200.00, ownPay: 1000.00 }]
account: { history: 300.00, current: 1500.00, family: 2000.00 }
`)
  // 7200 x 80 % = 5760 by the fund; 800 + 1440 = 2240 by the account, 200 + 1000 in cash
  const { account, cash } = split(stay, [FUND_80], featureExample(55).text)
  expect(account).toEqual({ history: 30_000, current: 150_000, family: 44_000, given: 0 })
  expect(cash).toBe(120_000)
})

it('57: what the account paid fills the deductible like cash', () => {
  const million = pack(
    'million',
    'commercial',
    'base: [inScope], deductible: { per: policyYear, amount: 10000.00 }, rate: 100%',
  )
  const policies =
    'policies: [{ id: P1, product: demo/million, start: 2024-01-01, end: 2024-12-31 }]\n'
  // 110000 - 20000 - 10000 = 80000; the 10000 left are the account's
  const { payers, patient, cash } = split(billText(featureExample(57)) + policies, [million])
  expect([payers, patient, cash]).toEqual([{ million: 8_000_000 }, 1_000_000, 0])
})

it('58: the rest of the deposit is paid back', () => {
  // 8000 - 7200 x 80 % = 2240; 5000 - 2240 = 2760
  const { patient, depositBalance } = split(billText(featureExample(58)), [FUND_80])
  expect([patient, depositBalance]).toEqual([224_000, 276_000])
})

it('61: the smaller priority pays first, and the order changes what is left', () => {
  const packs = [
    pack('small-plan', 'commercial', 'base: [inScope], rate: 80%'),
    pack(
      'big-plan',
      'commercial',
      'base: [inScope], deductible: { per: policyYear, amount: 10000.00 }, rate: 100%',
    ),
  ]
  const text = billText(featureExample(61))
  // 80000 x 80 %, then 16000 - 10000; the other way round 80000 - 10000, then 10000 x 80 %
  const smallFirst = split(text, packs)
  expect(smallFirst.payers).toEqual({ 'small-plan': 6_400_000, 'big-plan': 600_000 })
  expect(smallFirst.patient).toBe(1_000_000)
  const bigFirst = split(text.replace('priority: 1', 'priority: 3'), packs)
  expect(bigFirst.payers).toEqual({ 'big-plan': 7_000_000, 'small-plan': 800_000 })
  expect(bigFirst.patient).toBe(200_000)
})

it('17: the payment of another insurer fills the deductible where the pack says so', () => {
  const other = pack('other', 'commercial', 'base: [inScope], rate: 40%')
  const own = packText(featureExample(17, 'own-money-only'))
  const insurers = packText(featureExample(17, 'insurers-too'))
  const stay = bill(`visit: { kind: inpatient, start: 2024-03-01, end: 2024-03-20 }
lines: [{ inScope: 20000.00 }]
policies:
  - { id: P1, product: demo/other, start: 2024-01-01, end: 2024-12-31, priority: 1 }
  - { id: P2, product: demo/fragment, start: 2024-01-01, end: 2024-12-31, priority: 2 }
`)
  // 20000 x 40 % = 8000 by the other; 12000 - 10000, or 12000 - (10000 - 8000)
  expect(split(stay, [other, own]).payers).toEqual({ other: 800_000, demo: 200_000 })
  expect(split(stay, [other, insurers]).payers).toEqual({ other: 800_000, demo: 1_000_000 })
})
