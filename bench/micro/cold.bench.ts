/**
 * What adjudicating a bill takes when something else ran just before it, as everything does in a server: nothing, other memory that is
 * read, other code that runs. 20 lines over seven layers, each bill timed by itself; every pass must come to the same sums.
 * `--bills=400`, `--rounds=5`.
 */
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { compileFunction } from 'node:vm'
import { openAdjudicator } from '../../src/adjudication/adjudicator.ts'
import { assert } from '../../src/assert.ts'
import { carryCounters, cityBills, type SettleCase } from './settle/city-bills.ts'
import { cityCatalog } from './settle/city-catalog.ts'
import { cityRules } from './settle/city-rules.ts'
import { median } from './settle/paired.ts'

const { values } = parseArgs({
  options: {
    bills: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '5' },
  },
})
const rounds = Number(values.rounds)
assert(Number.isSafeInteger(rounds) && rounds > 0, '--rounds is a whole number above zero')

const MB = 1024 * 1024
const LINE_BYTES = 64
const FUNCTIONS = 4_000
const memory = new Uint8Array(64 * MB)
/** What the other work comes to, so that none of it can be left out. */
let other = 0

function read(bytes: number): void {
  for (let at = 0; at < bytes; at += LINE_BYTES) other = (other + (memory[at] ?? 0)) | 0
}

/** Each is code of its own, some hundred bytes of it. */
const functions = Array.from({ length: FUNCTIONS }, (_, index) => {
  const body = `let sum = a | 0; for (let turn = 0; turn < 3; turn += 1) {
    sum = (sum * ${index + 3} + ${index}) | 0; sum ^= sum >>> ${1 + (index % 7)};
    if (sum & ${1 << (index % 20)}) sum += ${index}; else sum -= ${3 * index} } return sum`
  return compileFunction(body, ['a']) as (a: number) => number
})

function call(count: number): void {
  for (let index = 0; index < count; index += 1) other = functions[index]?.(other) ?? other
}

const BEFORE: Readonly<Record<string, () => void>> = {
  nothing: () => undefined,
  '1 MB of other memory read': () => {
    read(MB)
  },
  '8 MB': () => {
    read(8 * MB)
  },
  '48 MB': () => {
    read(48 * MB)
  },
  '500 other functions called': () => {
    call(500)
  },
  [`${FUNCTIONS} other functions`]: () => {
    call(FUNCTIONS)
  },
}

const city = cityCatalog()
const packs = fileURLToPath(new URL('../../../bench/micro/packs', import.meta.url))
const inForce = cityRules(packs, city.catalog).sevenLayers
const shape = { bills: Number(values.bills), lines: 20, seed: 27 }
const cases = carryCounters(cityBills(shape, city.items), inForce)
const adjudicator = openAdjudicator(inForce)

/** Patient's part, fen. */
function adjudicated({ bill, coverage, counters }: SettleCase): number {
  const result = adjudicator.adjudicate(bill, coverage, counters)
  assert(result.kind === 'adjudication', 'no bill of a benchmark is refused')
  return result.patient.total
}

/** Median of a pass over all bills, microseconds a bill. */
function pass(before: () => void, expected: number): number {
  let sum = 0
  const times = cases.map((item) => {
    before()
    const begun = process.hrtime.bigint()
    sum += adjudicated(item)
    return Number(process.hrtime.bigint() - begun) / 1e3
  })
  assert(sum === expected, 'every pass computes the same')
  return median(times)
}

const expected = cases.reduce((sum, item) => sum + adjudicated(item), 0)
for (let warm = 0; warm < 20; warm += 1) {
  pass(() => {
    call(FUNCTIONS)
  }, expected)
}
const found = new Map(Object.keys(BEFORE).map((name) => [name, [] as number[]]))
for (let round = 0; round < rounds; round += 1) {
  for (const [name, before] of Object.entries(BEFORE)) {
    found.get(name)?.push(pass(before, expected))
  }
}
const alone = found.get('nothing') ?? []
for (const [name, times] of found) {
  const ratios = times.map((time, round) => time / (alone[round] ?? time))
  process.stdout.write(
    `${name.padEnd(30)} ${median(times).toFixed(0).padStart(5)} µs a bill ${median(ratios).toFixed(2).padStart(6)} ×\n`,
  )
}
assert(Number.isSafeInteger(other), 'the other work was done')
