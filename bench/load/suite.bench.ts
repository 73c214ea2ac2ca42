/** The suite of load benchmarks; see bench/README.md. `--only=echo,terminals,open,http,day,growth,peers`; sizes in suite-options.ts. */
import { join } from 'node:path'
import { figuresOf } from './report/markdown.ts'
import { isFailed } from './report/results.ts'
import { judge } from './report/targets.ts'
import { writeReport } from './report/write-report.ts'
import { readOptions } from './suite-options.ts'
import { runSuite } from './suite.ts'

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

const options = readOptions(process.argv.slice(2))
const result = await runSuite(options, print)
writeReport(options.out, result)
for (const { what, target, measured, ratio, verdict } of judge(figuresOf(result))) {
  if (verdict !== 'not run')
    print(`${verdict.padEnd(7)} ${what}: ${measured} (${target}; ${ratio})`)
}
print(`report: ${join(options.out, 'report.md')}`)
if (result.parts.some(isFailed)) process.exitCode = 1
