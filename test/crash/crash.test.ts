import { expect, test } from 'vitest'
import { Chance } from '../hostile/chance.ts'
import { builtProgram } from '../built-program.ts'
import { crashRounds } from './crash-rounds.ts'

const SEED = 20_261_125
const ROUNDS = 50

test('fifty kills under load lose nothing that was acknowledged and post nothing twice', async () => {
  const result = await crashRounds(builtProgram('test/crash/child'), ROUNDS, new Chance(SEED))
  process.stdout.write(`seed ${SEED}: ${JSON.stringify(result)}\n`)
  const { acknowledged, unanswered, records } = result
  expect(acknowledged).toBeGreaterThan(500)
  expect(unanswered).toBeGreaterThan(ROUNDS)
  expect(records).toBeGreaterThanOrEqual(acknowledged / 2)
}, 600_000)
