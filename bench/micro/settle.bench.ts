/**
 * How many bills one core settles a second: seven layers over bills of 5, 20 and 200 lines; the same work as the peers; a
 * long pack beside a short one. Every answer is checked before it is timed. `--only=layers|peers|rows` runs one part,
 * `--lines=20` one length of bill, `--rounds=N` more or fewer rounds.
 */
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { assert } from '../../src/assert.ts'
import type { Coverage } from './settle/checks.ts'
import { cityCatalog } from './settle/city-catalog.ts'
import { cityRules } from './settle/city-rules.ts'
import { packLengths, sameWork, sevenLayers, type Comparison } from './settle/comparisons.ts'
import { measurePaired, median, ratioOf, type Measured } from './settle/paired.ts'

const BILLS = { 5: 400, 20: 400, 200: 160 } as const
const MILLISECONDS_EACH = 300

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    lines: { type: 'string' },
    rounds: { type: 'string', default: '9' },
  },
})
const rounds = Number(values.rounds)
assert(Number.isSafeInteger(rounds) && rounds > 0, '--rounds is a whole number above zero')

function print(what: string, figure: string, target = ''): void {
  process.stdout.write(`${what.padEnd(48)} ${figure.padStart(34)}   ${target}`.trimEnd() + '\n')
}

function printRate({ name, rates }: Measured, target = ''): void {
  const per = (rate: number) => Math.round(rate).toLocaleString('en')
  const range = `${per(Math.min(...rates))}–${per(Math.max(...rates))}`
  print(`  ${name}`, `${per(median(rates))} bills/s (${range})`, target)
}

function printRatio(name: string, left: Measured, right: Measured, target: string): void {
  const { median: middle, low, high } = ratioOf(left, right)
  const digits = middle < 10 ? 2 : 0
  const figure = `${middle.toFixed(digits)} × (${low.toFixed(digits)}–${high.toFixed(digits)})`
  print(`  ${name}`, figure, target)
}

function printCoverage({ payers, parts }: Coverage): void {
  for (const counts of [payers, parts]) {
    const shares = Object.entries(counts).map(
      ([name, share]) => `${name.replace('bench/', '')} ${Math.round(share * 100)} %`,
    )
    process.stdout.write(`    above zero in: ${shares.join(', ')}\n`)
  }
}

async function measure(comparison: Comparison): Promise<readonly Measured[]> {
  return measurePaired(comparison.contenders, { rounds, millisecondsEach: MILLISECONDS_EACH })
}

function at(measured: readonly Measured[], index: number): Measured {
  const found = measured[index]
  assert(found !== undefined, 'every contender is measured')
  return found
}

const city = cityCatalog()
const packs = fileURLToPath(new URL('../../../bench/micro/packs', import.meta.url))
const rules = cityRules(packs, city.catalog)
const runs = (part: string) => values.only === undefined || values.only === part

print(`one core of ${cpus()[0]?.model ?? 'unknown'}`, `Node ${process.versions.node}`)
if (runs('layers')) {
  for (const lines of [5, 20, 200] as const) {
    if (values.lines !== undefined && Number(values.lines) !== lines) continue
    const comparison = sevenLayers(city, rules, BILLS[lines], lines)
    print(`${lines} lines, 5 public + 2 commercial layers`, `${BILLS[lines]} bills checked`)
    if (comparison.coverage !== undefined) printCoverage(comparison.coverage)
    const measured = await measure(comparison)
    measured.forEach((one, index) =>
      printRate(one, lines === 20 && index === 0 ? 'target ≥ 100,000' : ''),
    )
  }
}
if (runs('peers')) {
  print('20 lines, classification and one basic layer', `${BILLS[20]} bills, all engines equal`)
  const measured = await measure(await sameWork(city, rules, BILLS[20]))
  for (const one of measured) printRate(one)
  const own = at(measured, 0)
  printRatio('recorder on : json-rules-engine', own, at(measured, 2), 'target ≥ 50 ×')
  printRatio('recorder on : zen-engine, decision tables', own, at(measured, 3), 'target ≥ 20 ×')
  printRatio('recorder on : zen-engine, one expression', own, at(measured, 4), 'target ≥ 20 ×')
}
if (runs('rows')) {
  print('20 lines, a table and a list of so many rows', `${BILLS[20]} bills, both pay the same`)
  const measured = await measure(packLengths(city, rules, BILLS[20]))
  for (const one of measured) printRate(one)
  printRatio('time of 10,000 rows : 100 rows', at(measured, 0), at(measured, 1), 'target ≤ 1.2 ×')
}
