import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawChart } from './draw.ts'
import { figuresOf, markdownOf } from './markdown.ts'
import { isFailed, type Chart, type SuiteResult } from './results.ts'

/** Names and figures of the rates that are drawn beside each other. */
const RATES = [
  ['echo, tiny', 'echo.tiny.256'],
  ['echo, settlement', 'echo.settlement.256'],
  ['settle, 20 lines', 'settle.256.rate'],
  ['settle, mix', 'mix.256.rate'],
  ['settle, HTTP', 'http.POST /v1/settlements'],
  ['PostgreSQL', 'postgres.rate'],
] as const

/** Writes `report.json`, `report.md` and a file for each chart into `folder`. */
export function writeReport(folder: string, result: SuiteResult): void {
  mkdirSync(folder, { recursive: true })
  const own = result.parts.flatMap((part) => (isFailed(part) ? [] : part.charts))
  const rates = ratesOf(result)
  const charts = rates === undefined ? own : [rates, ...own]
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
  }
  write('report.json', `${JSON.stringify(result, undefined, 2)}\n`)
  write('report.md', markdownOf(result, charts))
  for (const chart of charts) write(`${chart.name}.svg`, drawChart(chart))
}

function ratesOf(result: SuiteResult): Chart | undefined {
  const figures = figuresOf(result)
  const points = RATES.flatMap(([name, figure]) => {
    const rate = figures[figure]
    return rate === undefined ? [] : [[name, rate] as const]
  })
  if (points.length === 0) return undefined
  return {
    name: 'rates',
    title: 'Rates, 256 in flight (HTTP: 24 connections)',
    x: { name: '' },
    y: { name: 'a second' },
    series: [{ name: 'rate', points }],
    isBar: true,
  }
}
