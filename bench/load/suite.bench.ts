/** The suite of load benchmarks; see bench/README.md. `--only=echo,terminals,open,http,day,growth,peers`; sizes in suite-options.ts. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isFailed } from './report/results.ts'
import { readOptions } from './suite-options.ts'
import { runSuite } from './suite.ts'

const options = readOptions(process.argv.slice(2))
const result = await runSuite(options, (text) => process.stdout.write(`${text}\n`))
mkdirSync(options.out, { recursive: true })
writeFileSync(join(options.out, 'report.json'), `${JSON.stringify(result, undefined, 2)}\n`)
if (result.parts.some(isFailed)) process.exitCode = 1
