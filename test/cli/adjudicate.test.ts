import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { widthOf } from '../../src/cli/render/columns.ts'
import { run } from './run.ts'

const BILL = 'examples/chongqing-2023-low-income.yaml'
const folder = mkdtempSync(join(tmpdir(), 'qingfen-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('the table holds every payer at 100 columns, with a reason for each step', () => {
  const { code, printed } = run('adjudicate', BILL, '--packs', 'rules/chongqing', '--explain')
  expect(code).toBe(0)
  const rows = printed.split('\n')
  expect(Math.max(...rows.map(widthOf))).toBe(100)
  const total = rows.find((row) => row.includes('合计 Total'))
  const amounts = '200,000.00 125,790.00 29,743.68 17,126.42  2,687.93 12,000.00 12,651.97'
  expect(total).toContain(amounts)
  expect(printed).toContain('逐步说明 Step by step')
})

test('JSON holds the settlement, and problems when the bill is refused', () => {
  const settled = run('adjudicate', BILL, '--packs', 'rules/chongqing', '--format', 'json')
  expect(JSON.parse(settled.printed)).toMatchObject({
    total: 20_000_000,
    patient: { total: 1_265_197 },
  })
  const path = join(folder, 'bill.yaml')
  writeFileSync(path, readFileSync(BILL, 'utf8').replace('total: 200000.00', 'total: 200000.01'))
  const refused = run('adjudicate', path, '--packs', 'rules/chongqing', '--json')
  expect(refused.code).toBe(1)
  expect(JSON.parse(refused.printed)).toMatchObject({
    problems: [{ code: 'BILL_TOTAL_DIFFERS', file: path, where: 'total' }],
  })
})

test('several profiles ask for a choice', () => {
  const packs = ['--packs', 'rules/chongqing', 'rules/wuxi']
  const { code, complained } = run('adjudicate', BILL, ...packs)
  expect(code).toBe(1)
  expect(complained).toContain('CLI_PROFILE_UNCLEAR')
  expect(run('adjudicate', BILL, ...packs, '--profile', 'chongqing').code).toBe(0)
})
