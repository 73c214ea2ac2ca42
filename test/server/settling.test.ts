import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { billOf } from '../workers/town.ts'
import { Gate, NOW, ServedTown } from './served-town.ts'
import { codesOf, TerminalClient, type Received } from './terminal-client.ts'

const SUBPROTOCOLS = ['qingfen.v1.json', 'qingfen.v1.msgpack'] as const

let town: ServedTown
beforeAll(async () => {
  town = await ServedTown.open()
})
afterAll(async () => {
  await town.close()
})

function answer(frame: Received): Readonly<Record<string, unknown>> {
  if (frame.answer === undefined) throw new Error(JSON.stringify(frame))
  return frame.answer
}

describe.each(SUBPROTOCOLS)('a terminal on %s', (subprotocol) => {
  const tag = subprotocol === 'qingfen.v1.json' ? 'J' : 'M'
  const person = subprotocol === 'qingfen.v1.json' ? 'A1' : 'A2'

  it('is told at hello what it needs to know', async () => {
    const client = await town.connect(subprotocol)
    const hello = await client.ask('h', 'hello', { credential: town.credential('terminal-H') })
    expect(answer(hello)).toEqual({
      protocol: 1,
      program: '0.1.0',
      semantics: 1,
      at: NOW,
      principal: 'terminal-H',
      role: 'terminal',
      hospital: 'H',
      limits: {
        frameBytes: 1_048_576,
        inFlightPerTerminal: 64,
        bufferedBytes: 4_194_304,
        idleSeconds: 120,
      },
      topics: ['settlement.reversed', 'pack.activated', 'engine.draining'],
    })
    expect(await client.ask('p', 'ping', {})).toEqual({
      id: 'p',
      ok: true,
      repeat: false,
      answer: { at: NOW },
    })
  })

  it('quotes, settles, finds, explains and reverses', async () => {
    const client = await town.login('terminal-H', subprotocol)
    const bill = billOf(person, `stay-${tag}`, 300)
    const quote = answer(await client.ask(`q-${tag}`, 'quote', { bill }))
    // (300 − 100) × 60 % is the fund's; the rest and 7 yuan of own pay the patient's.
    expect(quote).toMatchObject({ state: 'quote', total: 30_700, patient: { total: 18_700 } })
    const expect_ = { patient: '187.00', payers: { 'town-fund': '120.00' } }
    const settled = answer(await client.ask(`s-${tag}`, 'settle', { bill, expect: expect_ }))
    expect(settled).toMatchObject({ state: 'settled', patient: { total: 18_700 } })
    const { settlement } = settled
    const found = answer(await client.ask(`f-${tag}`, 'find', { settlement }))
    expect(found).toMatchObject({ settlements: [{ settlement, state: 'settled', hospital: 'H' }] })
    const explained = answer(await client.ask(`e-${tag}`, 'explain', { settlement }))
    expect(JSON.stringify(explained)).toContain('187.00')
    const reversed = answer(await client.ask(`r-${tag}`, 'reverse', { settlement }))
    expect(reversed).toMatchObject({ state: 'reversed', total: -30_700 })
  })

  it('sends lines beforehand, prepares and cancels', async () => {
    const client = await town.login('terminal-H', subprotocol)
    const stay = `staged-${tag}`
    const { lines, ...rest } = billOf(person, stay, 50)
    answer(await client.ask(`l-${tag}`, 'lines.add', { stay, lines }))
    answer(await client.ask(`w-${tag}`, 'lines.withdraw', { stay, ids: ['2'] }))
    const bill = { ...rest, staged: true }
    const prepared = answer(await client.ask(`p-${tag}`, 'prepare', { bill }))
    expect(prepared).toMatchObject({ state: 'prepared', total: 5_000 })
    const { settlement } = prepared
    expect(answer(await client.ask(`u-${tag}`, 'unresolved', {}))).toEqual({ settlements: [] })
    const cancelled = answer(await client.ask(`c-${tag}`, 'cancel', { settlement }))
    expect(cancelled).toMatchObject({ state: 'cancelled' })
  })

  it('gets the new split when the quote has changed', async () => {
    const client = await town.login('terminal-H', subprotocol)
    const bill = billOf(person, `changed-${tag}`, 300)
    const expected = { patient: '1.00' }
    const reply = await client.ask(`x-${tag}`, 'settle', { bill, expect: expected })
    expect(codesOf(reply)).toEqual(['QUOTE_CHANGED'])
    expect(reply.split).toMatchObject({ state: 'quote', patient: { total: 18_700 } })
    expect(reply.problems?.[0]).toMatchObject({
      number: 907,
      where: 'expect.patient',
      retryable: false,
      details: { what: 'patient', expected: '1.00', found: '187.00' },
    })
  })
})

it('an operator supplements, recalculates and closes a day', async () => {
  const client = await town.login('terminal-H')
  const operator = await town.login('operator')
  const bill = billOf('A7', 'confirmed', 300)
  const prepared = answer(await client.ask('op-1', 'prepare', { bill }))
  const { settlement } = prepared
  const setlinfo = { ...(prepared['setlinfo'] as object), setl_id: 'PLATFORM-1' }
  const confirmed = await client.ask('op-2', 'confirm', { settlement, platform: { setlinfo } })
  expect(answer(confirmed)['state']).toBe('settled')
  const body = { person: 'A7', settlements: [settlement], packs: ['town/basic'] }
  // What is left to the patient within the scope, at 60 %: the deductible of the year has been had.
  const supplement = answer(await operator.ask('op-3', 'supplement', body))
  expect(supplement).toMatchObject({
    total: 18_700,
    payers: [{ id: 'town-fund', amount: 10_800 }],
  })
  const recalculated = answer(await operator.ask('op-4', 'recalculate', { person: 'A7' }))
  expect(recalculated).toMatchObject({ changed: [], left: [] })
  const explained = answer(await operator.ask('op-5', 'explain', { settlement }))
  expect(explained).toEqual(answer(await client.ask('op-5', 'explain', { settlement })))
  const later = { settlement: supplement['settlement'] }
  const laterText = JSON.stringify(answer(await operator.ask('op-8', 'explain', later)))
  expect(laterText).toContain('108.00')
  expect(answer(await operator.ask('op-6', 'closeDay', { day: '2024-06-09' }))).toEqual({
    closed: 19_883,
  })
  const totals = answer(await client.ask('op-7', 'dayTotals', { day: '2024-06-10' }))
  expect(totals['rows']).toBeGreaterThan(0)
})

it('both encodings ask the same: a request sent in one is repeated in the other', async () => {
  const bill = billOf('A3', 'both', 120)
  const first = await (await town.login()).ask('both', 'settle', { bill })
  const client = await town.login('terminal-H', 'qingfen.v1.msgpack')
  const second = await client.ask('both', 'settle', { bill })
  expect(second).toEqual({ ...first, repeat: true })
})

it('inline records are sent to a client that asks for them', async () => {
  const client = await town.connect('qingfen.v1.msgpack')
  const credential = town.credential('terminal-H')
  await client.ask('h', 'hello', { credential, records: true })
  await client.ask('r-1', 'quote', { bill: billOf('A4', 'records', 120) })
  const plain = await town.login('terminal-H', 'qingfen.v1.msgpack')
  await plain.ask('r-1', 'quote', { bill: billOf('A4', 'records', 120) })
  expect(client.received.at(-1)).toEqual(plain.received.at(-1))
  const [records = Buffer.alloc(0)] = client.bytes.slice(-1)
  expect(records.includes(Buffer.from([0xd4, 0x72, 0x40]))).toBe(true)
  expect(plain.bytes.at(-1)?.includes(Buffer.from([0xd4, 0x72, 0x40]))).toBe(false)
})

it.each(SUBPROTOCOLS)(
  'a lost answer is the same bytes when it is asked for again on %s',
  async (subprotocol) => {
    const gate = new Gate((operation) => operation === 'settle')
    const served = await ServedTown.open({ before: (engine) => gate.before(engine) })
    const body = { bill: billOf('B1', 'lost', 1_234) }
    const first = await served.login('terminal-H', subprotocol)
    first.send('lost-1', 'settle', body)
    await gate.holds(1)
    first.lose()
    gate.letGo()
    await first.closed
    expect(first.received.map(({ id }) => id)).toEqual(['hello'])
    const ends: Buffer[] = []
    for (const repeat of [1, 2]) {
      const again = await served.login('terminal-H', subprotocol)
      again.send('lost-1', 'settle', body)
      await gate.holds(1)
      gate.letGo()
      const reply = await again.reply('lost-1')
      expect([repeat, reply.repeat, reply.answer?.['state']]).toEqual([repeat, true, 'settled'])
      ends.push(again.bytes.at(-1) ?? Buffer.alloc(0))
    }
    expect(ends[0]?.equals(ends[1] ?? Buffer.alloc(0))).toBe(true)
    expect(served.town.splits()).toHaveLength(1)
    await served.close()
  },
)

it('the answer of a repeat has the bytes of the first answer', async () => {
  for (const subprotocol of SUBPROTOCOLS) {
    const client = await town.login('terminal-H', subprotocol)
    const body = { bill: billOf('B2', `bytes-${subprotocol}`, 777) }
    client.send(`bytes-${subprotocol}`, 'settle', body)
    await client.reply(`bytes-${subprotocol}`)
    const first = client.bytes.at(-1) ?? Buffer.alloc(0)
    const other = await town.login('terminal-H', subprotocol)
    await other.ask(`bytes-${subprotocol}`, 'settle', body)
    const second = other.bytes.at(-1) ?? Buffer.alloc(0)
    const member = Buffer.from('settlement')
    const from = first.indexOf(member)
    expect(from).toBeGreaterThan(0)
    expect(second.subarray(second.indexOf(member)).equals(first.subarray(from))).toBe(true)
  }
})

it('answers come as they are ready, each with its id', async () => {
  const gate = new Gate((_, requestId) => requestId === 'slow')
  const served = await ServedTown.open({ before: (engine) => gate.before(engine) })
  const client = await served.login()
  client.send('slow', 'quote', { bill: billOf('A5', 'slow', 100) })
  await gate.holds(1)
  await client.ask('fast', 'quote', { bill: billOf('A6', 'fast', 100) })
  expect(client.received.map(({ id }) => id)).toEqual(['hello', 'fast'])
  gate.letGo()
  expect((await client.reply('slow')).ok).toBe(true)
  await served.close()
})

it('a client that has gone is not written to', async () => {
  const gate = new Gate((operation) => operation === 'settle')
  const served = await ServedTown.open({ before: (engine) => gate.before(engine) })
  const client = await TerminalClient.login(served.server.port, served.credential('terminal-H'))
  for (let index = 0; index < 20; index += 1) {
    client.send(`gone-${index}`, 'settle', { bill: billOf(`A${index}`, `gone-${index}`, 100) })
  }
  await gate.holds(20)
  await client.close()
  gate.letGo()
  const other = await served.login()
  const found = await other.ask('find', 'find', { person: 'A19', day: '2024-06-10' })
  expect(found.ok).toBe(true)
  await served.close()
  expect(served.town.splits()).toHaveLength(20)
})

it('requests sent on two connections at once, on threads, are each settled once', async () => {
  const served = await ServedTown.open({ workers: 2, limits: { inFlightPerTerminal: 1_000 } })
  const json = await served.login()
  const msgpack = await served.login('terminal-H', 'qingfen.v1.msgpack')
  const ids = Array.from({ length: 150 }, (_, index) => `twice-${index}`)
  for (const [index, id] of ids.entries()) {
    const body = { bill: billOf(`${'ABG'[index % 3]}${index % 20}`, id, 50 + index) }
    json.send(id, 'settle', body)
    msgpack.send(id, 'settle', body)
  }
  for (const id of ids) {
    const replies = [await json.reply(id), await msgpack.reply(id)]
    expect(replies.map(({ ok }) => ok)).toEqual([true, true])
    expect(replies.filter(({ repeat }) => repeat === true)).toHaveLength(1)
    expect(replies[1]?.answer).toEqual(replies[0]?.answer)
  }
  expect(served.town.splits()).toHaveLength(ids.length)
  await served.close()
})

it('a log says nothing of a patient, a bill or a request', async () => {
  const served = await ServedTown.open()
  const client = await served.login()
  const bill = billOf('B7', 'secret-stay', 300)
  const settled = await client.ask('secret-id', 'settle', { bill })
  await client.ask('secret-find', 'find', { person: 'B7', day: '2024-06-10' })
  await client.ask('secret-wrong', 'settle', { bill: { ...bill, person: { id: 'B7', x: 'y' } } })
  await client.ask('secret-unknown', 'explain', { settlement: 'S000000999999' })
  await client.ask('secret-role', 'supplement', { person: 'B7' })
  await client.ask('secret-back', 'reverse', { settlement: settled.answer?.['settlement'] })
  await served.close()
  const log = JSON.stringify(served.log)
  expect(log).toContain('SETTLEMENT_UNKNOWN')
  expect(log).toContain('OPERATION_NOT_YOURS')
  const [, secret = ''] = served.credential('terminal-H').split('.')
  for (const private_ of ['B7', '检查', 'secret-', 'S0000', secret]) {
    expect([private_, log.includes(private_)]).toEqual([private_, false])
  }
})
