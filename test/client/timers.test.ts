import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Gate } from '../server/served-town.ts'
import { billOf } from '../workers/town.ts'
import { refusal, SdkTown } from './sdk-town.ts'

/** Like no other times of the SDK. */
const RETRY_MS = 54_321
const DEADLINE_MS = 12_345

interface Timer {
  readonly ms: number
  readonly action: () => void
}

/** Timers that go off when the test says so, and those that have neither gone off nor been called off. */
function timersByHand() {
  const timers = new Set<Timer>()
  const after = (ms: number, action: () => void) => {
    const timer = { ms, action }
    timers.add(timer)
    return () => {
      timers.delete(timer)
    }
  }
  const of = (ms: number) => [...timers].filter((timer) => timer.ms === ms)
  const goOff = (ms: number) => {
    for (const timer of of(ms)) {
      timers.delete(timer)
      timer.action()
    }
  }
  const set = async (ms: number) => {
    while (of(ms).length === 0) await nextTurn()
  }
  return { after, goOff, of, set, timers }
}

it('no timer is left of a call that nobody waits for, nor of a terminal that is closed', async () => {
  const gate = new Gate((_, requestId) => requestId === 'holder')
  const town = await SdkTown.open({
    limits: { inFlight: 1, retryAfterMs: RETRY_MS },
    before: (engine) => gate.before(engine),
  })
  const holder = await town.served.login('terminal-K')
  holder.send('holder', 'quote', { bill: billOf('A1', 'holder', 300) })
  await gate.holds(1)
  const { after, goOff, of, set, timers } = timersByHand()
  const terminal = town.terminal({ environment: { after } })
  const settle = async (id: string) =>
    refusal(terminal.settle({ bill: billOf('A2', id, 300) }, { deadlineMs: DEADLINE_MS }))
  const late = settle('late')
  await set(RETRY_MS)
  goOff(DEADLINE_MS)
  expect((await late).code).toBe('CLIENT_DEADLINE')
  expect(of(RETRY_MS)).toEqual([])
  const closed = settle('closed')
  await set(RETRY_MS)
  terminal.close()
  expect((await closed).code).toBe('CLIENT_CLOSED')
  expect([...timers]).toEqual([])
  gate.letGo()
  await town.close()
})
