import { compareHistory } from './compare.ts'
import { generateHistory } from './generate-history.ts'
import { describeDifference } from './shrink.ts'
import { Tally } from './tally.ts'

/**
 * Compares the engine with the plain model on many random histories: `node dist/test/model/soak.js [histories] [seed]`, the seed that
 * of the first one, the others count up from it; one history again: `node dist/test/model/soak.js 1 SEED`. Prints how often each operation was answered and how. Ends with 1 and the first
 * difference.
 */
async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 20_000)
  const first = Number(process.argv[3] ?? Date.now() % 0x7fff_ffff)
  process.stdout.write(`${count} histories, seeds from ${first}\n`)
  const tally = new Tally()
  for (let seed = first; seed < first + count; seed += 1) {
    const found = await compareHistory(generateHistory(seed), tally.count)
    if (found !== undefined) {
      process.stdout.write(`${await describeDifference(generateHistory(seed), found)}\n`)
      process.exitCode = 1
      return
    }
    if ((seed - first + 1) % 10_000 === 0) process.stdout.write(`${seed - first + 1}\n`)
  }
  process.stdout.write(`${tally.table()}\nengine and model agree on all of them\n`)
}

await main()
