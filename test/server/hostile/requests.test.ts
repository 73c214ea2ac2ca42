import { afterAll, beforeAll, expect, it } from 'vitest'
import { AttackTown, Outcomes } from './attack-town.ts'
import { requestBarrage } from './request-barrage.ts'

const COUNT = 6_000

let town: AttackTown
beforeAll(async () => {
  town = await AttackTown.open()
})
afterAll(async () => {
  await town.close()
})

it(`${COUNT} hostile requests are each answered with a code, or cut off`, async () => {
  const outcomes = new Outcomes()
  await requestBarrage(town, { count: COUNT, seed: 4 }, outcomes)
  expect(outcomes.faults).toEqual([])
  expect(outcomes.total).toBe(COUNT)
  await town.idle()
  const codes = [
    'HTTP_REQUEST_MALFORMED',
    'CREDENTIAL_WRONG',
    'OPERATION_NOT_YOURS',
    'METHOD_NOT_ALLOWED',
    'CONTENT_TYPE_WRONG',
    'ROUTE_UNKNOWN',
    'done',
    'closed',
  ]
  for (const code of codes) expect(outcomes.counts.get(code), code).toBeGreaterThan(20)
  for (const code of ['COMMAND_UNSIGNED', 'SIGNATURE_WRONG', 'SEQUENCE_USED', 'BODY_TOO_LARGE']) {
    expect(outcomes.counts.get(code), code).toBeGreaterThan(0)
  }
})
