/** Writes the report of a run again, for the repository: `--from=.qingfen/bench`, `--to=bench`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { SuiteResult } from './report/results.ts'
import { writeReport } from './report/write-report.ts'

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '.qingfen/bench' },
    to: { type: 'string', default: 'bench' },
  },
})
const text = readFileSync(join(values.from, 'report.json'), 'utf8')
writeReport(values.to, JSON.parse(text) as SuiteResult)
