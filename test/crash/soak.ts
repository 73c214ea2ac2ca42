/** `node dist/test/crash/soak.js [ROUNDS] [SEED]`: as the test, for longer. */
import { fileURLToPath } from 'node:url'
import { Chance } from '../hostile/chance.ts'
import { crashRounds } from './crash-rounds.ts'

/** Between two lines. */
const ROUNDS_A_LINE = 50

const [, , rounds = '1000', seed = String(Date.now() % 0x7fff_ffff)] = process.argv
const program = fileURLToPath(new URL('child.js', import.meta.url))
process.stdout.write(`${rounds} rounds, seed ${seed}\n`)
const chance = new Chance(Number(seed))
for (let done = 0; done < Number(rounds); done += ROUNDS_A_LINE) {
  const count = Math.min(ROUNDS_A_LINE, Number(rounds) - done)
  const result = await crashRounds(program, count, chance)
  process.stdout.write(`${done + count}: ${JSON.stringify(result)}\n`)
}
