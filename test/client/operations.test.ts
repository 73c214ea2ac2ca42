import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventFrame } from '../../src/protocol/frames/event-frame.ts'
import { NOW } from '../server/served-town.ts'
import { billOf } from '../workers/town.ts'
import { refusal, SdkTown } from './sdk-town.ts'

let town: SdkTown
beforeAll(async () => {
  town = await SdkTown.open()
})
afterAll(async () => {
  await town.close()
})

describe.each(['json', 'msgpack'] as const)('a terminal of the SDK in %s', (encoding) => {
  // A person each: what one has paid of the deductible is no business of the next test.
  const persons = encoding === 'json' ? ['A1', 'A2', 'A3', 'A4'] : ['A5', 'A6', 'A7', 'A8']
  const [person = '', second = '', third = '', fourth = ''] = persons

  it('quotes, settles, finds, explains, resettles and reverses', async () => {
    const terminal = town.terminal({ encoding })
    const bill = billOf(person, `stay-${encoding}`, 300)
    const { answer: quote } = await terminal.quote({ bill })
    expect([quote.state, quote.patient.total]).toEqual(['quote', 18_700])
    const requestId = `settle-${encoding}`
    const settled = await terminal.settle({ bill, expect: { patient: '187.00' } }, { requestId })
    expect(settled).toMatchObject({ requestId, repeat: false, answer: { state: 'settled' } })
    const { settlement } = settled.answer
    const { answer: found } = await terminal.find({ requestId })
    expect(found.settlements.map((one) => one.settlement)).toEqual([settlement])
    const { answer: explained } = await terminal.explain({ settlement })
    expect(explained.sentences.at(-1)?.en).toContain('187.00')
    const { answer: totals } = await terminal.dayTotals({ day: '2024-06-10' })
    expect(totals.rows).toBeGreaterThan(0)
    const { lines } = billOf(person, `stay-${encoding}`, 200)
    const { answer: resettled } = await terminal.resettle({ settlement, bill: { lines } })
    expect(resettled.replaces).toBe(settlement)
    const { answer: reversed } = await terminal.reverse({ settlement: resettled.settlement })
    expect([reversed.state, reversed.total]).toEqual(['reversed', -20_700])
  })

  it('sends lines beforehand, prepares, confirms and cancels', async () => {
    const terminal = town.terminal({ encoding })
    const stay = `staged-${encoding}`
    const { lines, ...rest } = billOf(second, stay, 50)
    expect((await terminal.linesAdd({ stay, lines })).answer.waiting).toBe(2)
    expect((await terminal.linesWithdraw({ stay, ids: ['2'] })).answer.waiting).toBe(1)
    const { answer: staged } = await terminal.prepare({ bill: { ...rest, staged: true } })
    const { answer: cancelled } = await terminal.cancel({ settlement: staged.settlement })
    expect(cancelled.state).toBe('cancelled')
    const { answer: prepared } = await terminal.prepare({ bill: billOf(second, `p-${stay}`, 60) })
    const { settlement, setlinfo } = prepared
    expect((await terminal.unresolved()).answer).toEqual({ settlements: [] })
    const platform = { setlinfo: { ...setlinfo, setl_id: `PLATFORM-${encoding}` } }
    const { answer: confirmed } = await terminal.confirm({ settlement, platform })
    expect(confirmed.state).toBe('settled')
  })

  it('hears of events, on later connections too, and pings', async () => {
    const events: EventFrame[] = []
    let heard: () => void = () => undefined
    const onEvent = (event: EventFrame) => {
      events.push(event)
      heard()
    }
    const terminal = town.terminal({ encoding, onEvent })
    const topics = ['settlement.reversed'] as const
    expect((await terminal.subscribe({ topics })).answer).toEqual({ topics })
    town.proxy.cut()
    expect((await terminal.ping()).answer).toEqual({ at: NOW })
    const bill = billOf(third, `events-${encoding}`, 300)
    const { answer } = await terminal.settle({ bill })
    const told = new Promise<void>((resolve) => {
      heard = resolve
    })
    await terminal.reverse({ settlement: answer.settlement })
    await told
    expect(events).toMatchObject([{ event: 'settlement.reversed', settlement: answer.settlement }])
  })

  it('is refused with the problems and the new split', async () => {
    const terminal = town.terminal({ encoding })
    const bill = billOf(fourth, `changed-${encoding}`, 300)
    const error = await refusal(terminal.settle({ bill, expect: { patient: '1.00' } }))
    expect(error.code).toBe('QUOTE_CHANGED')
    expect(error.problems[0]).toMatchObject({ number: 907, retryable: false })
    expect(error.split?.patient.total).toBe(18_700)
    expect(error.message).toContain('QUOTE_CHANGED')
    const right = await terminal.settle(
      { bill, expect: { patient: '187.00' } },
      error.requestId === undefined ? {} : { requestId: error.requestId },
    )
    expect(right.repeat).toBe(false)
  })
})
