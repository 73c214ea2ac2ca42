import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { widthOf } from '../../src/cli/render/columns.ts'
import { run } from './run.ts'

const BILL = 'examples/chongqing-2023-low-income.yaml'
const folder = mkdtempSync(join(tmpdir(), 'qingfen-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the table holds every payer at 100 columns, with a reason for each step', async () => {
  const { code, printed } = await run('adjudicate', BILL, '--packs', 'rules/chongqing', '--explain')
  expect(code).toBe(0)
  const rows = printed.split('\n')
  expect(Math.max(...rows.map(widthOf))).toBe(100)
  const total = rows.find((row) => row.includes('合计 Total'))
  const amounts = '200,000.00 125,790.00 29,743.68 17,126.42  2,687.93 12,000.00 12,651.97'
  expect(total).toContain(amounts)
  expect(printed).toContain('逐步说明 Step by step')
})

test('JSON holds the settlement, and problems when the bill is refused', async () => {
  const settled = await run('adjudicate', BILL, '--packs', 'rules/chongqing', '--format', 'json')
  expect(JSON.parse(settled.printed)).toMatchObject({
    total: 20_000_000,
    patient: { total: 1_265_197 },
  })
  const path = join(folder, 'bill.yaml')
  writeFileSync(path, readFileSync(BILL, 'utf8').replace('total: 200000.00', 'total: 200000.01'))
  const refused = await run('adjudicate', path, '--packs', 'rules/chongqing', '--json')
  expect(refused.code).toBe(1)
  expect(JSON.parse(refused.printed)).toMatchObject({
    problems: [{ code: 'BILL_TOTAL_DIFFERS', file: path, where: 'total' }],
  })
})

test('several profiles ask for a choice', async () => {
  const packs = ['--packs', 'rules/chongqing', 'rules/wuxi']
  const { code, complained } = await run('adjudicate', BILL, ...packs)
  expect(code).toBe(1)
  expect(complained).toContain('CLI_PROFILE_UNCLEAR')
  expect((await run('adjudicate', BILL, ...packs, '--profile', 'chongqing')).code).toBe(0)
})

test('a profile that there is not is named, with those there are', async () => {
  const packs = ['--packs', 'rules/chongqing', 'rules/wuxi', '--profile', 'shanghai']
  const { code, complained } = await run('adjudicate', BILL, ...packs)
  expect(code).toBe(1)
  expect(complained).toContain('CLI_PROFILE_UNKNOWN')
  for (const name of ['shanghai', 'chongqing', 'wuxi']) expect(complained).toContain(name)
})

test.each([
  ['of other bytes than UTF-8', Buffer.from([0x61, 0xff, 0x0a]), 'CLI_FILE_NOT_UTF8'],
  ['with nothing in it', Buffer.from('# later\n'), 'CLI_BILL_COUNT'],
  ['of two bills', Buffer.from('person: {}\n---\nperson: {}\n'), 'CLI_BILL_COUNT'],
])('a bill %s is refused by its name', async (_, bytes, refusal) => {
  const path = join(folder, 'wrong.yaml')
  writeFileSync(path, bytes)
  const { code, printed } = await run('adjudicate', path, '--packs', 'rules/chongqing', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(printed)).toMatchObject({ problems: [{ code: refusal, file: path }] })
})

const PACK = `pack: my/plan
kind: commercial
payer: { id: pool }
effective: { from: 2024-01-01, to: 2024-12-31 }
source: 条款
requires: policy
benefits:
  - id: own
    clause: 一
    base: [ownPay]
    deductible: { per: policyYear, owner: family, amount: 20000.00 }
    rate: 60%
`
const planBill = (product: string, more: string) => `person: { id: P }
familyId: F
visit: { id: V2, kind: inpatient, start: 2024-06-01, end: 2024-06-05 }
hospital: { id: H }
policies: [{ id: POL, product: ${product}, start: 2024-01-01, end: 2024-12-31 }]
settlementDate: 2024-06-05
lines: [{ id: '1', ownPay: 15000.00 }]
total: 15000.00
${more}`

async function adjudicatePlan(product: string, more: string, ...options: readonly string[]) {
  const [pack, bill] = [join(folder, 'plan.yaml'), join(folder, 'plan-bill.yaml')]
  writeFileSync(pack, PACK)
  writeFileSync(bill, planBill(product, more))
  return run('adjudicate', bill, '--packs', pack, '--lang', 'en', ...options)
}

test('running totals are printed as the next bill takes them', async () => {
  const first = await adjudicatePlan('my/plan', '', '--counters')
  const counters = first.printed.slice(first.printed.indexOf('counters:'))
  expect(counters).toContain("'family:F|my/plan:own.deductible|2024-01-01|': 15000.00")
  // 15000 − (20000 − 15000) = 10000, × 60% = 6000
  expect((await adjudicatePlan('my/plan', counters, '--json')).printed).toContain(
    '"amount": 600000',
  )
})

test.each([
  ["'family:F|my/plan:own.deductibel|2024-01-01|': 15000.00", 'CLI_COUNTER_UNKNOWN'],
  ["'family:F|my/plan:own.deductible|2024|': 15000.00", 'CLI_COUNTER_MISFIT'],
  ["'family:F|my/plan:own.deductible|2024-01-01|': '15000'", 'CLI_COUNTER_UNIT'],
])('the running total %s is refused', async (counter, code) => {
  const answer = await adjudicatePlan('my/plan', `counters: { ${counter} }`)
  expect(answer.code).toBe(1)
  expect(answer.complained).toContain(code)
})

test.each([
  [
    'my/plan',
    "counters: { 'family:G|my/plan:own.deductible|2024-01-01|': 5.00 }",
    'COUNTER_UNREAD',
  ],
  ['my/plan', "counters: { 'person:P|other/plan:own.deductible|2024|': 5.00 }", 'COUNTER_UNREAD'],
  ['my/plam', '', 'CLI_POLICY_WITHOUT_PACK'],
])('%s %s is settled with a remark', async (product, more, remark) => {
  const { code, printed } = await adjudicatePlan(product, more)
  expect(code).toBe(0)
  expect(printed).toContain(remark)
})

test.each([
  ['', '2025-01-05', 'on 2025-01-05 (by: settlement)'],
  [', by: admission', '2024-12-28', undefined],
  [', by: line', '2024-12-28', undefined],
])('a policy that has ended is remarked%s', async (by, date, remark) => {
  const stay = 'start: 2024-12-28, end: 2025-01-05'
  const later = planBill('my/plan', '')
    .replace('start: 2024-06-01, end: 2024-06-05', stay)
    .replace('settlementDate: 2024-06-05', 'settlementDate: 2025-01-05')
    .replace("{ id: '1',", `{ id: '1', date: ${date},`)
  const [pack, bill] = [join(folder, 'plan.yaml'), join(folder, 'later.yaml')]
  writeFileSync(pack, PACK.replace('to: 2024-12-31', `to: 2024-12-31${by}`))
  writeFileSync(bill, later)
  const { printed } = await run('adjudicate', bill, '--packs', pack, '--lang', 'en')
  if (remark === undefined) expect(printed).not.toContain('CLI_POLICY_NOT_IN_FORCE')
  else expect(printed).toContain(remark)
})
