import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Child } from '../../bench/load/processes/child.ts'
import { figuresOf } from '../../bench/load/report/markdown.ts'
import { isFailed, PARTS, type SuiteResult } from '../../bench/load/report/results.ts'
import { writeReport } from '../../bench/load/report/write-report.ts'
import { readOptions } from '../../bench/load/suite-options.ts'
import { runSuite } from '../../bench/load/suite.ts'

/*
 * The whole suite, as small as it goes: real processes, a real ledger, every answer checked. It says nothing about times.
 */

const SMALL = [
  '--persons=64 --bills=32 --terminals=4 --echoes=40 --settlements=40 --warm=16 --inflight=8 --rates=40 --seconds=1',
  '--http-seconds=1 --swaps=1 --day=60 --sizes=70,140 --rounds=1 --round-ms=1 --pack-rows=100,1000',
  '--curve-lines=1,50,100 --transfers=40 --connections=4 --workers=0',
].flatMap((line) => line.split(' '))

const folder = mkdtempSync(join(tmpdir(), 'suite-test-'))
let result: SuiteResult

beforeAll(async () => {
  result = await runSuite(readOptions(SMALL), () => undefined)
  writeReport(folder, result)
}, 300_000)

afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('every part runs, and holds what it checks', () => {
  expect(result.parts.filter(isFailed)).toEqual([])
  expect(result.parts.map(({ name }) => name)).toEqual(PARTS)
  for (const part of result.parts) {
    if (isFailed(part)) continue
    expect([part.name, part.tables.length > 0, part.checks.length > 0]).toEqual([
      part.name,
      true,
      true,
    ])
    for (const { columns, rows } of part.tables) {
      for (const row of rows) expect([part.name, row.length]).toEqual([part.name, columns.length])
    }
  }
})

test('what targets are worked out from is a figure', () => {
  const figures = figuresOf(result)
  for (const name of [
    'echo.settlement.8',
    'settle.8.rate',
    'settle.8.memory',
    'open.40.p99',
    'open.40.refused',
    'http.POST /v1/settlements',
    'day.rate',
    'lines.power',
    'rows.ratio',
    'ledger.ratio',
    'pure.recorder',
    'swap.refused',
  ]) {
    expect([name, Number.isFinite(figures[name])]).toEqual([name, true])
  }
})

test('the report has every part, and a chart for each it names', () => {
  const text = readFileSync(join(folder, 'report.md'), 'utf8')
  for (const part of result.parts) if (!isFailed(part)) expect(text).toContain(`## ${part.title}`)
  const charts = [...text.matchAll(/!\[.+\]\((.+)\)/g)].map(([, file = '']) => file)
  expect(charts).toEqual(expect.arrayContaining(['rates.svg', 'latency.svg', 'lines.svg']))
  for (const file of charts) expect(readFileSync(join(folder, file), 'utf8')).toMatch(/^<svg /)
  const stored = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as SuiteResult
  expect(stored).toEqual(JSON.parse(JSON.stringify(result)))
})

test('a part that fails says why, and leaves no process behind', async () => {
  const options = readOptions([...SMALL, '--only=echo', '--bills=0'])
  const { parts } = await runSuite(options, () => undefined)
  expect(parts.map((part) => [part.name, isFailed(part) && part.failed !== ''])).toEqual([
    ['echo', true],
  ])
  expect(Child.running.size).toBe(0)
}, 60_000)
