import { expect, test } from 'vitest'
import { lineThrough, powerOf } from '../../bench/load/curves/fit.ts'
import { drawChart } from '../../bench/load/report/draw.ts'
import { markdownOf } from '../../bench/load/report/markdown.ts'
import type { SuiteResult } from '../../bench/load/report/results.ts'
import { judge, TARGETS } from '../../bench/load/report/targets.ts'
import { readOptions } from '../../bench/load/suite-options.ts'

test('a curve has its slope and its power', () => {
  expect(
    lineThrough([
      [1, 5],
      [2, 7],
      [3, 9],
    ]),
  ).toEqual({ slope: 2, intercept: 3 })
  expect(
    powerOf([
      [1, 3],
      [10, 300],
      [100, 30_000],
    ]).toFixed(6),
  ).toBe('2.000000')
})

test('a target is met, missed, or says that it was not run', () => {
  const verdict = (figures: Record<string, number>, what: RegExp) =>
    judge(figures).find((one) => what.test(one.what))
  expect(judge({}).map((one) => one.verdict)).toEqual(TARGETS.map(() => 'not run'))
  const echo = { 'echo.settlement.256': 1_000, 'settle.256.rate': 600 }
  expect(verdict(echo, /by the echo/)).toMatchObject({ verdict: 'met', measured: '0.60' })
  expect(verdict({ ...echo, 'settle.256.rate': 400 }, /by the echo/)).toMatchObject({
    verdict: 'missed',
    ratio: '0.80',
  })
  expect(verdict({ 'open.2400.p99': 101 }, /2,400\/s: p99/)?.verdict).toBe('missed')
  expect(verdict({ 'open.2400.refused': 0 }, /2,400\/s: refused/)?.verdict).toBe('met')
  const grown = { 'ledger.least': 1_000, 'ledger.most': 5_000_000, 'ledger.ratio': 1 }
  expect(verdict(grown, /5 million/)?.verdict).toBe('not run')
})

test('a report says what failed, and keeps its tables whole', () => {
  const result: SuiteResult = {
    machine: { cores: 2, model: 'a', memoryGb: 1, node: '20' },
    options: {},
    seconds: 1,
    parts: [
      { name: 'echo', failed: 'why it failed' },
      {
        name: 'day',
        title: 'A day',
        about: 'about',
        tables: [{ caption: 'c', columns: ['a|b'], rows: [['1']] }],
        charts: [],
        checks: ['checked'],
        figures: {},
        seconds: 1,
        loadBefore: 0,
      },
    ],
  }
  const text = markdownOf(result, [])
  expect(text).toContain('why it failed')
  expect(text).toContain('| a\\|b |')
  expect(text).toContain('- checked')
})

/** As many and as long as the report has. */
const NAMES = Array.from({ length: 6 }, (_, index) => `settle, number ${index}`)

test('bars over names and curves over numbers are drawn', () => {
  const axes = { x: { name: 'x', isLog: true }, y: { name: 'y' } } as const
  const curve = drawChart({
    name: 'c',
    title: 'Curve',
    ...axes,
    series: [
      {
        name: 's',
        points: [
          [1, 2],
          [10, 3],
        ],
      },
    ],
  })
  expect(curve).toMatch(/^<svg [^]*Curve[^]*<\/svg>\n$/)
  const bars = drawChart({
    name: 'b',
    title: 'Bars',
    ...axes,
    series: [{ name: 's', points: NAMES.map((name) => [name, 1_234] as const) }],
    isBar: true,
  })
  expect(bars).toContain('1,234')
  for (const name of NAMES) expect(bars).toContain(`>${name}<`)
})

test('options are whole numbers and parts there are', () => {
  expect(readOptions(['--only=day,echo']).only).toEqual(['echo', 'day'])
  expect(() => readOptions(['--only=night'])).toThrow('--only')
  expect(() => readOptions(['--persons=many'])).toThrow('whole number')
})
