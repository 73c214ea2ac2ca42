import { judge } from './targets.ts'
import {
  isFailed,
  type Chart,
  type FailedPart,
  type RanPart,
  type SuiteResult,
  type Table,
} from './results.ts'

/** The report of a run, with the charts beside it. */
export function markdownOf(result: SuiteResult, charts: readonly Chart[]): string {
  const { machine, seconds } = result
  const inParts = new Set(result.parts.flatMap((part) => (isFailed(part) ? [] : part.charts)))
  return [
    '# Report of the load benchmarks',
    '',
    'Written by `npm run bench:report`; what is measured, and how to run it, is in [README.md](README.md).',
    '',
    `${machine.cores} cores of ${machine.model}, ${machine.memoryGb} GB, Node ${machine.node}; ${Math.round(seconds / 60)} minutes in all.`,
    '',
    ...targets(result),
    ...charts.filter((chart) => !inParts.has(chart)).flatMap(image),
    ...result.parts.flatMap((part) => (isFailed(part) ? failed(part) : section(part))),
  ].join('\n')
}

function targets(result: SuiteResult): readonly string[] {
  const figures = figuresOf(result)
  const rows = judge(figures).map((one) => [
    one.what,
    one.target,
    one.measured,
    one.ratio,
    one.verdict === 'missed' ? '**missed**' : one.verdict,
  ])
  const columns = ['target', 'wanted', 'measured', 'measured / wanted', '']
  return ['## Targets', '', ...tableOf({ caption: '', columns, rows })]
}

/** Of all parts of one run together. */
export function figuresOf({ parts }: SuiteResult): Readonly<Record<string, number>> {
  const all = parts.map((part) => (isFailed(part) ? {} : part.figures))
  return Object.assign({}, ...all) as Record<string, number>
}

function failed({ name, failed: why }: FailedPart): readonly string[] {
  return [`## ${name}: failed`, '', '```', why, '```', '']
}

function section(part: RanPart): readonly string[] {
  const { title, about, tables, charts, checks, seconds, loadBefore } = part
  return [
    `## ${title}`,
    '',
    about,
    '',
    ...tables.flatMap(tableOf),
    ...charts.flatMap(image),
    'Checked:',
    '',
    ...checks.map((check) => `- ${check}`),
    '',
    `Took ${Math.round(seconds)} s; load of the machine in the minute before: ${loadBefore.toFixed(1)}.`,
    '',
  ]
}

function tableOf({ caption, columns, rows }: Table): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [
    ...(caption === '' ? [] : [`${caption}:`, '']),
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
  ]
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function image({ name, title }: Chart): readonly string[] {
  return [`![${title}](${name}.svg)`, '']
}
