import fc from 'fast-check'
import { coreOf } from './core.ts'
import { eventsOf, featuresOf } from './features.ts'
import { histories, type History } from './generators.ts'
import { describeHistory, runHistory } from './run-history.ts'
import { unusualHistories } from './unusual.ts'

/**
 * Compares core, oracle and verifier on many random histories, usual and unusual ones:
 * `npm run soak:adjudication -- [histories] [seed]`.
 * Prints how often each feature was met. Ends with 1 and the first difference, made as small as it goes.
 */
function main(): void {
  const runs = Number(process.argv[2] ?? 20_000)
  const seed = Number(process.argv[3] ?? Date.now() % 0x7fff_ffff)
  process.stdout.write(`${runs} histories, seed ${seed}\n`)
  const counts = new Map<string, number>()
  const property = fc.property(
    fc.oneof(histories, unusualHistories),
    (history) => differencesOf(history, counts).length === 0,
  )
  const result = fc.check(property, { numRuns: runs, seed })
  if (!result.failed) {
    process.stdout.write(`${table(counts)}\ncore, oracle and verifier agree on all of them\n`)
    return
  }
  const [history] = result.counterexample ?? []
  if (history !== undefined) {
    const found = differencesOf(history, counts).join('\n')
    process.stdout.write(`${describeHistory(history)}\n${found}\n`)
  }
  process.exitCode = 1
}

function differencesOf(history: History, counts: Map<string, number>): string[] {
  const met = new Set(featuresOf(history))
  try {
    return runHistory(history, coreOf(history), (answer) => {
      for (const event of eventsOf(answer)) met.add(event)
    })
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  } finally {
    for (const name of met) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
}

/** Histories in which each feature was met. */
function table(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${String(count).padStart(8)}  ${name}`)
    .join('\n')
}

main()
