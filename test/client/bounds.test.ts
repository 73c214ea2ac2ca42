import { describe, expect, it } from 'vitest'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { connectTerminal, QingfenError } from '../../src/client/connect-terminal.ts'
import { Gate } from '../server/served-town.ts'
import { billOf } from '../workers/town.ts'
import { offline, refusal, SdkTown } from './sdk-town.ts'

function bodyOf(person: string, stay: string) {
  return { bill: billOf(person, stay, 300) }
}

/** Real timers; `told` hears of each, ms. */
function environmentThat(told: (ms: number, action: () => void) => void) {
  return {
    after: (ms: number, action: () => void) => {
      told(ms, action)
      const timer = setTimeout(action, ms)
      return () => {
        clearTimeout(timer)
      }
    },
  }
}

it('beyond the bound of the queue a call is refused at once, and those before it are done', async () => {
  const town = await SdkTown.open()
  town.proxy.shut()
  const terminal = town.terminal({ limits: { unanswered: 2 } })
  const waiting = ['q-1', 'q-2'].map(async (id) =>
    terminal.settle(bodyOf('A1', id), { requestId: id }),
  )
  const error = await refusal(terminal.settle(bodyOf('A1', 'q-3'), { requestId: 'q-3' }))
  expect([error.code, error.requestId]).toEqual(['CLIENT_QUEUE_FULL', 'q-3'])
  town.proxy.reopen()
  await Promise.all(waiting)
  expect((await terminal.settle(bodyOf('A1', 'q-3'), { requestId: 'q-3' })).repeat).toBe(false)
  expect(town.settled()).toEqual(['q-1', 'q-2', 'q-3'])
  await town.close()
})

it('past its deadline a call says that the outcome is unknown; the id stays usable', async () => {
  const gate = new Gate((operation) => operation === 'settle')
  const town = await SdkTown.open({ before: (engine) => gate.before(engine) })
  let passDeadline: () => void = () => undefined
  const terminal = town.terminal({
    environment: environmentThat((ms, action) => {
      if (ms === 4_321) passDeadline = action
    }),
  })
  const body = bodyOf('A1', 'slow')
  const late = refusal(terminal.settle(body, { requestId: 'slow', deadlineMs: 4_321 }))
  await gate.holds(1)
  passDeadline()
  const error = await late
  expect([error.code, error.requestId]).toEqual(['CLIENT_DEADLINE', 'slow'])
  expect(error.problems[0]).toMatchObject({ retryable: true, details: { request: 'slow' } })
  const other = await refusal(terminal.settle(bodyOf('A2', 'slow'), { requestId: 'slow' }))
  expect(other.code).toBe('REQUEST_DIFFERS')
  const again = terminal.settle(body, { requestId: 'slow' })
  await gate.holds(1)
  gate.letGo()
  expect((await again).answer.state).toBe('settled')
  expect(town.settled()).toEqual(['slow'])
  await town.close()
})

it('a call that was never sent before its deadline is not sent afterwards', async () => {
  const town = await SdkTown.open()
  const terminal = town.terminal()
  await terminal.ping()
  town.proxy.shut()
  await offline(terminal)
  const error = await refusal(terminal.settle(bodyOf('A1', 'never'), { deadlineMs: 5 }))
  expect(error.code).toBe('CLIENT_DEADLINE')
  town.proxy.reopen()
  await terminal.ping()
  expect(town.settled()).toEqual([])
  await town.close()
})

it('the same id joins while it waits, and is refused with other content, then and later', async () => {
  const gate = new Gate((operation) => operation === 'settle')
  let submitted = 0
  const town = await SdkTown.open({
    before: (engine) => {
      const held = gate.before(engine)
      return {
        ...held,
        submit: async (request) => {
          if (request.operation === 'settle') submitted += 1
          return held.submit(request)
        },
      }
    },
  })
  const terminal = town.terminal()
  const first = terminal.settle(bodyOf('A1', 'twice'), { requestId: 'twice' })
  await gate.holds(1)
  // A double click; the order of members is no content.
  const { bill } = bodyOf('A1', 'twice')
  const reordered = { lines: bill.lines, visit: bill.visit, person: bill.person }
  const second = terminal.settle({ bill: reordered }, { requestId: 'twice' })
  const differing = async () =>
    (await refusal(terminal.settle(bodyOf('A2', 'twice'), { requestId: 'twice' }))).code
  expect(await differing()).toBe('REQUEST_DIFFERS')
  gate.letGo()
  expect(await second).toEqual(await first)
  expect(submitted).toBe(1)
  expect(await differing()).toBe('REQUEST_DIFFERS')
  expect(submitted).toBe(1)
  await town.close()
})

it('a request that the server has no room for is sent again after the time it names', async () => {
  const gate = new Gate((_, requestId) => requestId === 'holder')
  const town = await SdkTown.open({
    limits: { inFlight: 1, retryAfterMs: 77 },
    before: (engine) => gate.before(engine),
  })
  const holder = await town.served.login('terminal-K')
  holder.send('holder', 'quote', bodyOf('A1', 'holder'))
  await gate.holds(1)
  let overloaded: () => void = () => undefined
  const waits = new Promise<void>((resolve) => {
    overloaded = resolve
  })
  const terminal = town.terminal({
    environment: environmentThat((ms) => {
      if (ms === 77) overloaded()
    }),
  })
  const settling = terminal.settle(bodyOf('A2', 'crowded'))
  await waits
  gate.letGo()
  expect((await settling).answer.state).toBe('settled')
  expect(town.settled()).toHaveLength(1)
  await town.close()
})

it('what is not retryable is asked once', async () => {
  let submitted = 0
  const town = await SdkTown.open({
    before: (engine) => ({
      submit: async (request) => {
        submitted += 1
        return engine.submit(request)
      },
      recompute: (settlement) => engine.recompute(settlement),
      audit: async (entries) => engine.audit(entries),
      wantsMessage: (operation) => engine.wantsMessage(operation),
    }),
  })
  const error = await refusal(town.terminal().reverse({ settlement: 'S000000999999' }))
  expect([error.code, submitted]).toEqual(['SETTLEMENT_UNKNOWN', 1])
  await town.close()
})

it('a frame over the limit of the server is refused here, and the connection stays', async () => {
  const town = await SdkTown.open({ limits: { frameBytes: 2_000 } })
  const terminal = town.terminal({ encoding: 'json' })
  const { bill } = bodyOf('A1', 'large')
  const lines = Array.from({ length: 100 }, (_, index) => ({ ...bill.lines[0], id: `${index}` }))
  const error = await refusal(terminal.settle({ bill: { ...bill, lines } }))
  expect(error.code).toBe('FRAME_TOO_LARGE')
  expect((await terminal.quote({ bill })).answer.total).toBe(30_700)
  expect(town.proxy.made.count).toBe(1)
  await town.close()
})

it('a wrong credential ends the terminal: it does not come back', async () => {
  const town = await SdkTown.open()
  const terminal = town.terminal({ credential: 'terminal-H.wrong' })
  expect((await refusal(terminal.ping())).code).toBe('CREDENTIAL_WRONG')
  expect((await terminal.ended)?.code).toBe('CREDENTIAL_WRONG')
  expect((await refusal(terminal.ping())).code).toBe('CREDENTIAL_WRONG')
  expect(town.proxy.made.count).toBe(1)
  await town.close()
})

it('a server of a later protocol ends the terminal, which says so to what waits', async () => {
  const later = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(later, 'listening')
  let hellos = 0
  later.on('connection', (socket) => {
    socket.on('message', (frame: Buffer) => {
      hellos += 1
      const { id } = JSON.parse(frame.toString('utf8')) as { readonly id: string }
      const answer = {
        protocol: 2,
        program: '9.0.0',
        semantics: 1,
        at: 0,
        principal: 'terminal-H',
        role: 'terminal',
        limits: {},
        topics: [],
      }
      socket.send(JSON.stringify({ id, ok: true, repeat: false, answer }))
    })
  })
  const { port } = later.address() as AddressInfo
  const url = `ws://127.0.0.1:${port}/v1/terminal`
  const terminal = connectTerminal({
    url,
    credential: 'a.b',
    webSocket: WebSocket,
    encoding: 'json',
  })
  const error = await refusal(terminal.ping())
  expect(error.problems[0]).toMatchObject({
    code: 'CLIENT_PROTOCOL_NEWER',
    details: { protocol: 2, own: 1 },
  })
  expect((await terminal.ended)?.code).toBe('CLIENT_PROTOCOL_NEWER')
  expect(hellos).toBe(1)
  await new Promise((resolve) => {
    later.close(resolve)
  })
})

it('a terminal that is closed refuses what waits and what comes', async () => {
  const town = await SdkTown.open()
  town.proxy.shut()
  const terminal = town.terminal()
  const waiting = refusal(terminal.ping())
  terminal.close()
  expect((await waiting).code).toBe('CLIENT_CLOSED')
  expect((await refusal(terminal.ping())).code).toBe('CLIENT_CLOSED')
  expect(await terminal.ended).toBeUndefined()
  await town.close()
})

describe('wrong input', () => {
  const right = { url: 'ws://127.0.0.1:9/', credential: 'a.b', webSocket: WebSocket }

  it.each([
    ['a wrong URL', { url: 'nowhere' }, 'CLIENT_SETTING_WRONG'],
    ['no credential', { credential: '' }, 'CLIENT_SETTING_WRONG'],
    ['a limit out of its range', { limits: { unanswered: 0 } }, 'LIMIT_WRONG'],
    ['a limit that is no whole number', { limits: { silenceMs: 0.5 } }, 'LIMIT_WRONG'],
  ] as const)('%s is refused at once', (_, options, code) => {
    let thrown: unknown
    try {
      connectTerminal({ ...right, ...options })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(QingfenError)
    expect((thrown as QingfenError).code).toBe(code)
  })

  it('a wrong id, deadline or body is refused without being sent', async () => {
    const terminal = connectTerminal(right)
    const codes = [
      refusal(terminal.ping({ requestId: 'with blank' })),
      refusal(terminal.ping({ requestId: 'sdk:hello' })),
      refusal(terminal.ping({ deadlineMs: -1 })),
      refusal(terminal.quote({ bill: { total: 2 ** 60 } })),
      refusal(terminal.quote({ bill: { at: new Date(0) } })),
    ]
    expect((await Promise.all(codes)).map(({ code }) => code)).toEqual([
      'FRAME_MALFORMED',
      'FRAME_MALFORMED',
      'LIMIT_WRONG',
      'FRAME_MALFORMED',
      'FRAME_MALFORMED',
    ])
    terminal.close()
  })
})
