import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ServedTown } from './served-town.ts'

const EXAMPLE = fileURLToPath(new URL('../../examples/raw-terminal.mjs', import.meta.url))

let served: ServedTown
beforeAll(async () => {
  served = await ServedTown.open()
})
afterAll(async () => {
  await served.close()
})

async function run(...args: readonly string[]) {
  return promisify(execFile)(process.execPath, [EXAMPLE, ...args], { encoding: 'utf8' })
}

it('the example without an SDK settles once over a lost connection', async () => {
  const url = `ws://127.0.0.1:${served.server.port}/v1/terminal`
  const { stdout, stderr } = await run(url, served.credential('terminal-H'), 'B1')
  expect(stderr).toBe('')
  // Whether the lost request had arrived is up to the network; that it is settled once is not.
  expect(stdout.replace(/had (not )?been taken/, 'had … been taken').split('\n')).toEqual([
    'quote: total 307.00, patient 122.00',
    'settled: S000000000016, patient 122.00',
    '  town-fund pays 120.00',
    '  town-insurer pays 65.00',
    'asked again: repeat true, the same answer',
    'the lost request had … been taken; it is settled once',
    '  “检查”300.00 元：符合范围 300.00 元。',
    '  “自费”7.00 元：自费 7.00 元。',
    '  接下来按“town/basic” 2024 年度的规定计算。',
    '  基本医保“all”（一）：本次可报 300.00 元，先扣起付线 100.00 元，其余按 60% 报销 120.00 元。',
    '  接下来按“town/product” 2024 年度的规定计算。',
    '  商业保险“rest”（二）：本次可报 180.00 元，先扣免赔额 50.00 元，其余按 50% 报销 65.00 元。',
    '  个人承担：您承担 122.00 元，现金支付 122.00 元。',
    '',
  ])
  expect(served.town.splits()).toHaveLength(1)
})

it('the example says what is wrong and ends with a failure', async () => {
  const url = `ws://127.0.0.1:${served.server.port}/v1/terminal`
  await expect(run(url, 'nobody.secret', 'B1')).rejects.toThrow('CREDENTIAL_WRONG')
  await expect(run(url)).rejects.toMatchObject({ code: 2 })
})
