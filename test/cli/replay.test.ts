import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReplayReport } from '../../src/engine/replay/replay-report.ts'
import { widthOf } from '../../src/cli/render/columns.ts'
import { BASIC, Bench, PLAN, settleSome } from './ledger-of-packs.ts'
import { run, runAt } from './run.ts'

const bench = new Bench()
let candidate = ''
let same = ''

beforeAll(async () => {
  same = bench.rules('same.yaml', BASIC('50%'), PLAN)
  candidate = bench.file('candidate.yaml', BASIC('65%'))
  await bench.install(same)
  await bench.onTown(settleSome)
}, 60_000)

afterAll(() => {
  bench.remove()
})

async function report(...args: readonly string[]): Promise<ReplayReport> {
  const { code, complained, printed } = await run(
    'replay',
    '--ledger',
    bench.ledger,
    '--json',
    ...args,
  )
  expect([code, complained]).toEqual([0, ''])
  return JSON.parse(printed) as ReplayReport
}

describe('qingfen replay', () => {
  test('under the same packs says that nothing changes', async () => {
    const { settlements, payers } = await report('--packs', same)
    expect(settlements).toEqual({ seen: 12, standing: 11, reversed: 1, changed: 0, refused: 0 })
    expect(payers.every(({ before, after }) => before === after)).toBe(true)
    const text = await run('replay', '--ledger', bench.ledger, '--packs', same)
    expect(text.printed).toContain('没有任何变化')
    expect(text.printed).toContain('nothing changes')
  })

  test('under another version its columns add up, in both languages, and the ledger stays', async () => {
    const before = await bench.rows()
    const { largest, lineGroups, patients, payers, settlements, total } = await report(
      '--packs',
      candidate,
    )
    expect(settlements.changed).toBe(11)
    const change = (rows: readonly { before: number; after: number }[]) =>
      rows.reduce((sum, row) => sum + row.after - row.before, 0)
    expect(change(payers) + change([patients])).toBe(0)
    expect(change(lineGroups)).toBe(change([patients]))
    expect(change(largest)).toBe(change([patients]))
    expect(total.before).toBe(total.after)
    expect(await bench.rows()).toEqual(before)
    for (const [columns, lang] of [
      [100, 'both'],
      [80, 'zh'],
      [60, 'en'],
    ] as const) {
      const { printed } = await runAt(
        columns,
        'replay',
        '--ledger',
        bench.ledger,
        '--packs',
        candidate,
        '--lang',
        lang,
      )
      expect(Math.max(...printed.split('\n').map(widthOf))).toBeLessThanOrEqual(columns)
    }
  })

  test('reports one person, and days, only', async () => {
    const one = await report('--packs', candidate, '--person', 'P3')
    expect(one.settlements).toMatchObject({ seen: 1, changed: 1 })
    const none = await report('--packs', candidate, '--from', '2024-05-11')
    expect(none.settlements.seen).toBe(0)
    const all = await report('--packs', candidate, '--from', '2024-05-10', '--to', '2024-05-10')
    expect(all.settlements.seen).toBe(12)
  })

  test('says which settlements would be refused, and why', async () => {
    const asks = bench.file('asks.yaml', BASIC('65%', '    when: visit.referred\n'))
    const { refusals, settlements, total } = await report('--packs', asks)
    expect(settlements).toMatchObject({ refused: 12, standing: 0 })
    expect(refusals.codes).toEqual([{ code: 'FACT_MISSING', count: 12 }])
    expect(refusals.first).toHaveLength(12)
    expect(total).toEqual({ before: 0, after: 0 })
    const text = await run('replay', '--ledger', bench.ledger, '--packs', asks)
    expect(text.printed).toContain('FACT_MISSING × 12')
    expect(text.printed).toContain('visit.referred')
  })

  test.each([
    [['--packs', 'nowhere.yaml'], 'nowhere.yaml', 1],
    [['--jurisdiction', 'other'], 'JURISDICTION_UNKNOWN', 1],
    [['--from', '2024-13-01'], '--from', 2],
    [['--to', 'tomorrow'], '--to', 2],
    [['--from', '2024-05-11', '--to', '2024-05-10'], '--from', 2],
  ])('%j is refused', async (args, named, end) => {
    const packs = args.includes('--packs') ? [] : ['--packs', candidate]
    const { code, complained } = await run('replay', '--ledger', bench.ledger, ...packs, ...args)
    expect(code).toBe(end)
    expect(complained).toContain(named)
  })

  test('where there is no ledger none is made', async () => {
    const nowhere = `${bench.folder}/nowhere`
    const { code, complained } = await run('replay', '--ledger', nowhere, '--packs', candidate)
    expect([code, complained.includes('LEDGER_NOT_FOUND')]).toEqual([1, true])
    const status = await run('pack', 'status', '--ledger', nowhere)
    expect([status.code, status.complained.includes('LEDGER_NOT_FOUND')]).toEqual([1, true])
  })
})
