import fc from 'fast-check'
import { coreOf } from './core.ts'
import { histories, type History } from './generators.ts'
import { describeHistory, runHistory } from './run-history.ts'

/**
 * Compares core and oracle on many random histories: `node dist/test/oracle/soak.js [histories] [seed]`.
 * Ends with 1 and the first difference, made as small as it goes.
 */
function main(): void {
  const runs = Number(process.argv[2] ?? 100_000)
  const seed = Number(process.argv[3] ?? Date.now() % 0x7fff_ffff)
  process.stdout.write(`${runs} histories, seed ${seed}\n`)
  const property = fc.property(histories, (history) => differencesOf(history).length === 0)
  const result = fc.check(property, { numRuns: runs, seed })
  if (!result.failed) {
    process.stdout.write('core and oracle agree on all of them\n')
    return
  }
  const [history] = result.counterexample ?? []
  if (history !== undefined) {
    process.stdout.write(`${describeHistory(history)}\n${differencesOf(history).join('\n')}\n`)
  }
  process.exitCode = 1
}

function differencesOf(history: History): string[] {
  try {
    return runHistory(history, coreOf(history))
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)]
  }
}

main()
