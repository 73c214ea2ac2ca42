import { readFileSync } from 'node:fs'
import type { Profile } from '../../src/rules/profile.ts'

/** A small profile: codes of grade, identity and retirement mapped, the rest at its defaults. */
export const PROFILE: Profile = {
  id: 'test',
  hash: '0'.repeat(64),
  title: { zh: '测试', en: 'test' },
  source: 'test',
  effective: { from: 0 },
  timeZone: 'Asia/Shanghai',
  yearBy: 'settlement',
  yearStart: { month: 1, day: 1 },
  order: [],
  given: { basic: ['inScope'], funds: ['coinsurance'], hospital: ['overLimit'] },
  hospitalLevels: { '02': 3, '05': 2 },
  priceLevels: { '02': 3, '05': 1 },
  identities: { '23': '低保', '24': '特困' },
  retiredPersonTypes: ['12', '13'],
  reversal: { mode: 'keep', days: 365 },
  unmatchedLines: 'refuse',
}

export type Tree = Readonly<Record<string, unknown>>

const LINES: readonly [Tree, ...Tree[]] = [
  { id: 'a', code: 'X1', amount: '120.00', date: '2023-03-02', inScope: '120.00' },
  { id: 'b', code: 'X2', amount: '70.00', date: '2023-03-03', ownPay: '70.00' },
  { id: 'c', amount: '10.00', date: '2023-03-04', overLimit: '4.00', preSelfPay: '6.00' },
]

/** A complete inpatient bill of three lines, 200.00 yuan; `changes` replace whole keys of it. */
export function billTree(changes: Tree = {}): Tree {
  return {
    person: { id: 'P1', insutype: '310', psnType: '1101' },
    visit: { id: 'V1', kind: 'inpatient', start: '2023-03-01', end: '2023-03-10' },
    hospital: { id: 'H1', grade: '02' },
    settlementDate: '2023-03-10',
    lines: LINES,
    ...changes,
  }
}

/** The bill of `billTree` with the first line's fields changed. */
export function withFirstLine(changes: Tree): Tree {
  const [first, ...rest] = LINES
  return billTree({ lines: [{ ...first, ...changes }, ...rest] })
}

export function asTree(value: unknown): Tree {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object')
  return { ...value }
}

/** The message of a captured answer, numbers as `JSON.parse` gives them. */
export function capturedMessage(name: string): Tree {
  return asTree(asTree(JSON.parse(capturedText(name)))['message'])
}

export function capturedText(name: string): string {
  return readFileSync(new URL(`../fixtures/national/${name}.json`, import.meta.url), 'utf8')
}

/** The node `name` of a captured answer's output. */
export function capturedOutput(file: string, name: string): unknown {
  return asTree(capturedMessage(file)['output'])[name]
}
