import { afterAll, beforeAll, expect, it } from 'vitest'
import { AttackTown, Outcomes } from './attack-town.ts'
import { frameBarrage } from './frame-barrage.ts'

const COUNT = 12_000

let town: AttackTown
beforeAll(async () => {
  town = await AttackTown.open()
})
afterAll(async () => {
  await town.close()
})

it(`${COUNT} hostile frames are each answered with a code or end the connection with one`, async () => {
  const outcomes = new Outcomes()
  await frameBarrage(town, { count: COUNT, seed: 4 }, outcomes)
  expect(outcomes.faults).toEqual([])
  expect(outcomes.total).toBe(COUNT)
  await town.idle()
  for (const code of ['FRAME_MALFORMED', 'FRAME_TOO_LARGE', 'OPERATION_NOT_YOURS', 'HELLO_FIRST']) {
    expect(outcomes.counts.get(code), code).toBeGreaterThan(50)
  }
  for (const code of ['JSON_TOO_DEEP', 'JSON_KEY_FORBIDDEN', 'REQUEST_DIFFERS', 'cut']) {
    expect(outcomes.counts.get(code), code).toBeGreaterThan(5)
  }
  expect(outcomes.counts.get('answered')).toBeGreaterThan(100)
})
