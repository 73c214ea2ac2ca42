import { expect, it } from 'vitest'
import { forwardClock, REAL_ENVIRONMENT } from '../../src/client/environment.ts'
import type { RequestFrame } from '../../src/protocol/frames/request-frame.ts'
import { NOW } from '../server/served-town.ts'
import { billOf } from '../workers/town.ts'
import { SdkTown } from './sdk-town.ts'

/** Like no other time of the SDK. */
const SILENCE_MS = 12_345

/** Two clocks of one machine, and what is made of them. */
function machine() {
  const wall = { at: 1_000_000 }
  const steady = { at: 5 }
  const now = forwardClock(
    () => wall.at,
    () => steady.at,
  )
  const pass = (ms: number) => {
    wall.at += ms
    steady.at += ms
    return now()
  }
  return { wall, pass, now }
}

it('the clock of a terminal goes on as before when that of its machine is set back', () => {
  const { pass, wall } = machine()
  expect(pass(40)).toBe(1_000_040)
  wall.at -= 3_600_000
  expect(pass(60)).toBe(1_000_100)
  expect(pass(60)).toBe(1_000_160)
})

it('the clock of a terminal counts what its machine sleeps', () => {
  const { now, pass, wall } = machine()
  wall.at += 3_600_000
  expect(now()).toBe(4_600_000)
  expect(pass(10)).toBe(4_600_010)
})

it('the clock of a terminal gains nothing from being looked at', () => {
  const { now, wall } = machine()
  for (let look = 0; look < 10_000; look += 1) {
    wall.at += look % 2 === 0 ? 1 : -1
    now()
  }
  expect(now()).toBe(1_000_000)
})

it('a connection that stays learns of it when the clock of the terminal is set', async () => {
  const town = await SdkTown.open()
  const clock = { now: NOW }
  const requests: RequestFrame[] = []
  let silence = () => {}
  const terminal = town.terminal({
    environment: {
      now: () => clock.now,
      after: (ms, action) => {
        if (ms === SILENCE_MS) silence = action
        return ms === SILENCE_MS ? () => {} : REAL_ENVIRONMENT.after(ms, action)
      },
    },
    onRequest: (request) => requests.push(request),
    limits: { silenceMs: SILENCE_MS },
  })
  await terminal.ping()
  clock.now += 3_600_000
  silence()
  // Answered behind the ping that silence has called for.
  await terminal.ping()
  await terminal.settle({ bill: billOf('A1', 'set', 300) })
  expect(requests[0]?.body['notAfter']).toBe(String(NOW + 120_000))
  expect(town.proxy.made.count).toBe(1)
  await town.close()
})
