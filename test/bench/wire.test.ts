import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { closedLoop } from '../../bench/load/wire/closed-loop.ts'
import type { Fleet } from '../../bench/load/wire/fleet.ts'
import { requestId, type FrameTemplates } from '../../bench/load/wire/frame-templates.ts'
import { latenciesOf } from '../../bench/load/wire/latencies.ts'
import { openLoop } from '../../bench/load/wire/open-loop.ts'
import { replyHead } from '../../bench/load/wire/reply-head.ts'
import { addTold, nothingTold, tellAnswer, tellReply } from '../../bench/load/wire/told.ts'
import { encodePlain } from '../../src/protocol/codec.ts'

const answer = {
  total: 1_000,
  payers: [
    { id: 'fund', amount: 600 },
    { id: 'plan', amount: 100 },
  ],
  lines: [
    ['1', 700, 100, [500, 100], [100, 0, 0, 0, 0, 0, 0]],
    ['2', 300, 200, [100], [200, 0, 0, 0, 0, 0, 0]],
  ],
  patient: { total: 300 },
} as const

function replyTo(frame: Buffer, ok = true): Buffer {
  return Buffer.from(encodePlain({ id: frame.toString('latin1'), ok, repeat: false, answer }))
}

/** Frames that are their ids, and terminals whose server is `serve`. */
function stage(serve: (frame: Buffer, reply: (bytes: Buffer) => void) => void) {
  const frames = { frameAt: (index: number) => Buffer.from(requestId(index)), totalAt: () => 1_000 }
  const fleet = {
    size: 2,
    onReply: undefined as unknown as Fleet['onReply'],
    send: (terminal: number, frame: Buffer) => {
      serve(frame, (bytes) => {
        fleet.onReply(bytes, terminal)
      })
    },
  }
  return {
    fleet: fleet as unknown as Fleet,
    frames: frames as unknown as FrameTemplates,
  }
}

describe('a reply', () => {
  test('says to which request it is, and whether it is an answer, without being decoded', () => {
    expect(replyHead(replyTo(Buffer.from(requestId(12_345))))).toEqual({
      index: 12_345,
      isAnswer: true,
    })
    expect(replyHead(replyTo(Buffer.from(requestId(7)), false)).isAnswer).toBe(false)
  })

  test('is added to what was told', () => {
    const told = nothingTold()
    tellReply(told, replyTo(Buffer.from(requestId(1))), 1_000)
    addTold(told, { settlements: 1, total: 5, patient: 2, payers: { fund: 3 } })
    expect(told).toEqual({
      settlements: 2,
      total: 1_005,
      patient: 302,
      payers: { fund: 603, plan: 100 },
    })
  })

  test.each([
    ['another bill', answer, 999],
    [
      'a line that loses a fen',
      { ...answer, lines: [['1', 700, 99, [500, 100], []], answer.lines[1]] },
      1_000,
    ],
    ['a payer that pays otherwise', { ...answer, payers: [{ id: 'fund', amount: 601 }] }, 1_000],
    ['a line missing', { ...answer, lines: [answer.lines[0]] }, 1_000],
  ] as const)('is refused for %s', (_, wrong, total) => {
    expect(() => {
      tellAnswer(nothingTold(), wrong as typeof answer, total)
    }).toThrow()
  })
})

test('latencies are nearest ranks', () => {
  const latencies = latenciesOf(Float64Array.from({ length: 1_000 }, (_, index) => 1_000 - index))
  expect(latencies).toEqual({ p50: 500, p90: 900, p99: 990, p999: 999, max: 1_000 })
  expect(latenciesOf(new Float64Array()).max).toBe(0)
})

describe('a closed loop', () => {
  test('keeps so many in flight and no more, and counts what is refused', async () => {
    let [open, most] = [0, 0]
    const staged = stage((frame, reply) => {
      most = Math.max(most, (open += 1))
      setImmediate(() => {
        open -= 1
        reply(replyTo(frame, !frame.toString().endsWith('5')))
      })
    })
    const run = await closedLoop({ ...staged, from: 10, count: 20, inFlight: 4, isSettling: true })
    expect(most).toBe(4)
    expect(run).toMatchObject({ sent: 20, answered: 18, refused: 2 })
    expect(run.told).toMatchObject({ settlements: 18, total: 18_000 })
  })

  test('fails for a reply that comes twice', async () => {
    const staged = stage((frame, reply) => {
      setImmediate(() => {
        reply(replyTo(frame))
        reply(replyTo(frame))
      })
    })
    const run = closedLoop({ ...staged, from: 0, count: 2, inFlight: 2, isSettling: true })
    await expect(run).rejects.toThrow('replied to once')
  })
})

test('an open loop counts from when a request was due, also for those that could not leave', async () => {
  let stalledMs = 0
  const staged = stage((frame, reply) => {
    // The first stops the whole process for a while, as a server would stop the sender that waits for it.
    if (stalledMs === 0) {
      const since = performance.now()
      while (stalledMs < 60) stalledMs = performance.now() - since
    }
    void wait(0).then(() => {
      reply(replyTo(frame))
    })
  })
  const { latency, answered } = await openLoop({ ...staged, from: 0, count: 40, rate: 1_000 })
  expect(answered).toBe(40)
  // One a millisecond was due, and none left before the end of it: half of them waited all of it but 20 ms.
  expect(latency.p50).toBeGreaterThanOrEqual(stalledMs - 20)
})
