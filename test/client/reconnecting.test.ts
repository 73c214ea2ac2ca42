import { expect, it } from 'vitest'
import type { RequestFrame } from '../../src/protocol/frames/request-frame.ts'
import { Gate, NOW, ServedTown } from '../server/served-town.ts'
import { billOf } from '../workers/town.ts'
import { offline, refusal, SdkTown } from './sdk-town.ts'

/** Holds settles back. */
function settleGate(): Gate {
  return new Gate((operation) => operation === 'settle')
}

it('a settle whose answer is lost is answered once and settled once', async () => {
  const gate = settleGate()
  const town = await SdkTown.open({ before: (engine) => gate.before(engine) })
  const terminal = town.terminal()
  const settling = terminal.settle({ bill: billOf('A1', 'cut', 300) }, { requestId: 'cut-1' })
  await gate.holds(1)
  town.proxy.cut()
  // It is sent again, unasked, while the first is still under way.
  await gate.holds(2)
  gate.letGo()
  expect((await settling).answer.patient.total).toBe(18_700)
  const again = terminal.settle({ bill: billOf('A1', 'cut', 300) }, { requestId: 'cut-1' })
  await gate.holds(1)
  gate.letGo()
  expect(await again).toEqual({ ...(await settling), repeat: true })
  expect(town.settled()).toEqual(['cut-1'])
  await town.close()
})

it('calls wait while the server is stopped and started again on the same ledger', async () => {
  const gate = settleGate()
  const town = await SdkTown.open({
    limits: { stopMs: 20 },
    before: (engine) => gate.before(engine),
  })
  const terminal = town.terminal()
  const ids = ['s-0', 's-1', 's-2', 's-3']
  const settle = async (id: string, index: number) =>
    terminal.settle({ bill: billOf(`A${index}`, id, 300) }, { requestId: id })
  const early = ids.slice(0, 2).map(settle)
  await gate.holds(2)
  await town.served.server.stop()
  const late = ids.slice(2).map(async (id, index) => settle(id, index + 2))
  // One that was under way when the server stopped is posted all the same, with nobody to answer.
  gate.letGo('s-0')
  const closed = town.served
  town.served = await ServedTown.open({ after: closed })
  town.proxy.reopen(town.served.server.port)
  const answered = await Promise.all([...early, ...late])
  expect(answered.map(({ requestId }) => requestId)).toEqual(ids)
  expect(answered.map(({ answer }) => answer.state)).toEqual(ids.map(() => 'settled'))
  expect(town.settled().toSorted()).toEqual(ids)
  await town.close()
})

it('a connection that has gone silent is given up', async () => {
  const town = await SdkTown.open()
  const terminal = town.terminal({ limits: { silenceMs: 50 } })
  await terminal.ping()
  town.proxy.stall()
  const { answer } = await terminal.settle({ bill: billOf('A1', 'silent', 300) })
  expect(answer.state).toBe('settled')
  expect(town.settled()).toHaveLength(1)
  await town.close()
})

it('a settle that waited too long is expired, by the clock of the server', async () => {
  const town = await SdkTown.open()
  // The clock of this terminal is years behind: only the difference counts.
  const clock = { now: Date.UTC(2001, 0, 1) }
  const requests: RequestFrame[] = []
  const terminal = town.terminal({
    environment: { now: () => clock.now },
    onRequest: (request) => requests.push(request),
  })
  const inTime = terminal.settle({ bill: billOf('A1', 'soon', 300) }, { requestId: 'soon' })
  expect((await inTime).answer.state).toBe('settled')
  expect(requests[0]?.body['notAfter']).toBe(String(NOW + 120_000))
  town.proxy.shut()
  await offline(terminal)
  const late = terminal.settle({ bill: billOf('A2', 'late', 300) }, { requestId: 'late' })
  // Three minutes pass before the connection is back.
  clock.now += 180_000
  town.proxy.reopen()
  expect((await refusal(late)).code).toBe('EXPIRED')
  expect(town.settled()).toEqual(['soon'])
  // Nothing was posted, so the cashier may try again with the same id, for another two minutes.
  await terminal.settle({ bill: billOf('A2', 'late', 300) }, { requestId: 'late' })
  expect(requests.map(({ id }) => id)).toEqual(['soon', 'late', 'late'])
  expect(town.settled()).toEqual(['soon', 'late'])
  await town.close()
})

it('a request that was stored as it was sent gets its answer after a restart of the terminal', async () => {
  const town = await SdkTown.open()
  const stored: RequestFrame[] = []
  const first = town.terminal({ onRequest: (request) => stored.push(request) })
  const { requestId, answer } = await first.settle({ bill: billOf('A1', 'stored', 300) })
  first.close()
  const [request] = stored
  expect(request).toMatchObject({ id: requestId, op: 'settle' })
  const body = request?.body as { readonly bill: Readonly<Record<string, unknown>> }
  // The same process may send it so, too: it knows both forms as one.
  const second = town.terminal()
  for (const repeat of [1, 2]) {
    const again = await second.settle(body, { requestId })
    expect([repeat, again.repeat, again.answer]).toEqual([repeat, true, answer])
  }
  expect(town.settled()).toEqual([requestId])
  await town.close()
})

it('what cannot be stored is not sent', async () => {
  const town = await SdkTown.open()
  const terminal = town.terminal({
    onRequest: () => {
      throw new Error('disk full')
    },
  })
  const error = await refusal(terminal.settle({ bill: billOf('A1', 'unstored', 300) }))
  expect([error.code, error.problems[0]?.details['why']]).toEqual([
    'CLIENT_SETTING_WRONG',
    'disk full',
  ])
  expect((await terminal.quote({ bill: billOf('A1', 'unstored', 300) })).answer.total).toBe(30_700)
  expect(town.settled()).toEqual([])
  await town.close()
})

it('what is asked for while a request is stored is sent behind it, and the request once', async () => {
  const town = await SdkTown.open()
  const bill = billOf('A1', 'inside', 300)
  const stored: string[] = []
  const inside: Promise<unknown>[] = []
  const terminal = town.terminal({
    limits: { unanswered: 3 },
    onRequest: ({ id }) => {
      stored.push(id)
      inside.push(terminal.ping(), terminal.settle({ bill }, { requestId: id }))
    },
  })
  const answered = await terminal.settle({ bill }, { requestId: 'inside' })
  expect(stored).toEqual(['inside'])
  expect((await Promise.all(inside))[1]).toEqual(answered)
  expect(town.settled()).toEqual(['inside'])
  await town.close()
})
