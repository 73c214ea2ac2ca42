import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERROR_TRAITS } from '../../src/errors/codes.ts'
import { encode, encodePlain } from '../../src/protocol/codec.ts'
import { wrongBinaries, wrongTexts, type Message } from './malformed-frames.ts'
import { ServedTown } from './served-town.ts'
import { codesOf, TerminalClient, type Received, type Subprotocol } from './terminal-client.ts'

const TEXTS = wrongTexts(900)
const BINARIES = wrongBinaries(900)

let served: ServedTown
beforeAll(async () => {
  served = await ServedTown.open()
})
afterAll(async () => {
  await served.close()
})

/** Every message gets an answer, or the connection ends with a code of the table. */
async function everyOneIsAnswered(
  messages: readonly Message[],
  subprotocol: Subprotocol,
): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>()
  const note = (name: string) => outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
  const credential = served.credential('terminal-H')
  const open = async () => TerminalClient.login(served.server.port, credential, subprotocol)
  let client = await open()
  for (const { bytes, isBinary } of messages) {
    const before = client.received.length
    client.socket.send(bytes, { binary: isBinary })
    const reply = await client.first((frame) => isNew(client, frame, before))
    for (const code of codesOf(reply)) {
      expect(Object.keys(ERROR_TRAITS)).toContain(code)
      note(code)
    }
    if (reply.ok === true) note('answered')
    if (reply.id !== null) continue
    expect(await client.closed).toEqual({ code: 4000, reason: 'FRAME_MALFORMED' })
    client = await open()
  }
  expect((await client.ask('alive', 'ping', {})).ok).toBe(true)
  client.lose()
  return outcomes
}

function isNew(client: TerminalClient, frame: Received, before: number): boolean {
  return client.received.indexOf(frame) >= before
}

describe('malformed frames', () => {
  it(`${TEXTS.length} of JSON are each answered with a code`, async () => {
    const outcomes = await everyOneIsAnswered(TEXTS, 'qingfen.v1.json')
    expect(outcomes.get('JSON_MALFORMED')).toBeGreaterThan(100)
    expect(outcomes.get('JSON_TOO_DEEP')).toBe(2)
    expect(outcomes.get('JSON_KEY_FORBIDDEN')).toBeGreaterThan(0)
    expect(outcomes.get('JSON_KEY_REPEATED')).toBeGreaterThan(0)
    expect(outcomes.get('DEFECT')).toBeUndefined()
  })

  it(`${BINARIES.length} of MessagePack are each answered with a code`, async () => {
    const outcomes = await everyOneIsAnswered(BINARIES, 'qingfen.v1.msgpack')
    expect(outcomes.get('FRAME_MALFORMED')).toBeGreaterThan(100)
    expect(outcomes.get('OPERATION_UNKNOWN')).toBeGreaterThan(0)
    expect(outcomes.get('DEFECT')).toBeUndefined()
  })

  it('are more than 2,000', () => {
    expect(TEXTS.length + BINARIES.length).toBeGreaterThan(2_000)
  })

  const PING = { id: '1', op: 'ping', body: {} }
  it.each([
    ['text on MessagePack', 'qingfen.v1.msgpack', JSON.stringify(PING), false],
    ['MessagePack on JSON', 'qingfen.v1.json', encodePlain(PING), true],
    ['JSON in a binary message', 'qingfen.v1.json', Buffer.from(JSON.stringify(PING)), true],
  ] as const)('%s is no frame', async (_, subprotocol, bytes, isBinary) => {
    const client = await served.login('terminal-H', subprotocol)
    client.socket.send(bytes, { binary: isBinary })
    expect(codesOf(await client.reply(null))).toEqual(['FRAME_MALFORMED'])
    expect((await client.closed).code).toBe(4000)
  })

  it('that are not Unicode are refused, not repaired', async () => {
    const client = await served.login('terminal-H', 'qingfen.v1.json')
    client.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false })
    const { code } = await client.closed
    expect([1006, 1007, 4000]).toContain(code)
  })

  it('do not lend their records to the next message', async () => {
    const mine = await served.login('terminal-H', 'qingfen.v1.msgpack')
    mine.socket.send(encode({ id: 'mine', op: 'ping', body: {} }))
    expect((await mine.reply('mine')).ok).toBe(true)
    // The record that the message before defined, now without its definition.
    const definition = encode({ id: 'mine', op: 'ping', body: {} })
    const other = await served.login('terminal-K', 'qingfen.v1.msgpack')
    const bare = Buffer.from([
      0x40,
      0xa5,
      ...Buffer.from('other'),
      0xa4,
      ...Buffer.from('ping'),
      0x80,
    ])
    expect(definition.subarray(0, 3)).toEqual(Buffer.from([0xd4, 0x72, 0x40]))
    other.socket.send(bare)
    expect(codesOf(await other.reply(null))).toEqual(['FRAME_MALFORMED'])
  })

  it('before hello close at once', async () => {
    const client = await served.connect()
    client.sendFrame({ id: 'x', op: 'nothing', body: {} })
    expect(codesOf(await client.reply('x'))).toEqual(['OPERATION_UNKNOWN'])
    expect(await client.closed).toEqual({ code: 4000, reason: 'FRAME_MALFORMED' })
  })

  it('leave nothing of what they say in the log', () => {
    const log = JSON.stringify(served.log)
    expect(served.log.length).toBeGreaterThan(0)
    for (const secret of ['hostile', 'A1', '检查', served.credential('terminal-H')]) {
      expect(log).not.toContain(secret)
    }
  })
})
