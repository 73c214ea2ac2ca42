import { simulate, type Outcome } from './simulation.ts'

/**
 * Runs many seeds: `node dist/test/simulation/soak.js [runs] [first seed]`. A seed that fails prints the end of what happened
 * and ends the program with 1; `node dist/test/simulation/soak.js 1 SEED` runs it again, with `ALL=1` everything is printed.
 */
const TAIL_LINES = 60
const FAILURES_MAX = 5

async function main(): Promise<void> {
  const runs = Number(process.argv[2] ?? 20_000)
  const first = Number(process.argv[3] ?? Date.now() % 0x3fff_ffff)
  await simulate(first)
  const start = process.cpuUsage()
  process.stdout.write(`${runs} runs from seed ${first}\n`)
  const [faults, codes] = [new Map<string, number>(), new Map<string, number>()]
  let [failures, lines, records] = [0, 0, 0]
  for (let seed = first; seed < first + runs && failures < FAILURES_MAX; seed += 1) {
    const outcome = await simulate(seed)
    addAll(faults, outcome.faults)
    addAll(codes, outcome.codes)
    lines += outcome.lines.length
    records += outcome.records
    if (outcome.violation !== undefined) failures += 1
    if (outcome.violation !== undefined || process.env['ALL'] !== undefined) print(outcome)
  }
  process.stdout.write(`${table(codes)}\n\n${table(faults)}\n${records} records, ${lines} lines\n`)
  const { user, system } = process.cpuUsage(start)
  process.stdout.write(
    `${failures} failures, ${((user + system) / 1e3 / runs).toFixed(1)} ms cpu a run\n`,
  )
  if (failures > 0) process.exitCode = 1
}

function print({ seed, lines, violation, hash }: Outcome): void {
  const shown = process.env['ALL'] === undefined ? lines.slice(-TAIL_LINES) : lines
  process.stdout.write(`${shown.join('\n')}\nseed ${seed}: ${violation ?? 'holds'} (${hash})\n`)
  process.stdout.write(`again: node dist/test/simulation/soak.js 1 ${seed}\n\n`)
}

function addAll(to: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [key, count] of more) to.set(key, (to.get(key) ?? 0) + count)
}

function table(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${String(count).padStart(8)}  ${name}`)
    .join('\n')
}

await main()
