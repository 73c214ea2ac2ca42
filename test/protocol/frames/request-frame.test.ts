import { describe, expect, it } from 'vitest'
import { encode, encodePlain } from '../../../src/protocol/codec.ts'
import { ERROR_TRAITS, type ErrorCode } from '../../../src/errors/codes.ts'
import { closeCodeOf } from '../../../src/protocol/frames/close-code.ts'
import { SERVER_CODES } from '../../../src/errors/server-codes.ts'
import { readRequestFrame } from '../../../src/protocol/frames/request-frame.ts'
import { chosenSubprotocol } from '../../../src/protocol/frames/subprotocols.ts'
import { answerFrame } from '../../../src/protocol/frames/reply-frame.ts'
import { writeFrame } from '../../../src/protocol/frames/write-frame.ts'

const GOOD = { id: 'R-1', op: 'settle', body: { bill: { amount: 4.5 } } }

function json(text: string) {
  return readRequestFrame(Buffer.from(text, 'utf8'), 'json')
}

describe('a request frame', () => {
  it('is read from JSON with its numbers as they are written, shortened', () => {
    const text =
      '{"id":"R-1","op":"settle","body":{"amount":4.50,"whole":90071992547409.91,"many":1e400}}'
    expect(json(text)).toEqual({
      ok: true,
      frame: {
        id: 'R-1',
        op: 'settle',
        body: { amount: '4.5', whole: '90071992547409.91', many: '1e400' },
      },
    })
  })

  it.each([
    ['plain maps', encodePlain],
    ['inline records', encode],
  ])('is read from MessagePack with %s', (_, write) => {
    expect(readRequestFrame(write(GOOD), 'msgpack')).toEqual({ ok: true, frame: GOOD })
  })

  it.each([
    ['a list', []],
    ['nothing', null],
    ['a text', 'settle'],
    ['no id', { op: 'ping', body: {} }],
    ['an empty id', { ...GOOD, id: '' }],
    ['an id with a blank', { ...GOOD, id: 'a b' }],
    ['an id of 65 characters', { ...GOOD, id: 'x'.repeat(65) }],
    ['an id that is no ASCII', { ...GOOD, id: '编号' }],
    ['an id that is a list', { ...GOOD, id: ['R-1'] }],
  ])('that is %s has no id to answer to', (_, frame) => {
    const refused = { ok: false, id: undefined, problems: [{ code: 'FRAME_MALFORMED' }] }
    expect(json(JSON.stringify(frame))).toMatchObject(refused)
    expect(readRequestFrame(encodePlain(frame), 'msgpack')).toMatchObject(refused)
  })

  it.each([
    ['a member too many', { ...GOOD, hospital: 'K' }, 'FRAME_MALFORMED', ''],
    ['no operation', { id: 'R-1', body: {} }, 'FRAME_MALFORMED', 'op'],
    ['an operation that is a list', { ...GOOD, op: ['settle'] }, 'FRAME_MALFORMED', 'op'],
    ['an unknown operation', { ...GOOD, op: 'Settle' }, 'OPERATION_UNKNOWN', 'op'],
    ['a word every object has', { ...GOOD, op: 'constructor' }, 'OPERATION_UNKNOWN', 'op'],
    ['no body', { id: 'R-1', op: 'ping' }, 'FRAME_MALFORMED', 'body'],
    ['a body that is nothing', { ...GOOD, body: null }, 'FRAME_MALFORMED', 'body'],
    ['a body that is a list', { ...GOOD, body: [] }, 'FRAME_MALFORMED', 'body'],
    ['a body that is text', { ...GOOD, body: '{}' }, 'FRAME_MALFORMED', 'body'],
  ])('with %s is refused under its id', (_, frame, code, where) => {
    const refused = { ok: false, id: 'R-1', problems: [{ code, where }] }
    expect(json(JSON.stringify(frame))).toMatchObject(refused)
    expect(readRequestFrame(encodePlain(frame), 'msgpack')).toMatchObject(refused)
  })

  it('whose body is a date of MessagePack is refused', () => {
    const head = encodePlain({ id: 'R-1', op: 'ping', body: 0 })
    const bytes = Buffer.concat([head.subarray(0, -1), Buffer.from([0xd6, 0xff, 0, 0, 0, 1])])
    expect(readRequestFrame(bytes, 'msgpack')).toMatchObject({
      ok: false,
      id: 'R-1',
      problems: [{ code: 'FRAME_MALFORMED', where: 'body' }],
    })
  })

  it('whose text is no UTF-8 is refused, not repaired', () => {
    const bytes = encodePlain({ id: 'R-1', op: 'quote', body: { name: ['张三'] } })
    const at = Buffer.from(bytes).indexOf('张三')
    const refused = { ok: false, id: 'R-1', problems: [{ code: 'FRAME_MALFORMED', where: 'body' }] }
    // 张三 in GBK, and bytes that begin no character, in place of its six bytes.
    for (const others of [
      [0xd5, 0xc5, 0xc8, 0xfd, 0x20, 0x20],
      [0xff, 0xfe, 0x80, 0x80, 0x20, 0x20],
    ]) {
      const spoilt = Buffer.from(bytes)
      spoilt.set(others, at)
      expect(readRequestFrame(spoilt, 'msgpack')).toMatchObject(refused)
    }
    const key = Buffer.from(encodePlain({ id: 'R-1', op: 'quote', body: { abc: 1 } }))
    key.set([0xff], key.indexOf('abc'))
    expect(readRequestFrame(key, 'msgpack')).toMatchObject(refused)
  })

  it('whose text has a replacement character of its own is read as it is', () => {
    const body = { name: 'a\uFFFDb\uFFFD', lines: ['\uFFFD'] }
    const frame = { id: 'R-1', op: 'quote', body }
    expect(readRequestFrame(encodePlain(frame), 'msgpack')).toEqual({ ok: true, frame })
    expect(json(JSON.stringify(frame))).toEqual({ ok: true, frame })
  })

  it('takes an id of 64 characters, the longest', () => {
    const id = '~'.repeat(64)
    expect(json(JSON.stringify({ id, op: 'ping', body: {} }))).toMatchObject({ ok: true })
  })
})

describe('a subprotocol', () => {
  it.each([
    ['qingfen.v1.json', 'qingfen.v1.json'],
    ['other, qingfen.v1.msgpack,qingfen.v1.json', 'qingfen.v1.msgpack'],
    ['', undefined],
    ['qingfen.v1', undefined],
    ['QINGFEN.V1.JSON', undefined],
  ])('of "%s" is %s', (header, chosen) => {
    expect(chosenSubprotocol(header)).toBe(chosen)
  })
})

it('a repeat ends with the bytes of the first answer, in every encoding', () => {
  const answer = { settlement: 'S000000000001', at: 1_717_992_000_000, lines: [['1', 2, []]] }
  for (const encoding of ['json', 'msgpack', 'records'] as const) {
    const first = Buffer.from(writeFrame(answerFrame('R', false, answer), encoding))
    const again = Buffer.from(writeFrame(answerFrame('R', true, answer), encoding))
    const from = (bytes: Buffer) => bytes.subarray(bytes.indexOf('settlement'))
    expect([encoding, from(again).equals(from(first))]).toEqual([encoding, true])
    expect(again.equals(first)).toBe(false)
  }
})

it('every code of the server closes in the range the standard leaves to applications', () => {
  for (const code of Object.keys(SERVER_CODES) as ErrorCode[]) {
    expect(closeCodeOf(code)).toBe(ERROR_TRAITS[code].wire + 3_000)
    expect(closeCodeOf(code)).toBeGreaterThanOrEqual(4_000)
    expect(closeCodeOf(code)).toBeLessThan(5_000)
  }
  expect(closeCodeOf('ENGINE_STOPPING')).toBe(1_001)
})
