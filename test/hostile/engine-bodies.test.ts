import { expect, test } from 'vitest'
import { takeRequest } from '../../src/engine/take-request.ts'
import type { Encoding } from '../../src/engine/request.ts'
import { encode, encodePlain } from '../../src/protocol/codec.ts'

const fingerprint = (body: unknown, encoding: Encoding = 'json'): string => {
  const taken = takeRequest({ operation: 'settle', hospital: 'H', requestId: 'R', body, encoding })
  return taken.ok ? taken.value.fingerprint : taken.problems.map(({ code }) => code).join(' ')
}
const json = (text: string) => fingerprint(Buffer.from(text))
const msgpack = (...bytes: readonly number[]) => fingerprint(Uint8Array.from(bytes), 'msgpack')

test('the same content in any encoding and number form is one request', () => {
  const body = { bill: { total: 4.5, lines: [{ id: 'a' }, { id: 'b' }], zero: 0, whole: 10 } }
  const one = fingerprint(body)
  expect(fingerprint(encode(body), 'msgpack')).toBe(one)
  expect(fingerprint(encodePlain(body), 'msgpack')).toBe(one)
  const rest = '"lines":[{"id":"a"},{"id":"b"}]'
  expect(json(`{"bill":{"total":4.5,${rest},"zero":0,"whole":10}}`)).toBe(one)
  expect(json(`{"bill":{"total":4.500,${rest},"zero":-0.0,"whole":10.0}}`)).toBe(one)
  expect(json(`{"bill":{"total":4.5,${rest},"zero":0,"whole":1}}`)).not.toBe(one)
})

test('ids that a decoder would make the same are refused', () => {
  const text = (byte: number) => Buffer.concat([Buffer.from('{"a":"'), Buffer.of(byte, 0x22, 0x7d)])
  expect(fingerprint(text(0xff))).toBe('REQUEST_MALFORMED')
  expect(fingerprint(text(0xfe))).toBe('REQUEST_MALFORMED')
  expect(fingerprint({ a: 2 ** 53 })).toBe('REQUEST_MALFORMED')
  // { a: 2^53 + 1 } as a 64-bit whole number
  expect(msgpack(0x81, 0xa1, 0x61, 0xcf, 0, 0x20, 0, 0, 0, 0, 0, 1)).toBe('REQUEST_MALFORMED')
  expect(json('{"a":9007199254740993}')).not.toBe(json('{"a":9007199254740992}'))
})

test('malformed MessagePack is refused, and what is decoded after it is not changed by it', () => {
  const good = { a: [{ b: 1 }, { b: 2 }] }
  const one = fingerprint(good)
  const repeated = (bytes: readonly number[], times: number) =>
    Uint8Array.from(Array.from({ length: times }, () => bytes).flat())
  for (const bytes of [
    repeated([0x91], 100_000),
    repeated([0xdd, 0x01, 0xff, 0xff, 0xff], 200),
    repeated([0xdf, 0xff, 0xff, 0xff, 0xff], 200),
    repeated([0xdb, 0xff, 0xff, 0xff, 0xff], 1),
    ...Array.from({ length: 256 }, (_, kind) => Uint8Array.of(0xd6, kind, 1, 2, 3, 4)),
    ...Array.from({ length: 256 }, (_, kind) => Uint8Array.of(0xc7, 5, kind, 0, 0, 0, 0, 9)),
  ]) {
    expect(fingerprint(bytes, 'msgpack'), Buffer.from(bytes.slice(0, 9)).toString('hex')).toBe(
      'REQUEST_MALFORMED',
    )
    expect(fingerprint(encode(good), 'msgpack')).toBe(one)
  }
})
