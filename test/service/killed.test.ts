import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { expect, it } from 'vitest'
import { connectTerminal, QingfenError, type Terminal } from '../../src/client/connect-terminal.ts'
import { CuttingProxy } from '../client/cutting-proxy.ts'
import { billOf } from '../workers/town.ts'
import { ServedLedger } from './served-ledger.ts'
import { ServedProcess } from './served-process.ts'

const LIMITS = { reconnectMs: 1, reconnectMostMs: 50, deadlineMs: 100_000 }

/** What clients were told: request id, and the settlement with what the patient pays. */
type Told = Map<string, { readonly settlement: string; readonly patient: number }>

/** Settles one bill after the other until it is told to stop, and notes what it was told. */
async function cashier(
  terminal: Terminal,
  name: string,
  told: Told,
  isOver: () => boolean,
): Promise<void> {
  for (let index = 0; !isOver(); index += 1) {
    const requestId = `${name}-${index}`
    const bill = billOf(`${'AG'[index % 2]}${index % 20}`, requestId, 50 + (index % 40))
    const { answer } = await terminal.settle({ bill }, { requestId })
    told.set(requestId, { settlement: answer.settlement, patient: answer.patient.total })
  }
}

it('killed again and again under load, every settlement is made exactly once, as the clients were told', async () => {
  const ledger = await ServedLedger.make('workers: 0')
  const told: Told = new Map()
  let isOver = false
  let served = await ServedProcess.start(ledger.config)
  const proxy = await CuttingProxy.open(served.port)
  const terminals = ['a', 'b', 'c'].map(() =>
    connectTerminal({
      url: `ws://127.0.0.1:${proxy.port}/v1/terminal`,
      credential: ledger.credential,
      webSocket: WebSocket,
      limits: LIMITS,
    }),
  )
  const work = Promise.all(
    terminals.flatMap((terminal, index) =>
      [0, 1, 2, 3].map(async (nth) => cashier(terminal, `r${index}-${nth}`, told, () => isOver)),
    ),
  )
  for (const answers of [5, 40, 90, 3]) {
    const enough = told.size + answers
    while (told.size < enough) await wait(1)
    served.kill('SIGKILL')
    expect(await served.ended).toEqual([null, 'SIGKILL'])
    served = await ServedProcess.start(ledger.config)
    proxy.reopen(served.port)
  }
  isOver = true
  await work
  for (const terminal of terminals) terminal.close()
  served.kill('SIGTERM')
  expect(await served.ended).toEqual([0, null])
  await proxy.close()
  const books = (await ledger.verified()).map(({ seq, request, answer }) => [
    request?.id,
    {
      settlement: `S${String(seq).padStart(12, '0')}`,
      patient: (answer as { readonly patient: { readonly total: number } }).patient.total,
    },
  ])
  expect(books.length).toBe(new Set(books.map(([id]) => id)).size)
  expect(new Map(books as [string, { settlement: string; patient: number }][])).toEqual(told)
  ledger.remove()
})

it('told to stop under load it answers or refuses everything, and ends by itself with code 0', async () => {
  const ledger = await ServedLedger.make('workers: 0')
  const served = await ServedProcess.start(ledger.config)
  const terminal = connectTerminal({
    url: `ws://127.0.0.1:${served.port}/v1/terminal`,
    credential: ledger.credential,
    webSocket: WebSocket,
    limits: { ...LIMITS, deadlineMs: 30_000 },
  })
  const count = 400
  let answered = 0
  const asked = Array.from({ length: count }, async (_, index) => {
    const bill = billOf(`A${index % 20}`, `stop-${index}`, 60)
    const { answer } = await terminal.settle({ bill }, { requestId: `stop-${index}` })
    answered += 1
    return answer.settlement
  })
  const outcomes = Promise.allSettled(asked)
  while (answered === 0) await wait(1)
  served.kill('SIGTERM')
  // Only against one that never ends: on a busy machine ten seconds are not enough for all that was asked.
  const late = setTimeout(() => {
    served.kill('SIGKILL')
  }, 100_000)
  expect(await served.ended).toEqual([0, null])
  clearTimeout(late)
  const log = served.log()
  expect(log.find(({ event }) => event === 'server.stopped')).toMatchObject({ unanswered: 0 })
  expect(log.at(-1)).toMatchObject({ event: 'service.stopped', level: 'info' })
  terminal.close()
  const settled = (await outcomes).flatMap((one) => {
    if (one.status === 'fulfilled') return [one.value]
    expect(one.reason).toBeInstanceOf(QingfenError)
    return []
  })
  const books = (await ledger.verified()).map(({ seq }) => `S${String(seq).padStart(12, '0')}`)
  expect(settled.toSorted()).toEqual(books)
  ledger.remove()
})
