import { afterEach, beforeEach, expect, test } from 'vitest'
import { widthOf } from '../../src/cli/render/columns.ts'
import type { RulesState } from '../../src/ledger/record.ts'
import { BASIC, Bench, PLAN } from './ledger-of-packs.ts'
import { run, runAt, type Run } from './run.ts'

let bench: Bench

beforeEach(() => {
  bench = new Bench()
})

afterEach(() => {
  bench.remove()
})

async function pack(...args: readonly string[]): Promise<Run> {
  return run('pack', ...args, '--ledger', bench.ledger)
}

/** The state that a step leaves; the step must not be refused. */
async function state(...args: readonly string[]): Promise<RulesState & { jurisdiction: string }> {
  const { code, complained, printed } = await pack(...args, '--json')
  expect([code, complained]).toEqual([0, ''])
  return JSON.parse(printed) as RulesState & { jurisdiction: string }
}

test('a version is published, put into shadow, activated, suspended, resumed, rolled back', async () => {
  const first = bench.rules('first.yaml', BASIC('50%'), PLAN)
  const published = await state('publish', first)
  expect(published.jurisdiction).toBe('town')
  const old = published.packs.find(({ id }) => id === 'town/basic')?.hash ?? ''
  const active = await state('activate', old)
  const second = bench.file('second.yaml', BASIC('65%'))
  const both = await state('publish', second)
  expect(both.packs.map((one) => one.state)).toEqual(['active', 'checked', 'checked'])
  const recent = both.packs.at(-1)?.hash ?? ''
  const states = async (...args: readonly string[]) => {
    const { packs } = await state(...args)
    return [old, recent].map((hash) => packs.find((one) => one.hash === hash)?.state)
  }
  expect(await states('shadow', recent.slice(0, 8))).toEqual(['active', 'shadow'])
  expect(await states('activate', recent, '--from', '2030-01-01')).toEqual(['active', 'active'])
  expect((await state('suspend', recent)).suspended).toEqual([recent])
  expect((await state('resume', recent)).suspended).toEqual([])
  expect((await state('roll-back', 'town/basic')).ruleSet).toBe(active.ruleSet)
  expect(await states('status')).toEqual(['active', 'shadow'])
}, 60_000)

test('the state is a table in either language', async () => {
  await pack('publish', bench.rules('first.yaml', BASIC('50%'), PLAN))
  const { packs } = await state('status')
  await pack('activate', packs[0]?.hash ?? '', '--from', '2024-01-01')
  await pack('suspend', packs[0]?.hash ?? '')
  const hashes = packs.map(({ hash }) => hash.slice(0, 12))
  const { printed } = await runAt(100, 'pack', 'status', '--ledger', bench.ledger, '--lang', 'en')
  expect(printed.split('\n').slice(2)).toEqual([
    'pack        version       state               in force',
    expect.stringMatching(/^─+$/),
    `town/basic  ${hashes[0]}  active · suspended  2024-01-01 – …`,
    `town/plan   ${hashes[1]}  checked`,
  ])
  const chinese = await runAt(80, 'pack', 'status', '--ledger', bench.ledger, '--lang', 'zh')
  expect(chinese.printed).toContain('启用 · 暂停')
  expect(Math.max(...chinese.printed.split('\n').map(widthOf))).toBeLessThanOrEqual(80)
}, 60_000)

test('what the checker finds is not published, unless it is only the search and that is left out', async () => {
  const wrong = bench.rules('wrong.yaml', BASIC('150%'))
  const refused = await pack('publish', wrong)
  expect(refused.code).toBe(1)
  const status = await pack('status')
  expect([status.code, status.complained.includes('LEDGER_NOT_FOUND')]).toEqual([1, true])
  const failing = bench.rules(
    'case.yaml',
    BASIC(
      '50%',
      `cases:
  - name: 一次住院
    given:
      visit: { kind: inpatient, start: 2024-05-01, end: 2024-05-09 }
      lines: [{ id: L1, name: 项目, inScope: 1100.00 }]
    expect: { payment: 499.99 }`,
    ),
  )
  const cases = await pack('publish', failing, '--no-search')
  expect([cases.code, cases.complained.includes('CLI_CASE_DIFFERS')]).toEqual([1, true])
}, 60_000)

test.each([
  [['activate', 'ffffffffffff'], 'CONTENT_UNKNOWN', 1],
  [['roll-back', 'town/basic'], 'PACK_STATE_WRONG', 1],
  [['activate', 'HASH', '--from', '2024-02-30'], '--from', 2],
  [['status', '--jurisdiction', 'elsewhere'], 'JURISDICTION_UNKNOWN', 1],
] as const)(
  '%j is refused and changes nothing',
  async (args, named, end) => {
    await pack('publish', bench.rules('first.yaml', BASIC('50%')), '--no-search')
    const before = await bench.rows()
    const { packs } = await state('status')
    const stated = args.map((arg) => (arg === 'HASH' ? (packs[0]?.hash ?? '') : arg))
    const { code, complained } = await pack(...stated)
    expect([code, complained.includes(named)]).toEqual([end, true])
    expect(await bench.rows()).toEqual(before)
  },
  60_000,
)
